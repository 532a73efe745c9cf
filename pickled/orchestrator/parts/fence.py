"""Foreign code behind a fence: what it raises is a failure of its own, and it can't hold us up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import structlog

from pickled.errors import PartError, PickledError

log = structlog.get_logger()
T = TypeVar("T")

START_S = 30.0
"""So long a part may take to start; what loads longer loads behind its start."""

CLOSE_S = 2.0
"""So long it may take to end; then it is left behind."""


async def contained(
    name: str,
    work: Callable[[], Awaitable[T]],
    *,
    limit_s: float,
    error: Callable[[str], PickledError] = PartError,
) -> T:
    """What the work gives, done in a task of its own; whatever it fails with is an `error`.

    Work that takes longer than `limit_s` is cancelled, and left behind if it ignores that.
    """
    task = asyncio.create_task(ordinary(work), name=name)
    try:
        await asyncio.wait({task}, timeout=limit_s)
    except asyncio.CancelledError:
        await give_up(name, task)
        raise
    if not task.done():
        await give_up(name, task)
        raise error(f"no answer within {limit_s:g} s")
    if (failed := failure(task)) is not None:
        raise as_error(name, failed, error) from failed
    return task.result()


async def run_part(
    name: str,
    start: Callable[[], AbstractAsyncContextManager[T]],
    use: Callable[[T], Awaitable[None]],
    *,
    start_s: float = START_S,
) -> None:
    """Start a part, use it, and close it, all in one task.

    Raises what it fails with, and PartError if it does not start within `start_s`.
    """
    started: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def life() -> None:
        async with start() as part:
            if not started.done():  # else nobody waits for it any more
                started.set_result(None)
                await use(part)

    task = asyncio.create_task(ordinary(life), name=name)
    try:
        await asyncio.wait({task, started}, timeout=start_s, return_when=asyncio.FIRST_COMPLETED)
        if not (task.done() or started.done()):
            started.cancel()
            await give_up(name, task)
            raise PartError(f"it did not start within {start_s:g} s")
        await asyncio.wait({task})
    except asyncio.CancelledError:
        started.cancel()
        await give_up(name, task)
        raise
    if (failed := failure(task)) is not None:
        raise failed


async def give_up(name: str, task: asyncio.Task[Any]) -> None:
    """Cancel it, twice if need be; what does not end then is left behind, and said."""
    for _ in range(2):
        task.cancel()
        await asyncio.wait({task}, timeout=CLOSE_S / 2)
        if task.done():
            if not task.cancelled() and (error := task.exception()):
                log.warning("part failed while it was ended", part=name, exc_info=error)
            return
    task.add_done_callback(_unheard)
    log.error("part does not end: it is left behind", part=name)


def failure(task: asyncio.Task[Any]) -> BaseException | None:
    """What an ended task failed with; nobody but itself cancelled it."""
    return PartError("it cancelled itself") if task.cancelled() else task.exception()


def as_error(
    name: str, failed: BaseException, error: Callable[[str], PickledError]
) -> PickledError:
    """The failure as one that its user expects; what its author should see is in the log."""
    wanted = error(f"{name} failed: {describe(failed)}")
    if isinstance(failed, type(wanted)):
        return failed
    if not isinstance(failed, PickledError):
        log.warning("part raised what no part may raise", part=name, exc_info=failed)
    return wanted


def describe(error: BaseException) -> str:
    """One line on what went wrong."""
    return str(error) or type(error).__name__


async def ordinary(work: Callable[[], Awaitable[T]]) -> T:
    """For a task of its own: who raises SystemExit in it does not end the daemon."""
    try:
        return await work()
    except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
        raise PartError(f"it raised {type(error).__name__}") from error
    except BaseExceptionGroup as group:
        if isinstance(group, Exception):
            raise
        raise PartError(f"it raised {group}") from group


def _unheard(task: asyncio.Task[Any]) -> None:
    """It ended after all: nobody waits for what it says."""
    if not task.cancelled():
        task.exception()
