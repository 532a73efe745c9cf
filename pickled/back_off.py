"""How long to wait before something that failed is tried again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BackOff:
    """Waits that double up to a cap."""

    first_s: float = 0.25
    cap_s: float = 3.0
    healthy_s: float = 30.0
    """What went well for so long starts again at the first wait."""

    def longest(self, failures: int) -> float:
        """Seconds after so many failures in a row; for what nobody else tries again at once."""
        doubled: float = self.first_s * 2 ** min(failures, 16)
        return min(self.cap_s, doubled)

    def wait(self, failures: int, dice: float) -> float:
        """A random part of that, at least half of it; `dice` in [0, 1)."""
        return self.longest(failures) * (0.5 + dice / 2)
