"""How much chat writes is counted over the last minute."""

from __future__ import annotations

from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.situation.pace import CALM_RATE, MOST_ARRIVALS, WINDOW_S, Pace
from tests.stand_ins.virtual_time import BEGIN


def test_pace_counts_a_minute_and_is_bounded() -> None:
    """What is older is forgotten; a flood fills no memory."""
    now = [0.0]
    pace = Pace(Clock(now=lambda: now[0], wall=lambda: BEGIN))
    pace.arrive()
    now[0] = WINDOW_S - 1
    pace.arrive()
    assert pace.rate == 2
    now[0] = WINDOW_S + 1
    assert pace.rate == 1
    assert pace._arrivals.maxlen == MOST_ARRIVALS


def test_chat_is_calm_again_a_second_after_a_flood() -> None:
    """Fewer than so many lines in the last second."""
    now = [5.0]
    pace = Pace(Clock(now=lambda: now[0], wall=lambda: BEGIN))
    for _ in range(CALM_RATE - 1):
        pace.arrive()
    assert pace.is_calm
    pace.arrive()
    assert not pace.is_calm
    now[0] = 6.1
    assert pace.is_calm
