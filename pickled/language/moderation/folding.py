"""Folds a text letter by letter: no case, marks or tricks, and look-alikes read as Latin letters.

For matching only, never for speech. Where each letter came from is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pickled.language.moderation import lookalikes
from pickled.language.moderation.lookalikes import (
    EITHER,
    QUOTES,
    SECOND_LATIN,
    STARS,
    SYMBOLS,
)
from pickled.patterns import pattern

LETTER, DIGIT, SYMBOL, STAR, QUOTE, OTHER, SPACE = "ads*'. "
"""What a folded character is; `Folded.kinds` has one for each."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in lower-case letters without marks and tricks, and where each one came from."""

    text: str
    kinds: str
    at: Sequence[int]
    """The place in the original of each character."""
    source: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from start up to end are in the original."""
        if start >= end:
            return (0, 0)
        following = self.at[end] if end < len(self.at) else len(self.source)
        last = max(following, self.at[end - 1] + 1)  # marks and the like go with their letter
        while last > self.at[end - 1] + 1 and self.source[last - 1].isspace():
            last -= 1
        return self.at[start], last


_ASCII_KINDS = "".join(
    LETTER if each.isalpha()
    else DIGIT if each.isdigit()
    else SPACE if each.isspace()
    else SYMBOL if each in SYMBOLS
    else STAR if each in STARS
    else QUOTE if each in QUOTES
    else OTHER
    for each in map(chr, range(128))
)  # fmt: skip
_CAPITAL_I = pattern(r"(?<=[a-z])I+(?=[a-z])|(?<=[A-Z]{2})l(?=[A-Z])")


def fold(text: str, *, second: frozenset[str] = frozenset()) -> Folded:
    """The text letter by letter; linear in its length, for any text.

    The letters in `second` are read as the other Latin letter that they are also used for.
    """
    for letter in second & SECOND_LATIN.keys():
        by, where = SECOND_LATIN[letter]
        text = re.sub(where, by, text, flags=re.IGNORECASE)
    upright = text if text.islower() else _CAPITAL_I.sub(lambda run: EITHER * len(run[0]), text)
    if upright.isascii() and upright.isprintable():
        return Folded(upright.lower(), upright.translate(_ASCII_KINDS), range(len(text)), text)
    if all(map(_is_one_letter, set(upright))):
        even = upright.translate(_FOLDED)
        kinds = even.translate(_KINDS)
        return Folded(_latin(even, kinds, second), kinds, range(len(text)), text)
    letters, at = _letters(upright)
    loose = "".join(letters)
    kinds = loose.translate(_KINDS)
    return Folded(_latin(loose, kinds, second), kinds, at, text)


def doubtful(text: str) -> frozenset[str]:
    """The letters in words of several scripts that are used for two Latin ones, and some Latin."""
    if text.isascii():
        return frozenset()
    found = SECOND_LATIN.keys() & set(text.lower())
    if "ł" in found and not lookalikes.MONEY.search(text):
        found.discard("ł")
    seen = text.translate(_FOLDED)
    of_two = lookalikes.second().keys()
    if of_two.isdisjoint(seen):
        return frozenset(found)
    for places in _words(seen.translate(_KINDS)):
        word = {seen[place] for place in places}
        if len({lookalikes.script(each) for each in word}) > 1:
            found |= word & of_two
    return frozenset(found)


class ByCharacter(dict[int, str]):
    """A table for `str.translate` that fills itself, and is emptied before it grows large."""

    def __init__(self, of: Callable[[str], str]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, code: int) -> str:
        if len(self) >= _MOST_CHARACTERS:
            self.clear()
        self[code] = found = self._of(chr(code))
        return found


_MOST_CHARACTERS = 16_384
_FOLDED = ByCharacter(lookalikes.folded)


@lru_cache(maxsize=16_384)
def _is_one_letter(character: str) -> bool:
    """Does it fold to one character that is no mark?"""
    seen = _FOLDED[ord(character)]
    return len(seen) == 1 and unicodedata.category(seen)[0] != "M"


def _letters(text: str) -> tuple[list[str], list[int]]:
    """Each character folded, and its place; decoration dropped."""
    letters: list[str] = []
    at: list[int] = []
    marked = True
    for place, character in enumerate(text):
        seen = _FOLDED[ord(character)]
        if not seen:
            continue
        if len(seen) == 1 and unicodedata.category(seen)[0] == "M":
            if marked:
                continue
        else:
            marked = lookalikes.bears_marks(seen[-1])
        letters += seen
        at += [place] * len(seen)
    return letters, at


def kind_of(letter: str) -> str:
    """What a folded character is."""
    if letter.isascii():
        return _ASCII_KINDS[ord(letter)]
    if letter.isalpha() or unicodedata.category(letter)[0] == "M":
        return LETTER
    if letter in SYMBOLS:
        return SYMBOL
    if letter in STARS:
        return STAR
    return QUOTE if letter in QUOTES else OTHER


_KINDS = ByCharacter(kind_of)
_LETTERS = pattern("a+(?:[ds]+a+)*")
_BROKEN = pattern("a+(?:[ds]+a+)+")


def _latin(loose: str, kinds: str, second: frozenset[str]) -> str:
    """The text with look-alikes of Latin letters read as such, where they are not at home."""
    if all(each.isascii() or not each.isalpha() for each in set(loose)):
        return loose
    letters, words = list(loose), _words(kinds)
    home, has_latin = _home(letters, words)
    for places in words:
        word = [letters[place] for place in places]
        scripts = _scripts(word)
        if scripts != {"LATIN"}:
            broken = _BROKEN.fullmatch(kinds, places[0], places[-1] + 1) is not None
            read = _read(word, scripts, home, has_latin=has_latin, broken=broken, second=second)
            for place, letter in zip(places, read, strict=True):
                letters[place] = letter
    return "".join(letters)


def _words(kinds: str) -> list[range | list[int]]:
    """The places of each word's letters; single letters in a row are one word."""
    words: list[range | list[int]] = []
    spelled_out: list[int] = []
    for found in _LETTERS.finditer(kinds):
        if found.end() - found.start() == 1:
            spelled_out.append(found.start())
            continue
        words += _spelled_word(spelled_out)
        spelled_out = []
        letters = [place for place in range(*found.span()) if kinds[place] == LETTER]
        words.append(letters)
    return words + _spelled_word(spelled_out)


def _spelled_word(places: list[int]) -> list[range | list[int]]:
    if len(places) > 2:
        return [places]
    return [range(place, place + 1) for place in places]


def _home(letters: list[str], words: Sequence[Sequence[int]]) -> tuple[set[str], bool]:
    """Scripts that are honestly used: some word of one script has a letter that is only its own."""
    written = [[letters[place] for place in places] for places in words]
    has_latin = any("LATIN" in _scripts(word) for word in written)
    home: set[str] = set()
    for word in written:
        scripts = _scripts(word)
        if len(scripts) == 1 and not _is_taken(word, has_latin=has_latin):
            home |= scripts - lookalikes.SHAPES
    return home, has_latin


def _scripts(word: list[str]) -> set[str]:
    return {lookalikes.script(each) for each in word}


def _is_taken(word: list[str], *, has_latin: bool) -> bool:
    """Would the word of another script be read as a Latin one? Alone, only if nobody can tell."""
    return all(
        lookalikes.in_word_of_one_script(each) if has_latin else lookalikes.same_shape(each)
        for each in word
    )


def _read(
    word: list[str],
    scripts: set[str],
    home: set[str],
    *,
    has_latin: bool,
    broken: bool,
    second: frozenset[str],
) -> list[str]:
    """One word with letters that are not Latin, as it would be taken; broken: by digits."""
    mixed = len(scripts) > 1 or broken or scripts <= lookalikes.SHAPES
    if mixed or (not scripts <= home and _is_taken(word, has_latin=has_latin)):
        other = lookalikes.second()
        taken = [
            (other[each] if each in second else lookalikes.in_mixed_word(each)) or each
            for each in word
        ]
        if all(each.isascii() or each == EITHER for each in taken) or scripts <= _RELATED:
            return taken
    return [lookalikes.own_letter(each) for each in word]


_RELATED = frozenset({"LATIN", "GREEK", "CYRILLIC"})
