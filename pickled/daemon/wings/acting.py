"""Outputs: what the world gets of an answer beside the voice."""

from __future__ import annotations

import asyncio
from functools import partial

from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.orchestrator.conversation.acting import Acting
from pickled.orchestrator.publishing.tending import components
from pickled.outputs import Output


def acting(ground: Ground, doing: Acting) -> tuple[Life, ...]:
    """Each output of the configuration, kept running; while it runs, it may be asked to act."""
    plugs, tending = ground.outside.plugs.outputs, ground.tending

    async def use(name: str, output: Output) -> None:
        with doing.with_output(name, output):
            await output.run()

    async def run() -> None:
        async with asyncio.TaskGroup() as outputs:
            for plug, name in zip(plugs, components("output", plugs), strict=True):
                outputs.create_task(tending.keep(plug, name, partial(use, name)), name=name)

    outputs = (Life("outputs", run=run, ends=True),) if plugs else ()
    return (Life("actions", close=doing.close), *outputs)
