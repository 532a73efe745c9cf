"""The faults that any part can have: how it starts, and how it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pickled.plug import Strict

STUBBORN = 2
"""So many cancellations are ignored: nobody waits for a third one."""


class Options(Strict):
    """What goes wrong."""

    fault: str = ""


def block(seconds: float) -> None:
    """Hold everything up."""
    time.sleep(seconds)


async def for_ever() -> None:
    """Until cancelled."""
    await asyncio.Event().wait()


async def stubbornly(times: int = STUBBORN) -> None:
    """Ignore what cancels it, so many times."""
    for _ in range(times):
        try:
            await for_ever()
        except asyncio.CancelledError:
            continue


@asynccontextmanager
async def life(fault: str, part: Any) -> AsyncIterator[Any]:
    """Start, yield and close as the fault wants it."""
    if fault == "start raises":
        raise RuntimeError("no serial port")
    if fault == "start hangs":
        await for_ever()
    if fault == "start exits":
        raise SystemExit(3)
    if fault == "start blocks":
        block(60)
    try:
        yield object() if fault == "yields the wrong thing" else part
    finally:
        if fault == "close raises":
            raise ConnectionResetError("the socket is gone")
        if fault == "close hangs":
            await for_ever()
        if fault == "close is stubborn":
            await stubbornly()
        if fault == "close never ends":
            await stubbornly(1_000_000)
        if fault == "close blocks":
            block(60)
