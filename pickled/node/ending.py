"""What ends a node: signals, and threads that crash."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Ending(Protocol):
    """What runs until it is told to end."""

    ending: bool
    """Set to end it."""
    crash: BaseException | None
    """What a thread died of."""


@contextmanager
def ended_by_signals(node: Ending) -> Iterator[None]:
    """SIGTERM and Ctrl-C end it; the second one means now."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: object) -> None:
        node.ending = True
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def told_of_crashes(node: Ending) -> Iterator[None]:
    """A node that is half alive must end, so that it is started again."""

    def note(args: threading.ExceptHookArgs) -> None:
        node.crash = args.exc_value
        before(args)

    before, threading.excepthook = threading.excepthook, note
    try:
        yield
    finally:
        threading.excepthook = before
