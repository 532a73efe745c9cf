"""Finds what tells where a stream is, for discreet mode: places, scenes, signs, questions."""

from __future__ import annotations

from pickled.brain.spots import Spot


def spots(text: str) -> list[Spot]:
    """Nothing yet."""
    return []
