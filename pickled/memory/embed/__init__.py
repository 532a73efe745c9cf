"""Embedders, one file each; here is what they share: what has a meaning, and unit vectors."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence

BATCH = 8
"""Texts that are embedded at once: a query waits for no more than these."""

LONGEST_TEXT = 2000
"""Characters; models cut earlier."""

_LENGTH_TOLERANCE = 1e-3


def with_meaning(text: str) -> str:
    """The text as a model takes it; empty if there is no letter and no digit in it.

    Of nothing, and of emoji that it doesn't know, a model makes a vector like any other.
    """
    if not any(character.isalnum() for character in text):
        return ""
    return text[:LONGEST_TEXT].encode("utf-8", "replace").decode()


def batches(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The texts in their order, at most `BATCH` together."""
    return [tuple(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]


def unit_vector(values: Sequence[float]) -> bytes | None:
    """Of length 1, as little-endian float32; None if the values have no direction."""
    length = math.hypot(*values)
    if not math.isfinite(length) or length == 0:
        return None
    return struct.pack(f"<{len(values)}f", *(value / length for value in values))


def is_unit_vector(vector: bytes) -> bool:
    """Are these little-endian float32 all finite, and is their length 1?"""
    values = struct.unpack(f"<{len(vector) // 4}f", vector)
    return abs(math.hypot(*values) - 1) < _LENGTH_TOLERANCE
