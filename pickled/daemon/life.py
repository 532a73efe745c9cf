"""One life for every part: it listens, runs, does something each second, and closes, in order."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from pickled.orchestrator.parts.pulses import Pulses

log = structlog.get_logger()

TICK_S = 1.0


@dataclass(frozen=True)
class Life:
    """What a part does by itself; what it has no use for stays out."""

    name: str
    listen: Callable[[], None] | None = None
    """Before anything runs: subscribe, and tell what is known already."""
    run: Callable[[], Awaitable[None]] | None = None
    """Until cancelled; one that fails ends the daemon."""
    every_second: Callable[[], Awaitable[None] | None] | None = None
    close: Callable[[], Awaitable[None] | None] | None = None
    """After `run` has ended: publish what waits, and begin nothing any more."""
    ends: bool = False
    """May `run` come to its end by itself, as inputs do that have no more?"""


async def live(lives: Sequence[Life], stop: asyncio.Event, pulses: Pulses | None = None) -> None:
    """Let all of them live until `stop`, then end them one by one, the last one first."""
    for life in lives:
        if life.listen is not None:
            life.listen()
    async with asyncio.TaskGroup() as group:
        running = {
            life.name: group.create_task(_run(life.run), name=life.name)
            for life in lives
            if life.run is not None
        }
        for life in lives:
            if pulses and life.name in running and not life.ends:
                pulses.watch(life.name, partial(_goes_on, running[life.name]))
        ticking = group.create_task(_tick(lives), name="ticks")
        await stop.wait()
        log.info("stopping")
        await _end(ticking)
        for life in reversed(lives):
            if task := running.get(life.name):
                await _end(task)
            if life.close is not None:
                await _done(life.close())


def _goes_on(task: asyncio.Task[None]) -> bool:
    return not task.done()


async def _run(run: Callable[[], Awaitable[None]]) -> None:
    await run()


async def _tick(lives: Sequence[Life]) -> None:
    """Once a second: what changes by itself."""
    while True:
        await asyncio.sleep(TICK_S)
        for life in lives:
            if life.every_second is not None:
                await _done(life.every_second())


async def _done(result: Awaitable[None] | None) -> None:
    if inspect.isawaitable(result):
        await result


async def _end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
