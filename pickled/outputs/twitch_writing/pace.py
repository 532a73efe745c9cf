"""When one more line may go out: Twitch's limit for an account, and the chat's slow mode."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

WINDOW_S = 30.5
"""Twitch counts over 30 s; the rest is for its clock and ours."""

OF_ALL, OF_MODERATORS = 20, 100
"""Lines in that time; who writes more is not heard for half an hour."""


@dataclass
class WritingPace:
    """The lines of the last half minute; times in seconds of one steady clock."""

    _sent: deque[float] = field(default_factory=lambda: deque(maxlen=OF_MODERATORS))

    def wait_s(self, *, now: float, moderator: bool, slow_s: float = 0.0) -> float:
        """How long until the next line may go; 0: at once."""
        most = OF_MODERATORS if moderator else OF_ALL
        waits = [0.0]
        if len(self._sent) >= most:
            waits.append(self._sent[-most] + WINDOW_S - now)
        if slow_s > 0 and not moderator and self._sent:
            waits.append(self._sent[-1] + slow_s - now)
        return max(waits)

    def sent(self, *, now: float) -> None:
        """One more went out."""
        self._sent.append(now)
