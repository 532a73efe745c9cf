"""How much chat writes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from pickled.orchestrator.parts.clock import Clock

WINDOW_S = 60.0

CALM_RATE = 50
"""Messages a second; from then on chat is not calm."""

MOST_ARRIVALS = 600_000
"""It is counted up to so many messages a minute."""


@dataclass
class Pace:
    """Counts messages as they come in, whatever becomes of them."""

    clock: Clock
    _arrivals: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_ARRIVALS))

    def arrive(self) -> None:
        """A message came in."""
        self._arrivals.append(self.clock.now())

    @property
    def rate(self) -> float:
        """Messages in the last minute."""
        now = self.clock.now()
        while self._arrivals and self._arrivals[0] < now - WINDOW_S:
            self._arrivals.popleft()
        return float(len(self._arrivals))

    @property
    def is_calm(self) -> bool:
        """Is it little that came in the last second?"""
        arrivals = self._arrivals
        return len(arrivals) < CALM_RATE or arrivals[-CALM_RATE] < self.clock.now() - 1.0
