"""Finds what a word says about a mood: its valence, and whether it laughs, negates or stresses."""

from __future__ import annotations

import codecs
from functools import lru_cache

from pickled.language.feeling.word_table import LAUGHS, NEGATIONS, SHIFTED, STRONGER, WEAKER, WORDS
from pickled.patterns import pattern

LONGEST_WORD = 32
"""Characters; a longer one has no valence."""

_LAUGH = pattern(
    r"(?:[ah]*(?:ha){2,}h*|(?:he){2,}h*|(?:hi){2,}h*|(?:ja){2,}j*|(?:je){2,}|l+o+l+(?:o+l+)*|"
    r"k{3,}|x+d+|lu+l+|l+m+f?a+o+|ro+fl+|w{4,}|5{3,})"
)
_STRETCHED = pattern(r"(.)\1{2,}")

negations = frozenset(NEGATIONS.split())
laughs = frozenset(LAUGHS.split())
degrees = dict.fromkeys(STRONGER.split(), 1.4) | dict.fromkeys(WEAKER.split(), 0.6)


@lru_cache(maxsize=1)
def lexicon() -> dict[str, float]:
    """Word in lower case → valence −1…1."""
    clear = _groups(WORDS)
    return clear | {codecs.decode(word, "rot13"): each for word, each in _groups(SHIFTED).items()}


def is_laugh(word: str) -> bool:
    """Does the word, in lower case, laugh: lol, hahaha, jajaja, kkkk?"""
    return word in laughs or (len(word) <= LONGEST_WORD and _LAUGH.fullmatch(word) is not None)


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


def _groups(table: str) -> dict[str, float]:
    """The words of a table of `word_table`."""
    found: dict[str, float] = {}
    value = 0.0
    for line in table.strip().splitlines():
        try:
            value = float(line)
        except ValueError:
            found |= dict.fromkeys(line.split(), value)
    return found
