"""What keeps the event loop free: who holds it up is named, and what is slow is done beforehand."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from pickled import patterns
from pickled.daemon import garbage
from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.language.normalization import aloud
from pickled.orchestrator.conversation.cohost import CoHost
from pickled.orchestrator.parts.loop_watch import watching
from pickled.orchestrator.publishing.tending import components
from pickled.orchestrator.situation.pace import Pace
from pickled.plugins import Plugs, overlooked

log = structlog.get_logger()

WARM_AFTER_S = 1.0
"""Without a broker, it is not waited for longer."""

TOLD_S = 0.2
"""First everybody is told that we are there."""

FEW = 10
"""With no more messages that wait, calm chat and no turn, a second is quiet."""

FORGIVEN_S = 60.0
"""So long after it held everything up, a part that works is no longer called degraded."""


def watch(ground: Ground, cohost: CoHost, pace: Pace) -> tuple[Life, ...]:
    """It runs in a thread of its own; garbage is collected beside it."""
    health, suspects = ground.health, _suspects(ground.outside.plugs)

    def told(component: str, seconds: float) -> None:
        why = f"{component or 'something'} held everything up for {seconds:.1f} s"
        if component:
            health.report(component, "degraded", why)
            loop = asyncio.get_running_loop()
            loop.call_later(FORGIVEN_S, health.recovered, component, why)
        health.complain(component or "daemon", "blocked", why)

    async def run() -> None:
        async with watching(suspects, told):
            await asyncio.Event().wait()

    def is_quiet() -> bool:
        silent = cohost.speaking.turn is None and cohost.selection.waiting <= FEW
        return silent and pace.is_calm

    if not ground.outside.real_time:
        return ()
    return (Life("loop watch", run=run), garbage.collecting(is_quiet))


def warming(ground: Ground) -> tuple[Life, ...]:
    """Expressions and tables are made in a thread, when we are there and before chat is."""
    connected = asyncio.Event()

    async def note() -> None:
        connected.set()

    def make() -> None:
        patterns.warm()
        ground.blocked.list.prepare()
        aloud.prepare({each.language for each in ground.controls.personas.values()})
        for why in overlooked(ground.outside.plugs):
            log.warning(why)

    async def run() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(connected.wait(), WARM_AFTER_S)
        await asyncio.sleep(TOLD_S)
        making = asyncio.create_task(asyncio.to_thread(make), name="make")
        await asyncio.sleep(0)  # it has begun: what else is loaded comes after what it compiles
        ground.there.set()
        await making
        garbage.rarely()  # all parts are made
        ground.warm.set()
        await asyncio.Event().wait()

    if not ground.outside.real_time:
        ground.there.set()
        ground.warm.set()
        return ()
    return (Life("warming", listen=lambda: ground.outside.bus.on_connect(note), run=run),)


def _suspects(plugs: Plugs) -> dict[str, str]:
    """Module → component; the rest of somebody else's package counts for its first part."""
    named = [
        *zip(components("input", plugs.inputs), plugs.inputs, strict=True),
        *zip(components("output", plugs.outputs), plugs.outputs, strict=True),
        *(("llm", plug) for plug in plugs.llm),
        *(("stt", plug) for plug in plugs.stt),
        *(("tts", plug) for plug in plugs.tts),
        *(("memory", plug) for plug in (plugs.embedder,) if plug),
    ]
    found: dict[str, str] = {}
    for component, plug in named:
        found.setdefault(plug.module.__name__, component)
    for component, plug in named:
        package = plug.module.__name__.partition(".")[0]
        if package != "pickled":
            found.setdefault(package, component)
    return found
