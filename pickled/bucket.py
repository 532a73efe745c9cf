"""A token bucket: so many a second for as long as it lasts, and some more at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass
class Bucket:
    """Full at first; fills at a rate, and each take needs one."""

    rate: float
    """Tokens a second."""
    most: float
    """Tokens that it holds."""
    _tokens: float = inf
    _at: float = 0.0

    def take(self, now: float) -> bool:
        """Take one; False if none is left. `now`: seconds of a steady clock."""
        passed = max(0.0, now - self._at)
        self._tokens, self._at = min(self.most, self._tokens + passed * self.rate), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
