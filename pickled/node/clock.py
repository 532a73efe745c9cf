"""Clocks that nobody can set: how old a message of the daemon's is, and whether the machine slept.

A wall clock is set by hand and by NTP, forwards and back: a step of it, ours or the daemon's, is
neither a sleep nor age.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from pickled.messages.node import Ping

LONGEST_STALL_MS = 30_000.0
"""No connection lives that long without a sign of life: what looks older tells of a set clock."""
WAKING_MS = 10_000.0
"""Unless the machine has just slept: what was under way then may be as old as the sleep."""
_NAP_MS = 1_000.0


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on the clocks of this machine."""

    wall_ms: float
    """Unix time."""
    up_ms: float
    """Since it was started, its sleep included."""
    slept_ms: float
    """How much of that it slept; only differences count."""


def instant() -> Instant:
    """Now."""
    slept_ms = slept_s() * 1000
    return Instant(time.time() * 1000, time.monotonic() * 1000 + slept_ms, slept_ms)


def slept_s() -> float:
    """How long this machine has slept so far, s; always 0 where `time.monotonic` goes on then."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
    if hasattr(time, "CLOCK_UPTIME_RAW"):
        return time.clock_gettime(time.CLOCK_MONOTONIC) - time.clock_gettime(time.CLOCK_UPTIME_RAW)
    return 0.0


@dataclass
class DaemonClock:
    """The daemon's clock, as far as its pings tell."""

    offset_ms: float | None = None
    """What to add to our wall clock to get the daemon's, as the daemon has measured it."""
    _ahead_ms: float | None = None
    """The daemon's clock less the time since this machine was started."""
    _wall_ahead_ms: float | None = None
    """The same of our wall clock when we answered last: it is that answer that is measured."""
    _slept_ms: float = field(default_factory=lambda: slept_s() * 1000)
    _woke_at_ms: float = float("-inf")

    def hear(self, ping: Ping, now: Instant) -> None:
        """A ping is being answered."""
        self._notice_sleep(now)
        wall_ahead_ms = now.wall_ms - now.up_ms
        if ping.offset_ms is not None:
            self.offset_ms = ping.offset_ms
            answered = wall_ahead_ms if self._wall_ahead_ms is None else self._wall_ahead_ms
            self._ahead_ms = answered + ping.offset_ms
        elif self.offset_ms is None:
            self._ahead_ms = ping.sent_ms - now.up_ms
        self._wall_ahead_ms = wall_ahead_ms

    def age_ms(self, sent_ms: float, now: Instant) -> float:
        """How long ago that was sent; 0 where no clock can tell."""
        self._notice_sleep(now)
        ahead_ms = now.wall_ms - now.up_ms if self._ahead_ms is None else self._ahead_ms
        age_ms = now.up_ms + ahead_ms - sent_ms
        was_set = age_ms > LONGEST_STALL_MS and now.up_ms - self._woke_at_ms > WAKING_MS
        return 0.0 if was_set else age_ms

    def _notice_sleep(self, now: Instant) -> None:
        if now.slept_ms - self._slept_ms > _NAP_MS:
            self._slept_ms, self._woke_at_ms = now.slept_ms, now.up_ms
