"""The rules of discreet mode: questions after places, ways to tell one, signs, scenes, trains."""

from __future__ import annotations

from collections.abc import Iterator

from pickled.language.privacy import gazetteer
from pickled.language.privacy.place_patterns import PATTERNS
from pickled.language.privacy.place_words import (
    ABROAD,
    IDIOMS,
    NO_PLACE,
    OTHER_SCRIPTS,
    PLACE,
    PLACE_WEAK,
    POINTS,
    SEEN,
    WHICH,
)
from pickled.language.privacy.spots import Spot, choices

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
_OTHER_PLACES = choices(r"\bPLACE\b", calm=True, PLACE=OTHER_SCRIPTS)
_CHAIN = "|".join(name.lower().replace("'", "'?") for name in gazetteer.names(gazetteer.CHAINS))
_RULES = {
    rule: choices(
        text,
        calm=True,
        PLACE=PLACE,
        WEAK=PLACE_WEAK,
        SEEN=SEEN,
        ABROAD=ABROAD,
        POINTS=POINTS,
        WHICH=WHICH,
        NOTHING=_NO_THING,
        NOPLACE=rf"(?:{'|'.join(NO_PLACE.split())})\b",
        PEOPLEBENOW=_PEOPLE + _BE + _NOW,
        NOTWHERE=r"(?!where (?:was i|were we|this is going)\b)where",
        MOVE=_MOVE,
        CHAIN=_CHAIN,
        LETTERED=_LETTERED,
    )
    for rule, text in PATTERNS.items()
}


_WITHOUT = choices(IDIOMS, calm=True)


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
    for rule, each in _RULES.items():
        for match in each.finditer(text):
            yield Spot(*match.span(), rule)
