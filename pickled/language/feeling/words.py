"""Finds what a word says about a mood: its valence, and whether it laughs, negates or stresses."""

from __future__ import annotations

import codecs

from pickled.language.tables import heads, listed
from pickled.patterns import on_first_use, pattern

LONGEST_WORD = 32
"""Characters; a longer one has no valence."""

_DEGREES = "feeling/degrees"
_LAUGH = pattern(
    r"(?:[ah]*(?:ha){2,}h*|(?:he){2,}h*|(?:hi){2,}h*|(?:ja){2,}j*|(?:je){2,}|l+o+l+(?:o+l+)*|"
    r"k{3,}|x+d+|lu+l+|l+m+f?a+o+|ro+fl+|w{4,}|5{3,})"
)
_STRETCHED = pattern(r"(.)\1{2,}")


@on_first_use
def negations() -> frozenset[str]:
    """Words that turn round the ones after them."""
    return frozenset(listed(_DEGREES, "negations"))


@on_first_use
def degrees() -> dict[str, float]:
    """How much a word makes of the one after it."""
    more, less = listed(_DEGREES, "stronger"), listed(_DEGREES, "weaker")
    return dict.fromkeys(more, 1.4) | dict.fromkeys(less, 0.6)


@on_first_use
def lexicon() -> dict[str, float]:
    """Word in lower case → valence −1…1."""
    found: dict[str, float] = {}
    for head, words in heads("feeling/words").items():
        number, _, shifted = head.partition(" ")
        clear = (codecs.decode(each, "rot13") for each in words) if shifted else words
        found |= dict.fromkeys(clear, float(number))
    return found


def is_laugh(word: str) -> bool:
    """Does the word, in lower case, laugh: lol, hahaha, jajaja, kkkk?"""
    return word in _laughs() or (len(word) <= LONGEST_WORD and _LAUGH.fullmatch(word) is not None)


def valence(word: str) -> float:
    """−1…1 of a word in lower case; stretched ones (`soooo`, `niceee`) count as their plain form.

    0 for a word that isn't known.
    """
    known = lexicon()
    if (found := known.get(word)) is not None:
        return found
    if len(word) > LONGEST_WORD or not _STRETCHED.search(word):
        return 0.0
    once, twice = _STRETCHED.sub(r"\1", word), _STRETCHED.sub(r"\1\1", word)
    return known.get(once) or known.get(twice) or 0.0


@on_first_use
def _laughs() -> frozenset[str]:
    return frozenset(listed(_DEGREES, "laughs"))
