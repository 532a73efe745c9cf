"""How long the stages of a turn took: when each was reached, from chat line to sound."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from pickled.messages.base import TurnId
from pickled.messages.response import StageTimes
from pickled.messages.state import LatencyState

KEPT = 200
"""Turns that the percentiles are taken of."""


@dataclass
class Stages:
    """Moments in seconds of the loop's clock; None where a stage was not reached."""

    arrived: float
    decided: float
    recalled: float | None = None
    first_token: float | None = None
    first_clause: float | None = None
    gated: float | None = None
    first_byte: float | None = None
    first_sound: float | None = None

    def reach(self, stage: str, now: float) -> None:
        """Note a moment; only the first one counts."""
        if getattr(self, stage) is None:
            setattr(self, stage, now)

    def settle(self, arrived: float, decided: float) -> None:
        """It was begun before anybody asked: what was reached by then took no time."""
        self.arrived, self.decided = arrived, decided
        for stage in ("recalled", "first_token", "first_clause", "gated"):
            if (reached := getattr(self, stage)) is not None:
                setattr(self, stage, max(reached, decided))

    def times(self) -> StageTimes:
        """How long each stage took; one that was skipped is left out."""
        began = self.recalled or self.decided
        return StageTimes(
            gate=_ms(self.arrived, self.decided),
            recall=_ms(self.decided, self.recalled),
            llm_first_token=_ms(began, self.first_token),
            first_clause=_ms(self.first_token or began, self.first_clause),
            safety=_ms(self.first_clause, self.gated),
            tts_first_byte=_ms(self.gated, self.first_byte),
            first_sound=_ms(self.first_byte, self.first_sound),
            total=_ms(self.arrived, self.first_sound),
        )


@dataclass
class Latencies:
    """The last turns' totals."""

    totals: deque[float] = field(default_factory=lambda: deque(maxlen=KEPT))

    def state(self, turn: TurnId, times: StageTimes) -> LatencyState:
        """What `latency/state` shows after this turn."""
        if times.total is not None:
            self.totals.append(times.total)
        return LatencyState(
            **times.model_dump(),
            turn=turn,
            p50=_percentile(self.totals, 50),
            p95=_percentile(self.totals, 95),
        )


def _ms(begin: float | None, end: float | None) -> float | None:
    if begin is None or end is None:
        return None
    return round(max(0.0, end - begin) * 1000, 1)


def _percentile(values: deque[float], percent: int) -> float | None:
    if not values:
        return None
    ordered = sorted(values)
    # Between the two next to it, as `statistics.quantiles` has it with the method "inclusive".
    place, beyond = divmod(percent * (len(ordered) - 1), 100)
    above = ordered[min(place + 1, len(ordered) - 1)]
    return round((ordered[place] * (100 - beyond) + above * beyond) / 100, 1)
