"""Says which Latin letter a character looks like: other scripts, fancy letters, emoji letters.

Shapes after Unicode's confusables (UTS 39), and what generators of "fancy text" use besides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from pickled.language.tables import heads, pairs
from pickled.patterns import on_first_use, pattern

SYMBOLS = "@$!|+€£¢¥#^§"
"""Symbols that are read as letters within a word; the code for l or i is `|`."""

EITHER = "ǀ"
"""Stands for a letter that is as well an i as an l."""

STARS = "*•●■█▪∗"
"""What stands for a letter that somebody left out."""

QUOTES = "'’`´ʼ＇"
"""What may be an apostrophe."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")
_BLANK = "\u2800"
SECOND_LATIN = {"ß": ("b", r"(?<![aeiouyäöü])ß|ß(?=ß)"), "ł": ("i", "[łŁ]")}
"""The same for letters that are Latin already, and where they may be: not in honest words."""

MONEY = pattern("[$£€¥₠-⃀]")
"""Only beside such signs is a Polish letter suspicious."""


@on_first_use
def _shapes() -> Mapping[str, Mapping[str, str]]:
    """What stands under each head of `lookalikes.txt`: character → letter."""
    table = "moderation/lookalikes"
    return {head: dict(pairs(table, head)) for head in heads(table)}


def _of(head: str) -> Callable[[], Mapping[str, str]]:
    return on_first_use(lambda: _shapes()[head])


_single, _same, _like, _faux = _of("single"), _of("same"), _of("like"), _of("shape")
_capitals, _foreign, _headlong = _of("capitals"), _of("foreign"), _of("headlong")
second = _of("second")
"""The other Latin letter that one is used for in words of several scripts: by sound, by shape."""

_TURNED = pattern(r"LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL )?TURNED ([A-Z])\b")
_NAMED = pattern(
    r"(?:LATIN|REGIONAL INDICATOR SYMBOL|SQUARED|CIRCLED|PARENTHESIZED)"
    r"(?: (?:SUBSCRIPT|LETTER|SMALL|CAPITAL|LIGATURE|LATIN|NEGATIVE|CROSSED|INVERTED|REVERSED"
    r"|TURNED|SIDEWAYS|DOTLESS|CLOSED|SCRIPT|BARRED|LONG|STRETCHED|INSULAR|MIDDLE-WELSH"
    r"|EPIGRAPHIC|TOPBAR|OPEN|BLACKLETTER|BETA|EGYPTOLOGICAL|VOLAPUK|GLOTTAL))*"
    r" ([A-Z])(?: (?:WITH|BAR|ROTUNDA|REVERSED).*)?"
)


@lru_cache(maxsize=16_384)
def folded(character: str) -> str:
    """A character without case, width, style and (Latin, Greek, Cyrillic) marks; "" drops it.

    Emoji letters and letters of the Latin script become a to z; other scripts stay themselves.
    """
    if character.isascii():
        return character.lower() if character.isprintable() else " " * character.isspace()
    if character.isspace() or character == _BLANK:
        return " "
    if character in _FILLERS or (category := unicodedata.category(character)) in _DROPPED:
        return ""
    if named := _single().get(character) or _single().get(character.casefold()):
        return named
    if category[0] == "M":
        return "" if category == "Me" or _is_decoration(character) else character
    compatible = unicodedata.normalize("NFKC", character)
    if compatible != character:
        return "".join(map(folded, compatible))
    if category == "Nd":
        return _foreign().get(character) or str(unicodedata.digit(character))
    if letter := _NAMED.fullmatch(_name(character)):
        return letter[1].lower()
    bare = unicodedata.normalize("NFD", character)
    if len(bare) > 1 and script(bare[0]) in _MARKED:
        return "".join(map(folded, bare[0]))
    return character if character in _capitals() or character in _faux() else character.casefold()


def _is_decoration(mark: str) -> bool:
    """Is it a mark of no script? Those of kana are letters."""
    name = unicodedata.name(mark, "")
    return name.startswith(("COMBINING", "VARIATION")) and "KATAKANA" not in name


def _name(character: str) -> str:
    name = unicodedata.name(character, "")
    return name.replace("NEGATIVE CIRCLED", "CIRCLED").replace("NEGATIVE SQUARED", "SQUARED")


SHAPES = frozenset({"CHEROKEE", "LISU", "COPTIC", "CANADIAN", "RUNIC", "TIFINAGH"})
"""Scripts that hardly anybody in chat writes, so that all that is of them is decoration."""

_MARKED = frozenset({"LATIN", "GREEK", "CYRILLIC"})


@lru_cache(maxsize=16_384)
def script(character: str) -> str:
    """The first word of a character's Unicode name, which is its script's; ASCII is LATIN."""
    return "LATIN" if character.isascii() else unicodedata.name(character, "").partition(" ")[0]


def bears_marks(character: str) -> bool:
    """Are marks on it decoration? In Hindi or Thai they are letters."""
    return not character.isalpha() or script(character) in _MARKED


def in_word_of_one_script(letter: str) -> str | None:
    """The Latin letter that a folded letter is nearly always taken for, None: it is its own."""
    return _same().get(letter) or _like().get(letter) or _capitals().get(letter)


def same_shape(letter: str) -> bool:
    """Can nobody tell it from the Latin letter, also as a small one?"""
    return letter in _same()


def in_mixed_word(letter: str) -> str | None:
    """The Latin letter that a folded letter stands for beside letters of other scripts."""
    return in_word_of_one_script(letter) or _faux().get(letter) or _foreign().get(letter)


@lru_cache(maxsize=16_384)
def is_turned(character: str) -> bool:
    """Does the letter stand on its head?"""
    if character.isascii():
        return False
    return character in _ONLY_TURNED or "TURNED" in unicodedata.name(character, "")


def own_letter(letter: str) -> str:
    """A folded letter that is not taken for a Latin one, in its small form."""
    return letter.casefold()


@lru_cache(maxsize=4_096)
def turned(character: str) -> str:
    """The letter that a turned one is when the text stands on its head; else itself, folded."""
    found = _TURNED.match(unicodedata.name(character, ""))
    return found[1].lower() if found else _headlong().get(character) or folded(character)


_ONLY_TURNED = frozenset("ɟƃɓן")
"""Letters under `[headlong]` that hardly any language uses."""
