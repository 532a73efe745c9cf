"""A clock that is set is neither a sleep nor age."""

from __future__ import annotations

import time

import pytest

from pickled.messages.node import Ping
from pickled.node.clock import DaemonClock, Instant, instant, slept_s

UNIX_MS = 1_777_660_200_000.0
HOUR_MS = 3_600_000.0


def at(up_s: float, *, wall_off_ms: float = 0.0, slept_s: float = 0.0) -> Instant:
    """That long after the start of the machine, at a wall clock that is off by so much."""
    return Instant(UNIX_MS + up_s * 1000 + wall_off_ms, up_s * 1000, slept_s * 1000)


def sent(up_s: float, *, off_ms: float = 0.0) -> float:
    """What the daemon's clock says at that moment."""
    return UNIX_MS + up_s * 1000 + off_ms


def heard(clock: DaemonClock, up_s: float, *, node_ms: float = 0.0, daemon_ms: float = 0.0) -> None:
    """Two pings, a second apart, while the wall clocks are off by so much."""
    for second, offset_ms in ((up_s - 1, None), (up_s, daemon_ms - node_ms)):
        ping = Ping(id=1, sent_ms=sent(second, off_ms=daemon_ms), offset_ms=offset_ms)
        clock.hear(ping, at(second, wall_off_ms=node_ms))


def new_clock() -> DaemonClock:
    """As after the start, on a machine that has not slept yet."""
    return DaemonClock(_slept_ms=0.0)


@pytest.mark.parametrize("off_ms", [0.0, HOUR_MS, -HOUR_MS, 12_000.0])
def test_age_is_by_the_daemons_clock_however_wrong_ours_is(off_ms: float) -> None:
    """Six seconds are six seconds."""
    clock = new_clock()
    heard(clock, 100, node_ms=off_ms)
    age_ms = clock.age_ms(sent(101), at(107, wall_off_ms=off_ms))
    assert age_ms == pytest.approx(6_000)


@pytest.mark.parametrize("step_ms", [30_000.0, -30_000.0, HOUR_MS, -HOUR_MS, 7_000.0])
def test_step_of_our_clock_makes_nothing_old(step_ms: float) -> None:
    """Neither before the next ping tells of it, nor after, nor after the one that measured it."""
    clock = new_clock()
    heard(clock, 100)
    stepped = {"wall_off_ms": step_ms}
    assert clock.age_ms(sent(100.2), at(100.2, **stepped)) == pytest.approx(0, abs=1)
    for second, offset_ms in ((101, 0.0), (102, -step_ms)):
        clock.hear(Ping(id=1, sent_ms=sent(second), offset_ms=offset_ms), at(second, **stepped))
        age_ms = clock.age_ms(sent(second + 0.1), at(second + 0.1, **stepped))
        assert age_ms == pytest.approx(0, abs=1)
    assert clock.offset_ms == -step_ms


@pytest.mark.parametrize("step_ms", [HOUR_MS, -HOUR_MS, -24 * HOUR_MS, -40_000.0])
def test_step_of_the_daemons_clock_makes_nothing_old(step_ms: float) -> None:
    """Its next two pings still tell the old offset."""
    clock = new_clock()
    heard(clock, 100)
    assert clock.age_ms(sent(100.2, off_ms=step_ms), at(100.2)) <= 0


def test_nothing_is_too_old_before_the_first_ping() -> None:
    """A clock that is an hour ahead is no reason to be silent; six seconds of a stall are."""
    clock = new_clock()
    assert clock.age_ms(sent(10), at(10, wall_off_ms=HOUR_MS)) == 0
    assert clock.age_ms(sent(10), at(16)) == pytest.approx(6_000)


def test_first_ping_is_enough_for_a_rough_age() -> None:
    """It comes a second before the one that brings the offset."""
    clock = new_clock()
    clock.hear(Ping(id=1, sent_ms=sent(10)), at(10, wall_off_ms=20_000))
    assert clock.age_ms(sent(10.5), at(10.5, wall_off_ms=20_000)) == pytest.approx(0)
    assert clock.offset_ms is None


def test_what_was_under_way_before_a_sleep_is_as_old_as_the_sleep() -> None:
    """The oldest comes first when a laptop wakes: no set clock, even if it looks like one."""
    clock = new_clock()
    heard(clock, 100)
    slept = 8 * 3600.0
    awake = at(100.5 + slept, slept_s=slept)
    assert clock.age_ms(sent(100.2), awake) == pytest.approx((slept + 0.3) * 1000)
    later = at(120 + slept, slept_s=slept)
    assert clock.age_ms(sent(120 + slept, off_ms=-HOUR_MS), later) == 0


def test_sleep_is_measured_without_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting it changes nothing."""
    before = slept_s()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert slept_s() == pytest.approx(before, abs=0.5)
    assert instant().wall_ms == 0
