"""What a line means by its words: what is the same, what isn't, and what asks."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.language.meaning import asking, words
from pickled.language.meaning import line as module
from pickled.language.meaning.index import ALIKE
from pickled.language.meaning.line import asks, meaning
from pickled.language.meaning.sameness import likeness, most_alike, substitutes
from pickled.language.meaning.spelling import Vocabulary, corrected, slip, stem
from tests.brain.planted import corpus

SAID = [text for each in corpus("dev").clusters.values() for text in each]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("where are you", "wya"),
        ("where r u rn bro", "WHERE ARE YOUUU???"),
        ("what city is this", "location?"),
        ("donde estas", "wo bist du"),
        ("how old are you", "whats ur age"),
        ("no sound", "we cant hear you"),
        ("name of the song?", "what song is this"),
        ("pet the cat", "can you pet that kitty PogChamp"),
        ("are you freezing", "arent you cold"),
        ("wher are you", "where are you"),
        ("https://a.bc/d where are you", "@somebody where are you"),
    ],
)
def test_same_meaning(one: str, other: str) -> None:
    """Abbreviations, slips, languages, emotes, names and links make no difference."""
    assert likeness(meaning(one), meaning(other)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("is it raining", "is it sunny"),
        ("go left", "go right"),
        ("take the train", "take the bus"),
        ("i say 7", "i say 8"),
        ("where are you", "where are you from"),
        ("where are you", "where is the dog"),
        ("how old are you", "how old is that temple"),
        ("what is the dogs name", "what is your name"),
        ("buy the fish", "dont buy the fish"),
        ("what are you eating", "what camera is that"),
        ("are you lost", "he is so lost again"),
        ("that statue", "what state is this"),
    ],
)
def test_other_meaning(one: str, other: str) -> None:
    """A direction, a number, a negation or another thing makes all the difference."""
    assert likeness(meaning(one), meaning(other)) < ALIKE


@pytest.mark.parametrize(
    "text",
    [
        "where are you", "what city is this", "wo bist du", "donde estas", "wya", "bro where r u",
        "is it raining", "can you sing", "anyone know the song", "tell us where you are", "loc",
        "do you have kids", "until when are you live", "どこですか", "u ok?", "how far is it",
    ],
)  # fmt: skip
def test_asks(text: str) -> None:
    """A question needs no question mark, and no English."""
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "what a play", "who cares", "when he falls lol", "how cute", "i know where this is", "nice",
        "go left", "dont buy the fish", "KEKW", "😂", "", "bro is lost", "which is nice",
        "why not",
    ],
)  # fmt: skip
def test_does_not_ask(text: str) -> None:
    """A question word alone makes no question."""
    assert not asks(text)


@pytest.mark.parametrize(
    ("text", "emote"),
    [("KEKW KEKW", "KEKW"), ("kekw", "KEKW"), ("peepoHappy", "peepoHappy"), ("😂😂😂", "😂")],
)
def test_emotes_alone_show_the_emote(text: str, emote: str) -> None:
    """A line of emotes means the first of them, and asks nothing."""
    assert meaning(text).emote == emote


def test_brand_is_no_emote() -> None:
    """Capitals within a word are an emote's, but not those of a telephone."""
    assert "phone" in meaning("iPhone").terms


def test_substitutes() -> None:
    """The same said of two things is recognized, other words for one thing are not."""
    assert substitutes(meaning("order the soup"), meaning("order the stew"))
    assert not substitutes(meaning("order the soup"), meaning("get the soup please"))


def test_slip() -> None:
    """One letter more, less, other, or two exchanged; no more than that."""
    assert all(slip("camera", each) for each in ("camra", "cameraa", "cemera", "caemra"))
    assert not any(slip("camera", each) for each in ("cama", "macera", "camerass"))


def test_corrected_only_when_sure() -> None:
    """A known word, a doubtful one and a word of its own stay as they are."""
    words = Vocabulary(["where", "camera", "state", "train", "trail"])
    assert corrected("camra", words) == "camera"
    assert corrected("whereeee", words) == "where"
    assert [corrected(each, words) for each in ("statue", "trai", "train")] == [
        "statue", "trai", "train",
    ]  # fmt: skip


def test_stem() -> None:
    """Forms of one word have one stem."""
    for forms in ("stop stops stopped stopping", "move moves moved moving", "take takes taking"):
        assert len({stem(each) for each in forms.split()}) == 1


def test_tables_have_no_empty_entries() -> None:
    """Each short word is short for something, each common question is found by its own label."""
    assert all(words._short_for().values())
    for label in set(module._intents().values()):
        assert label[0] in "?!"


@given(st.text(st.characters(), max_size=300))
def test_any_text_has_a_meaning(text: str) -> None:
    """Nothing that somebody types raises, and each text means the same as itself."""
    found = meaning(text)
    assert likeness(found, meaning(text)) == 1.0
    assert found.key


@pytest.mark.parametrize(
    "piece", ["a", "a\u0301", "\ud800", "where ", "a.b/", "?a", "é", "か", "7 "]
)
def test_long_text_is_cut(piece: str) -> None:
    """A text of 100,000 characters means what its beginning does."""
    assert meaning(piece * 100_000) == meaning((piece * 100_000)[:2000])


def test_same_in_every_process() -> None:
    """Keys don't depend on the order in which Python iterates over sets."""
    code = (
        "from pickled.language.meaning.line import meaning;"
        "lines = 'is it not red or blue or 7', 'wya', 'strem';"
        "print(ascii([meaning(each).key for each in lines]))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True, check=True, timeout=50,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1


@given(st.text(st.sampled_from("abдд w wo何o ?") | st.characters(codec="ascii"), max_size=40))
def test_asks_elsewhere_looks_at_the_beginning_of_ascii(text: str) -> None:
    """Only other scripts ask in mid-line without a word of English."""
    found = asking._ELSEWHERE.search(text)
    assert not text.isascii() or bool(found) == bool(asking._ELSEWHERE.match(text))


@given(st.lists(st.sampled_from(SAID), min_size=2, max_size=2))
def test_most_alike_is_never_less_than_the_likeness(texts: list[str]) -> None:
    """So whoever compares may ask for it first."""
    one, other = map(meaning, texts)
    assert one.key == other.key or most_alike(one, other) >= likeness(one, other)


@given(
    st.from_regex(asking._WITHIN.pattern.replace("$", ""), alphabet=st.characters(codec="ascii"))
)
def test_asks_within_has_a_word_for_it(text: str) -> None:
    """Words of a line are letters and digits, with one space between."""
    words = " ".join(re.findall(r"[^\W_]+", text.lower()))
    if asking._WITHIN.search(words):
        assert not asking._ASKS_WITHIN.isdisjoint(words.split())
