"""Where a word ends in the sound of a clause, as a voice tells it."""

from __future__ import annotations

from typing import NamedTuple


class WordEnd(NamedTuple):
    """The end of a word, in the text and in the sound."""

    chars: int
    """Of the text that the voice was given, up to there."""
    seconds: float
    """From the clause's first sample."""
