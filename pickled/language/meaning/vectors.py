"""Where a model says that texts lie: vectors of one signed byte a dimension, and their angle."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from operator import mul

Vector = bytes
"""One signed byte per dimension: a vector of length 1, times 127."""

MOST_BITS = 0.36
"""Share of different signs from which on two vectors can't be near: 0.31 is cosine 0.55."""


def quantized(values: Sequence[float]) -> Vector:
    """One signed byte per dimension, of length 1 before; empty if there is no direction."""
    length = sum(each * each for each in values) ** 0.5
    if not 0 < length < float("inf"):
        return b""
    return bytes(round(127 * each / length) & 0xFF for each in values)


def cosine(one: Vector, other: Vector) -> float:
    """How near two vectors are, −1…1; 0 if one has no direction."""
    mine, theirs = memoryview(one).cast("b"), memoryview(other).cast("b")
    lengths = sum(map(mul, mine, mine)) * sum(map(mul, theirs, theirs))
    product: int = sum(map(mul, mine, theirs))
    return product / sqrt(lengths) if lengths else 0.0


def signs(vector: Vector) -> int:
    """One bit per dimension: is it positive? Counts of common bits estimate the cosine quickly."""
    return int("".join("0" if each > 127 else "1" for each in vector) or "0", 2)
