"""Runs the inputs, once there is something to answer with."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from pickled.inputs import Emit, Source
from pickled.orchestrator.publishing.tending import Tending, components
from pickled.plugins import Plug

log = structlog.get_logger()

FIRST_PROBE_S = 1.5
"""So long the inputs wait for the models' and voices' first answer."""


@dataclass(frozen=True)
class Listening:
    """All inputs of the daemon."""

    plugs: Sequence[Plug]
    emit: Emit
    tending: Tending

    async def run(self, *ready: asyncio.Event) -> None:
        """Listen until cancelled, once there is something to answer with."""
        try:
            async with asyncio.timeout(FIRST_PROBE_S):
                for each in ready:
                    await each.wait()
        except TimeoutError:
            log.warning("the model or the voice has not answered yet")
        async with asyncio.TaskGroup() as inputs:
            for plug, name in zip(self.plugs, components("input", self.plugs), strict=True):
                inputs.create_task(self.tending.keep(plug, name, self._listen), name=name)

    async def _listen(self, source: Source) -> None:
        await source.run(self.emit)
