"""The two clocks: one that never jumps for decisions, and the calendar for what is published."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Clock:
    """`now`: seconds that only rise; `wall`: the moment in UTC."""

    now: Callable[[], float]
    wall: Callable[[], datetime]

    def wall_ms(self) -> float:
        """Unix time in ms."""
        return self.wall().timestamp() * 1000


def system_clock() -> Clock:
    """The running loop's clock and this machine's calendar."""
    return Clock(now=asyncio.get_running_loop().time, wall=lambda: datetime.now(UTC))
