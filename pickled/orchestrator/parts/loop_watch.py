"""Notices when something holds the event loop up, and who it was."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import FrameType

BLOCKED_S = 1.0
"""So long nothing else ran: that is told."""

_STEP_S = 0.25

Told = Callable[[str, float], None]
"""Called in the loop with whose code it was (empty: nobody's whom we know) and for how long, s."""


@asynccontextmanager
async def watching(suspects: Mapping[str, str], told: Told) -> AsyncIterator[None]:
    """Watch the running loop from a thread; `suspects` has whose a module's name is."""
    watch = _Watch(suspects, told, asyncio.get_running_loop(), threading.get_ident())
    thread = threading.Thread(target=watch.run, name="loop watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        watch.over.set()


class _Watch:
    def __init__(
        self,
        suspects: Mapping[str, str],
        told: Told,
        loop: asyncio.AbstractEventLoop,
        thread: int,
    ) -> None:
        self._suspects = suspects
        self._told = told
        self._loop = loop
        self._thread = thread
        self.over = threading.Event()

    def run(self) -> None:
        """In a thread of its own: ask the loop for a sign of life, again and again."""
        while not self.over.wait(_STEP_S):
            seen, asked, who = threading.Event(), time.monotonic(), ""
            try:
                self._loop.call_soon_threadsafe(seen.set)
                if not seen.wait(BLOCKED_S):
                    who = self._culprit()
                    while not (seen.wait(_STEP_S) or self.over.is_set()):
                        who = who or self._culprit()
                    took = time.monotonic() - asked
                    self._loop.call_soon_threadsafe(self._told, who, took)
            except RuntimeError:  # the loop is closed
                return

    def _culprit(self) -> str:
        """Whose code the loop's thread is in; the innermost that we know."""
        frames = sys._current_frames()  # noqa: SLF001  # nothing else shows another thread's stack
        frame: FrameType | None = frames.get(self._thread)
        while frame is not None:
            module = str(frame.f_globals.get("__name__", ""))
            for name, who in self._suspects.items():
                if module == name or module.startswith(f"{name}."):
                    return who
            frame = frame.f_back
        return ""
