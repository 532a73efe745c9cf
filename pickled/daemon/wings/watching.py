"""The watch over the event loop: who holds everything up is named."""

from __future__ import annotations

import asyncio

from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.orchestrator.parts.loop_watch import watching
from pickled.orchestrator.publishing.tending import components
from pickled.plugins import Plugs


def watch(ground: Ground) -> tuple[Life, ...]:
    """It runs in a thread of its own."""
    health, suspects = ground.health, _suspects(ground.outside.plugs)

    def told(component: str, seconds: float) -> None:
        why = f"{component or 'something'} held everything up for {seconds:.1f} s"
        if component:
            health.report(component, "degraded", why)
        health.complain(component or "daemon", "blocked", why)

    async def run() -> None:
        async with watching(suspects, told):
            await asyncio.Event().wait()

    return (Life("loop watch", run=run),) if ground.outside.watched else ()


def _suspects(plugs: Plugs) -> dict[str, str]:
    """Module → component; a part of somebody else is all of its package."""
    named = [
        *zip(components("input", plugs.inputs), plugs.inputs, strict=True),
        *zip(components("output", plugs.outputs), plugs.outputs, strict=True),
        *(("llm", plug) for plug in plugs.llm),
        *(("tts", plug) for plug in plugs.tts),
        *(("memory", plug) for plug in (plugs.embedder,) if plug),
    ]
    found: dict[str, str] = {}
    for component, plug in named:
        module = plug.module.__name__
        ours = module.startswith("pickled.")
        found.setdefault(module if ours else module.partition(".")[0], component)
    return found
