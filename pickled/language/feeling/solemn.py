"""Tells which lines are no occasion for a light word: farewells and griefs."""

from __future__ import annotations

from typing import Literal

from pickled.language.tables import listed
from pickled.patterns import on_first_use, pattern

Solemn = Literal["", "farewell", "grief"]

LONGEST = 500
"""Characters of a line that are looked at."""

_APOSTROPHES = pattern("['’`]")
_WORD = pattern(r"\w+")


@on_first_use
def _phrases() -> dict[Solemn, tuple[frozenset[str], int]]:
    """Of each kind, and how many words the longest has."""
    heads: tuple[Solemn, ...] = ("grief", "farewell")
    found = {head: frozenset(listed("feeling/solemn", head)) for head in heads}
    return {head: (each, max(map(_words, each), default=0)) for head, each in found.items()}


def solemn(text: str) -> Solemn:
    """What a line is, by its words; "" for all others. Where it is both, it is a grief."""
    words = _WORD.findall(_APOSTROPHES.sub("", text[:LONGEST]).casefold())
    for head, (phrases, longest) in _phrases().items():
        for size in range(1, longest + 1):
            runs = (" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
            if any(run in phrases for run in runs):
                return head
    return ""


def _words(phrase: str) -> int:
    return phrase.count(" ") + 1
