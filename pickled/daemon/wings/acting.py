"""Outputs: what the world gets of an answer beside the voice."""

from __future__ import annotations

import asyncio

from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.orchestrator.publishing.tending import components
from pickled.outputs import Output


def acting(ground: Ground) -> tuple[Life, ...]:
    """Each output of the configuration, kept running."""
    plugs, tending = ground.outside.plugs.outputs, ground.tending

    async def use(output: Output) -> None:
        await output.run()

    async def run() -> None:
        async with asyncio.TaskGroup() as outputs:
            for plug, name in zip(plugs, components("output", plugs), strict=True):
                outputs.create_task(tending.keep(plug, name, use), name=name)

    return (Life("outputs", run=run, ends=True),) if plugs else ()
