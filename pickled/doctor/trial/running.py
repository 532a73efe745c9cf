"""Inputs and outputs: they run for a while, and what comes of it is told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from pickled.doctor.check import Check
from pickled.inputs import Source
from pickled.messages.events import Event
from pickled.orchestrator.intake.inlet import Inlet
from pickled.orchestrator.parts.fence import describe, failure, give_up, ordinary
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.outputs import Output
from pickled.plugins import Plug


async def try_input(plug: Plug, _tap: PublishingTap, seconds: float, part: Source) -> list[Check]:
    """Let it run, and count what it emits."""
    events: list[Event] = []
    check = await _run(plug.kind, partial(part.run, _inlet(events).emit), seconds)
    return [check, *_counted(events)]


async def listen(part: Source) -> None:
    """Until cancelled, or to its end."""
    await part.run(_inlet([]).emit)


async def try_output(plug: Plug, tap: PublishingTap, seconds: float, part: Output) -> list[Check]:
    """Let it run while somebody seems to speak."""
    loop = asyncio.get_running_loop()
    turns = [
        loop.call_later(seconds * share, tap.tell, "speaking/state", speaks)
        for share, speaks in ((0.2, True), (0.6, False))
    ]
    check = await _run(plug.kind, part.run, seconds)
    for turn in turns:
        turn.cancel()
    actions = "; ".join(f"{name}: {what}" for name, what in part.actions.items())
    return [check, Check("actions", "ok", actions or "none")]


async def act(part: Output) -> None:
    """Until cancelled."""
    await part.run()


def _inlet(events: list[Event]) -> Inlet:
    inlet = Inlet(on_dropped=lambda _count: None)
    inlet.open(events.append)
    return inlet


async def _run(name: str, run: Callable[[], Awaitable[Any]], seconds: float) -> Check:
    began = asyncio.get_running_loop().time()
    task = asyncio.create_task(ordinary(run), name=name)
    await asyncio.wait({task}, timeout=seconds)
    if not task.done():
        await give_up(name, task)
        return Check("runs", "ok", f"for {seconds:g} s")
    took = asyncio.get_running_loop().time() - began
    if (failed := failure(task)) is None:
        why = "It is not started again: what is to go on must not return."
        return Check("runs", "warn", f"came to its end after {took:.1f} s", why)
    why = "The daemon starts it again, and says in its health that it is down."
    return Check("runs", "fail", f"failed after {took:.1f} s", why, describe(failed))


def _counted(events: list[Event]) -> list[Check]:
    if not events:
        why = "Nothing happened, or it does not hear: let something happen meanwhile."
        return [Check("events", "warn", "none came", why)]
    sorts = Counter(type(each).__name__ for each in events)
    told = ", ".join(f"{count} {sort}" for sort, count in sorts.most_common())
    checks = [Check("events", "ok", told)]
    ids = Counter(each.id for each in events if hasattr(each, "text") and hasattr(each, "id"))
    if again := [each for each, count in ids.items() if count > 1]:
        why = "A line whose id is known is dropped: ids are unique, also over restarts."
        checks.append(Check("ids", "fail", f"{again[0]!r} came {ids[again[0]]} times", why))
    return checks
