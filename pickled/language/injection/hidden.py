"""Finds in what is spoken what was written backwards, rotated, or in the initials of words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pickled.language.injection.comparable import letters_of
from pickled.language.injection.disguise import rotated

GLUED = 11
"""So many letters in a row are somebody's, where gaps can't be trusted."""

_GRAM = 8
"""Letters; with one at every fourth place, each run of `GLUED` has one of them whole."""
_STEP = 4
_VARIOUS = 5
"""Different letters in a gram; laughter reads backwards as it reads forwards."""
_INITIALS = 9


@dataclass(frozen=True, slots=True)
class Hidden:
    """The letters of many lines."""

    grams: frozenset[str]
    initials: str
    """Of all words, line by line."""


def hidden(texts: Iterable[str]) -> Hidden:
    """Index of the letters of all texts, each of them `plain`."""
    grams: set[str] = set()
    initials: list[str] = []
    for text in texts:
        glued = letters_of(text)
        for at in range(0, len(glued) - _GRAM + 1, _STEP):
            grams.add(glued[at : at + _GRAM])
        initials.append(letters_of("".join([each[0] for each in text.split()])))
    various = frozenset(each for each in grams if len(set(each)) >= _VARIOUS)
    return Hidden(various, "\n".join(initials))


def is_hidden(said: str, known: Hidden) -> bool:
    """Whether letters that are spoken were written backwards, rotated, both, or as initials."""
    turned = rotated(said)
    for text in (said[::-1], turned, turned[::-1]):
        for at in range(len(text) - _GRAM + 1):
            if text[at : at + _GRAM] in known.grams:
                return True
    return any(
        said[at : at + _INITIALS] in known.initials for at in range(len(said) - _INITIALS + 1)
    )
