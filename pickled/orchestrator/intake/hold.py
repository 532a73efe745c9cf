"""Chat that is held back for a while, so that moderators act before anybody sees it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.messages.chat import ChatMessage, Retraction
from pickled.orchestrator.parts.clock import Clock

MOST_HELD = 20_000
"""Messages that are held back at the same time; beyond that they are dropped, and counted."""


@dataclass
class Hold:
    """Keeps chat back for a while, so that moderators act before anything is done with it."""

    seconds: float
    clock: Clock
    release: Callable[[ChatMessage], None]
    _held: deque[tuple[float, ChatMessage]] = field(default_factory=deque)
    _timer: asyncio.TimerHandle | None = None

    def add(self, message: ChatMessage) -> bool:
        """Let it wait, or (without a hold) pass; False if too many wait."""
        if self.seconds <= 0:
            self.release(message)
            return True
        if len(self._held) >= MOST_HELD:
            return False
        self._held.append((self.clock.now() + self.seconds, message))
        self._arm()
        return True

    def retract(self, retraction: Retraction) -> int:
        """A moderator acted in time; how many messages nobody will see."""
        before = len(self._held)
        self._held = deque(each for each in self._held if not retraction.concerns(each[1]))
        return before - len(self._held)

    def close(self) -> None:
        """Nothing is released any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self) -> None:
        if self._timer is None and self._held:
            wait = max(0.0, self._held[0][0] - self.clock.now())
            self._timer = asyncio.get_running_loop().call_later(wait, self._due)

    def _due(self) -> None:
        self._timer = None
        now = self.clock.now()
        while self._held and self._held[0][0] <= now + 1e-6:
            self.release(self._held.popleft()[1])
        self._arm()
