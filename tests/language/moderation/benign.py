"""Honest lines for the gate: written by hand, and put together from what chat is made of."""

from __future__ import annotations

import codecs
import random
from itertools import product
from pathlib import Path

CORPORA = Path(__file__).parents[2] / "corpora"

SHORT_WORDS = (
    "flix", "zub", "ass", "tar", "cop", "pen", "hell", "rat", "tit", "cum", "nob", "gan", "ush",
    "lep", "rag", "ank", "ore", "wop", "grub", "vimz", "krox", "dolt", "eth", "igg", "oon",
    "ike", "flarnox", "grubdok", "skrelb",
)  # fmt: skip
"""A lexicon of short words: invented ones, and parts of common words."""

_PEOPLE = (
    "Mia", "José", "Zoë", "Anna", "Bill", "Siobhán", "Jürgen", "Łukasz", "Nguyễn", "O'Neill",
    "Hancock", "Björk", "xX_Neo_Xx", "user_4821", "Cassandra", "van der Berg",
)  # fmt: skip
_PLACES = (
    "Shibuya", "Penistone", "the tower", "Scunthorpe", "Sussex", "Kraków", "São Paulo",
    "the station", "Essex", "a ramen shop", "Titisee", "Basel",
)  # fmt: skip
_THINGS = (
    "glasses", "a classic", "the compass", "grapes", "a cocktail", "the target", "a guitar",
    "an open door", "the start", "shellfish", "a document", "a bassoon", "the title",
)  # fmt: skip
_LINES = (
    "hey {person}, where are you now?", "{person} is near {place}", "I like {thing} in {place}",
    "is that {thing}, {person}?", "{place} at {time} please", "{thing} for {price}!",
    "gg {score}, {person}", "{person}: {thing} > {number}", "we'll be at {place} by {time}",
    "that's {number} {unit}", "lol {thing}??? {person}...", "{code} works on my machine",
    "she's seen {thing}; he'll see {place}", "SO GOOD {person} {emote} {emote}",
    "I'd say {score} or {number}", "what a view of {place}!!", "is {thing} worth {price}?",
)  # fmt: skip
_TIMES = ("7am", "19:45", "5 pm", "12:00:30", "half past 3", "8:05", "noon")
_PRICES = ("$5", "€4.50", "1,000 yen", "£20", "¥5000", "20€", "$1.2k", "99 cents", "10 000 kr")
_SCORES = ("3-1", "2:0", "24/7", "8.5/10", "4x4", "2v2", "1v5", "5th", "1st", "90+3", "6-4 7-5")
_NUMBERS = (
    "10k", "4K60", "1080p", "0.5", "-12", "1e6", "3.14", "#1", "60fps", "5'11", "99%", "2nd",
)  # fmt: skip
_UNITS = ("km", "mph", "MB/s", "°C", "subs", "viewers", "bits", "seconds", "cm²", "hp")
_CODES = (
    "foo.bar()", "snake_case_name", "git commit -m x", "a[i] += b[j]", "std::vector<int>",
    "C3PO", "x86_64", "i7-9700K", "RTX4090", "python3.11", "v1.2.3-rc1", "sha256:9f86",
    "getUserName()", "np.array([1,2])", "COVID-19", "b2b", "k8s", "H2O", "MP3", "PS5", "0x1F",
    "a != b && c", "#include <map>", "ls -la | wc", "i18n", "C++", "R2-D2", "GTA5",
)  # fmt: skip
_EMOTES = (
    "PogChamp", "KEKW", "LUL", "monkaS", "catJAM", "PepeHands", ":)", "<3", "xD", "O_o", "😂",
    "🇺🇸", "❤️", "👨‍👩‍👧", "¯\\_(ツ)_/¯", "OMEGALUL", "5Head", "W", "F", "L",
)  # fmt: skip


def lines(*, seed: int = 4, most: int = 4_000) -> list[str]:
    """All written lines, and as many put together as make `most`."""
    written = [*written_lines("benign_words.txt"), *written_lines("benign_languages.txt")]
    written += written_lines("honest_chat.txt")
    for name in ("benign_words.rot13", "benign_attack.rot13"):
        written += codecs.decode((CORPORA / name).read_text("utf-8"), "rot13").splitlines()
    dice = random.Random(seed)
    made = {_made(line, dice) for line, _ in product(_LINES, range(600))}
    return list(dict.fromkeys([*written, *sorted(made)]))[:most]


def written_lines(name: str) -> list[str]:
    """A corpus file's lines without comments."""
    text = (CORPORA / name).read_text(encoding="utf-8")
    return [each for each in text.splitlines() if each and not each.startswith("# ")]


def _made(line: str, dice: random.Random) -> str:
    for name, choices in (
        ("person", _PEOPLE), ("place", _PLACES), ("thing", _THINGS), ("time", _TIMES),
        ("price", _PRICES), ("score", _SCORES), ("number", _NUMBERS), ("unit", _UNITS),
        ("code", _CODES), ("emote", _EMOTES),
    ):  # fmt: skip
        while f"{{{name}}}" in line:
            line = line.replace(f"{{{name}}}", dice.choice(choices), 1)
    return line
