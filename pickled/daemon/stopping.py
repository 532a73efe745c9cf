"""When it is asked to stop, it stops: in order if it can, and in time in any case."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import structlog

log = structlog.get_logger()

STOPS = (signal.SIGTERM, signal.SIGINT)

LONGEST_STOP_S = 4.5
"""After that, whatever would not end is cut off; the broker's last will says that we are gone."""


@contextmanager
def stopping(stop: asyncio.Event, *, longest_s: float = LONGEST_STOP_S) -> Iterator[None]:
    """Set `stop` at the first SIGTERM or Ctrl-C; the second time means now.

    Handlers of Python's own, and not the loop's: they also run while a part blocks the loop.
    """
    loop = asyncio.get_running_loop()

    def asked(_number: int, _frame: FrameType | None) -> None:
        for each in STOPS:
            signal.signal(each, signal.SIG_DFL)
        threading.Thread(target=_cut_off, args=(longest_s,), daemon=True).start()
        loop.call_soon_threadsafe(stop.set)

    before = {each: signal.signal(each, asked) for each in STOPS}
    try:
        yield
    finally:
        if not stop.is_set():
            for each, handler in before.items():
                signal.signal(each, handler)


def _cut_off(after_s: float) -> None:
    """In a thread that ends with the process, if that ends by itself."""
    threading.Event().wait(after_s)
    log.error("something does not end: it is cut off", after_s=after_s)
    os._exit(1)
