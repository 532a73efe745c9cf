"""Where events come in, from inputs and from commands alike, from the loop and from threads."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import get_args

from pickled.errors import PartError
from pickled.messages.events import Event

MOST_WAITING = 10_000
"""Events that wait for the loop; what comes beyond that is dropped, and counted."""

BATCH = 20
"""So many are taken before the loop may do something else: 50 lines that nobody wrote before, in
one frame of chat, held it up for 32 to 43 ms.
"""

_KINDS: tuple[type, ...] = get_args(Event)


@dataclass
class Inlet:
    """Hands events on to whoever takes them; who makes events need not know who that is."""

    on_dropped: Callable[[int], None]
    """Called with how many came too fast."""
    _take: Callable[[Event], None] | None = field(default=None, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _thread: int = field(default=0, init=False)
    _taken: int = field(default=0, init=False)
    """Events of this round of the loop."""
    _waiting: deque[Event] = field(default_factory=deque, init=False)
    _dropped: int = field(default=0, init=False)
    _woken: bool = field(default=False, init=False)
    """The loop knows that something waits."""
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def open(self, take: Callable[[Event], None]) -> None:
        """From now on, events go there; called in the loop's thread."""
        self._take = take
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()

    def emit(self, event: Event) -> None:
        """Something happened; taken at once, or as soon as the loop is free.

        The latter holds for another thread, and for what comes in one go after the first 20.

        Raises PartError for what is no event, and for a thread that goes on after the end.
        """
        if not isinstance(event, _KINDS):
            names = ", ".join(each.__name__ for each in _KINDS)
            raise PartError(
                f"`emit` was given a {type(event).__name__}; it takes one of {names}, "
                "as ChatMessage(ts=…, id=…, user=…, user_id=…, text=…)"
            )
        assert self._take is not None, "nobody takes events yet"
        if threading.get_ident() == self._thread and self._taken < BATCH and not self._waiting:
            self._count(1)
            self._take(event)
        else:
            self._wait(event)

    def _count(self, events: int) -> None:
        """Of this round of the loop; the next one begins anew."""
        assert self._loop is not None
        if not self._taken:
            self._loop.call_soon(self._begin)
        self._taken += events

    def _begin(self) -> None:
        self._taken = 0

    def _wait(self, event: Event) -> None:
        """Until the loop, which is woken once for all that wait, has time."""
        assert self._loop is not None
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                self._dropped += 1
                return
            self._waiting.append(event)
            wake, self._woken = not self._woken, True
        if wake:
            try:
                self._loop.call_soon_threadsafe(self._land)
            except RuntimeError as error:
                raise PartError("the daemon has ended: nothing is taken any more") from error

    def _land(self) -> None:
        assert self._take is not None
        assert self._loop is not None
        with self._lock:
            landed = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            dropped, self._dropped = self._dropped, 0
            self._woken = bool(self._waiting)
        if self._woken:
            self._loop.call_soon(self._land)  # after what else the loop has to do
        if dropped:
            self.on_dropped(dropped)
        self._count(len(landed))
        for event in landed:
            self._take(event)
