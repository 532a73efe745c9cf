"""The rules of discreet mode: questions after places, ways to tell one, signs, scenes, trains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pickled.language.privacy.spots import Spot, choices, choices_of, listed_choices
from pickled.language.tables import any_of, heads, listed
from pickled.patterns import on_first_use, pattern

_PEOPLE = r"(?:he|she|they|we|i|you|u|it|bro|dude|guys?|(?:the )?streamer|everyone|everybody|chat)"
_BE = r"(?:'s|'re|'m|s|'ll be|d| is| are| am| was| were| be| been| will be|re|m| r)?"
_NOW = (
    r"(?: (?:now|right now|still|currently|just|actually|probably|maybe|somewhere|already|not|all"
    r"|back|here|out|live|deep|stuck|lost|literally|definitely|clearly)){0,3}"
)
_MOVE = (
    r"(?:arriv|land|stay|head|walk|liv|eat|drink|sitt|stand|wait|shop|stopp|chill|hang|meet|park"
    r"|film|stream|danc|party|work|driv|rid|cycl|bik|hik|fly|travel|stroll|wander|explor|tour|camp"
    r"|mov|sleep|rest|swimm|surf|ski|born|rais|bas|locat|spott|seen|tak|roll|pull|com|pass|cross|jog|rent|queu)(?:ing|ed|s|en|e)?"
    r"|sat|ate|stood|drove|drive|rode|flew|live|meet|met|lost|stuck|been|stopped|get|got|ran"
)
_NO_THING = (
    r"(?! ?(?:food|fight|cred|smart|perform|musician|art\b|style|rac\w+|wear|photo|trip|rage|wagon"
    r"|game|level|boss|map|mode|tycoon|manager"
    r"|of (?:attack|mind|hearts|gold|course|the art|dishes|tears|thought|fame)"
    r"|number|is (?:low|high|set)"
    r"|raid|in (?:this|the) game))"
)
_LETTERED = r"(?:[a-z]{0,2}[ \-]?\d{1,4}[a-z]?)"

_OTHER_SCRIPTS = choices(
    r"""
    | где (?:он|она|ты|вы|мы|это|они|сеичас|стрим\w*) | в каком городе | в какои стране
    | на какои улице
    | どこ | 何処 | どの(?:街|駅|国) | 어디
    | 哪里 | 哪裡 | 在哪 | 哪儿 | 哪个城市 | 什么地方 | اين | איפה | ที่ไหน
    """,
    calm=True,
)
"""Questions in other scripts."""


def _any_of(head: str) -> str:
    return f"(?:{any_of(listed(_WORDS, head))})"


_WORDS = "privacy/place_words"
_OTHER_PLACES = pattern(lambda: rf"\b(?:{choices_of(_WORDS, 'other scripts', {})})\b")
_WITHOUT = listed_choices(_WORDS, "idioms")


def _parts() -> dict[str, str]:
    """What the names in capitals stand for in `place_patterns.txt`."""
    chains = listed("privacy/gazetteer", "chains")
    return {
        "PLACE": _any_of("place"),
        "WEAK": _any_of("weak"),
        "SEEN": _any_of("seen"),
        "ABROAD": _any_of("abroad"),
        "POINTS": _any_of("points"),
        "WHICH": _any_of("which"),
        "NOTHING": _NO_THING,
        "NOPLACE": rf"{_any_of('no place')}\b",
        "PEOPLEBENOW": _PEOPLE + _BE + _NOW,
        "NOTWHERE": r"(?!where (?:was i|were we|this is going)\b)where",
        "MOVE": _MOVE,
        "CHAIN": any_of(name.lower().replace("'", "'?") for name in chains),
        "LETTERED": _LETTERED,
    }


@on_first_use
def _rules() -> Mapping[str, re.Pattern[str]]:
    parts, table = _parts(), "privacy/place_patterns"
    return {rule: re.compile(choices_of(table, rule, parts)) for rule in heads(table)}


def without_idioms(text: str) -> str:
    """The text with words blanked that sound like a place and tell none; as long as before."""
    return _WITHOUT.sub(lambda idiom: "\0" * len(idiom[0]), text)


def spots(text: str) -> Iterator[Spot]:
    """All that is found in a plain form whose runs of one letter are one letter; linear."""
    if not text.isascii():
        for match in _OTHER_SCRIPTS.finditer(text):
            yield Spot(*match.span(), "question")
        for match in _OTHER_PLACES.finditer(text):
            yield Spot(*match.span(), "place")
    for rule, each in _rules().items():
        for match in each.finditer(text):
            yield Spot(*match.span(), rule)
