"""The daemon: from what it is given from outside to a clean end."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

import structlog

from pickled.daemon.composition import build
from pickled.daemon.ground import Outside
from pickled.daemon.life import live

log = structlog.get_logger()


@dataclass(frozen=True)
class Daemon(Outside):
    """All parts; `run` until `stop` is set."""

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything, wait for `stop`, and end in order; raises what can't be mended."""
        async with AsyncExitStack() as stack:
            building = asyncio.create_task(build(self, stack), name="build")
            stopped = asyncio.create_task(stop.wait(), name="stop")
            try:
                await asyncio.wait({building, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not building.done():
                    log.info("stopping before everything has started")
                    return
            finally:
                for task in (building, stopped):
                    task.cancel()
                await asyncio.gather(building, stopped, return_exceptions=True)
            await live(building.result(), stop, self.pulses)
