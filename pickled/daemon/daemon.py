"""The daemon: from what it is given from outside to a clean end."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

from pickled.daemon.composition import build
from pickled.daemon.ground import Outside
from pickled.daemon.life import live


@dataclass(frozen=True)
class Daemon(Outside):
    """All parts; `run` until `stop` is set."""

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything, wait for `stop`, and end in order; raises what can't be mended."""
        async with AsyncExitStack() as stack:
            await live(await build(self, stack), stop)
