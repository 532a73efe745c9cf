"""Keeps what happens again and again from filling the log: said at once, then counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from pickled.recent import Recent

FIRST_S, LONGEST_S = 60.0, 3600.0
"""What recurs is said again after so long, then after twice that, up to the longest."""

_MOST = 500
"""Different things that are known; beyond that the oldest is forgotten, and said once more."""


@dataclass
class _Known:
    said_at: float
    seen_at: float
    every_s: float = FIRST_S
    left_out: int = 0


@dataclass
class Recurring:
    """Knows what was said, when, and how often it happened since."""

    _known: Recent[str, _Known] = field(default_factory=lambda: Recent(_MOST))

    def due(self, what: str, now: float) -> int | None:
        """How often it happened since it was said last; None: don't say it now. `now` in s."""
        known = self._known.get(what)
        if known is None or now - known.seen_at > LONGEST_S:
            self._known[what] = _Known(now, now)
            return 1
        known.seen_at = now
        known.left_out += 1
        if now - known.said_at < known.every_s:
            return None
        count, known.left_out = known.left_out, 0
        known.said_at, known.every_s = now, min(2 * known.every_s, LONGEST_S)
        return count


def times(count: int) -> str:
    """What to put behind a line that stands for so many."""
    return f" ({count} times)" if count > 1 else ""
