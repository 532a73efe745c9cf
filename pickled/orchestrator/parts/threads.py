"""Calls that may come from any thread, and are made in the loop's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec

P = ParamSpec("P")


def in_loop(call: Callable[P, None]) -> Callable[P, None]:
    """The same call: at once in the running loop's thread, from another one as soon as it is free.

    After the loop's end it does nothing.
    """
    loop, thread = asyncio.get_running_loop(), threading.get_ident()

    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        if threading.get_ident() == thread:
            call(*args, **kwargs)
            return
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(lambda: call(*args, **kwargs))

    return wrapped
