"""Makes others' words safe to stand in a prompt: data to the model, never an order."""

from __future__ import annotations

from pickled.language.injection.tricks import without_tricks
from pickled.language.plain import shown, without_markers

LONGEST_TEXT = 500
"""Characters of a line that a model sees."""

LONGEST_NAME = 40
"""Characters of a viewer's name that a model sees."""


def quoted(text: str, longest: int = LONGEST_TEXT) -> str:
    """No orders to the model, no markers of its format, nothing invisible, not too long."""
    return without_tricks(unmarked(text, longest))[0]


def unmarked(text: str, longest: int = LONGEST_TEXT) -> str:
    """The same, but orders stay: for the words of who may give some, and for its own."""
    return without_markers(shown(text[: longest * 2]))[:longest].rstrip()
