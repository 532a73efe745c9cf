"""How many tokens a text may take in a model's vocabulary, by its script: rather too many."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

_UPPER, _LOWER, _OTHER_ASCII = 0.7, 0.36, 0.75
"""Of a letter (words of capitals are seldom in a vocabulary), and of a digit or a mark."""

_BEYOND_ASCII = ((0x036F, 1.9), (0x03FF, 1.3), (0x052F, 0.65), (0x07FF, 1.3), (0xFFFF, 1.5))
"""Last code point → tokens a character: Latin with accents, Greek, Cyrillic, other letters of two
bytes, of three."""

_ASTRAL = 4.0
"""Emoji and rare letters: a token a byte."""

_LIMITS = [last for last, _ in _BEYOND_ASCII]


def tokens(text: str) -> int:
    """At most so many, in vocabularies of 32,000 entries and more; none for an empty text.

    Measured with two that are published with Mistral's models: `tests/corpora/token_counts.jsonl`.
    """
    return round(sum(map(_cost, text)) + 0.5) if text else 0


@lru_cache(maxsize=4096)
def _cost(character: str) -> float:
    if character.isascii():
        if character.isalpha():
            return _UPPER if character.isupper() else _LOWER
        return _LOWER if character == " " else _OTHER_ASCII
    place = bisect_left(_LIMITS, ord(character))
    return _BEYOND_ASCII[place][1] if place < len(_BEYOND_ASCII) else _ASTRAL
