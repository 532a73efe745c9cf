"""How loud something was, slot by slot of time, and how alike two of such curves are."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import mul

SLOT_S = 0.02
HELD_SLOTS = 500
FLOOR_DB = -70.0
"""Softer than that is silence."""

LEAST_DB, RANGE_DB = -50.0, 30.0
"""What is softer than that, or so far below the loudest, does not count as played."""
LEAST_SLOTS = 50
"""A second of sound is needed, and one whose loudness changes: a held tone tells nothing."""
LEAST_SPREAD_DB = 2.0


@dataclass
class Envelope:
    """The loudness of the last ten seconds, dB below full scale; times are monotonic, s."""

    rate: int
    _power: list[float] = field(default_factory=lambda: [0.0] * HELD_SLOTS)
    _count: list[int] = field(default_factory=lambda: [0] * HELD_SLOTS)
    _slot: list[int] = field(default_factory=lambda: [-1] * HELD_SLOTS)

    def add(self, pcm: bytes, at_s: float) -> None:
        """These samples began at that time."""
        samples = array("h", pcm)
        while samples:
            slot = int(at_s / SLOT_S)
            room = max(1, round(((slot + 1) * SLOT_S - at_s) * self.rate))
            self._keep(slot, samples[:room])
            del samples[:room]
            at_s += room / self.rate

    def levels(self, until: int, count: int) -> list[float]:
        """So many slots before that one; where nothing came it is silent."""
        return [self._level(slot) for slot in range(until - count, until)]

    def missing(self, until: int, count: int) -> int:
        """In how many of these nothing came."""
        return sum(self._slot[slot % HELD_SLOTS] != slot for slot in range(until - count, until))

    def _keep(self, slot: int, samples: array[int]) -> None:
        place = slot % HELD_SLOTS
        if self._slot[place] != slot:
            self._slot[place], self._power[place], self._count[place] = slot, 0.0, 0
        self._power[place] += sum(map(mul, samples, samples))
        self._count[place] += len(samples)

    def _level(self, slot: int) -> float:
        place = slot % HELD_SLOTS
        if self._slot[place] != slot or not self._power[place]:
            return FLOOR_DB
        mean = self._power[place] / self._count[place] / 32_768**2
        return max(FLOOR_DB, 10 * math.log10(mean))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well what is heard follows what was played some slots before."""

    alike: float
    """At best; 1 is exactly, 0 not at all."""
    lag: int
    """Slots, there."""
    whole: bool
    """Could the longest way be tried, too?"""
    rise_db: float = 0.0
    """How much louder it was heard there than when it is quiet."""


def likeness(played: Sequence[float], heard: Sequence[float]) -> Likeness | None:
    """Compare two curves where something was played; None if that tells nothing.

    `played` ends where `heard` does, and begins earlier: by the longest way that is tried. Silence
    is left out: that two begin and end together, or take turns, makes them no echo.
    """
    count, longest = len(heard), len(played) - len(heard)
    least = max(LEAST_DB, max(played) - RANGE_DB)
    where = [float(each > least) for each in played]
    loud = list(map(mul, played, where))
    slots = [0.0, *accumulate(where)]
    sums, squares = [0.0, *accumulate(loud)], [0.0, *accumulate(map(mul, loud, loud))]
    heard_squares = list(map(mul, heard, heard))
    best, lag_of_best, level, whole = -1.0, 0, 0.0, False
    for lag in range(longest + 1):
        start = longest - lag
        stop = start + count
        number = slots[stop] - slots[start]
        if number < LEAST_SLOTS:
            continue
        total, place = sums[stop] - sums[start], where[start:stop]
        spread = squares[stop] - squares[start] - total * total / number
        if spread < LEAST_SPREAD_DB**2 * number:
            continue
        heard_total = sum(map(mul, heard, place))
        heard_spread = sum(map(mul, heard_squares, place)) - heard_total**2 / number
        both = sum(map(mul, heard, loud[start:stop])) - total * heard_total / number
        alike = both / math.sqrt(spread * heard_spread) if heard_spread > 1e-6 else 0.0
        whole = whole or lag == longest
        if alike > best:
            best, lag_of_best, level = alike, lag, heard_total / number
    if best == -1.0:
        return None
    return Likeness(best, lag_of_best, whole, level - sorted(heard)[count // 10])
