"""Foreign code can fail in any way, and it is its own failure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from pickled.errors import ModelError, PartError, VoiceError
from pickled.orchestrator.parts.fence import CLOSE_S, START_S, contained, run_part
from tests.stand_ins.virtual_time import in_virtual_time


async def _forever() -> None:
    await asyncio.Event().wait()


async def _deaf(ends_after: float = 60.0) -> None:
    """Swallows every cancellation for so long."""
    until = asyncio.get_running_loop().time() + ends_after
    while asyncio.get_running_loop().time() < until:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(ends_after)


def _raises(error: BaseException) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("odd"), "part failed: odd"),
        (KeyError(), "part failed: KeyError"),
        (VoiceError("no sound"), "part failed: no sound"),
        (SystemExit(3), "it raised SystemExit"),
        (KeyboardInterrupt(), "it raised KeyboardInterrupt"),
        (asyncio.CancelledError(), "it cancelled itself"),
        (BaseExceptionGroup("many", [SystemExit(1)]), "it raised many"),
        (ExceptionGroup("some", [ValueError("x")]), "part failed: some"),
    ],
)
async def test_contained_work_fails_as_what_its_user_expects(
    error: BaseException, told: str
) -> None:
    """Whatever it raises, also what would end the daemon."""
    with pytest.raises(ModelError, match=told):
        await contained("part", _raises(error), limit_s=1, error=ModelError)


async def test_contained_work_keeps_an_error_that_is_expected() -> None:
    """With its own words, which know the remedy."""
    with pytest.raises(ModelError, match=r"^pull it first$"):
        await contained("part", _raises(ModelError("pull it first")), limit_s=1, error=ModelError)


def test_contained_work_has_its_time() -> None:
    """It is cancelled then, and left behind where it does not care."""

    async def work() -> tuple[float, float]:
        loop, ends = asyncio.get_running_loop(), []
        for hanging in (_forever, _deaf):
            began = loop.time()
            with pytest.raises(PartError, match="no answer within 3 s"):
                await contained("part", hanging, limit_s=3)
            ends.append(loop.time() - began)
        await asyncio.sleep(100)  # until the deaf one has ended: no task is left
        return ends[0], ends[1]

    obedient, deaf = in_virtual_time(work)
    assert obedient == pytest.approx(3)
    assert deaf == pytest.approx(3 + CLOSE_S)


def test_contained_work_ends_with_who_waits_for_it() -> None:
    """A cancelled turn does not leave its work running."""
    ended: list[bool] = []

    async def work() -> None:
        async def long() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        task = asyncio.create_task(contained("part", long, limit_s=100))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    in_virtual_time(work)
    assert ended == [True]


def _part(
    start: Callable[[], Awaitable[Any]] | None = None,
    close: Callable[[], Awaitable[Any]] | None = None,
) -> Callable[[], Any]:
    @asynccontextmanager
    async def part() -> AsyncIterator[str]:
        if start is not None:
            await start()
        try:
            yield "part"
        finally:
            if close is not None:
                await close()

    return part


async def _use(part: str) -> None:
    assert part == "part"
    await asyncio.Event().wait()


def _cancelled_after(seconds: float, part: Callable[[], Any]) -> float:
    """Seconds from the cancellation to the end of a part that is cancelled."""

    async def work() -> float:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(run_part("part", part, _use))
        await asyncio.sleep(seconds)
        asked = loop.time()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        took = loop.time() - asked
        await asyncio.sleep(100)
        return took

    return in_virtual_time(work)


@pytest.mark.parametrize(
    "close", [None, _raises(ValueError("the socket was reset")), _raises(SystemExit(1))]
)
def test_part_that_raises_while_it_is_closed_is_still_cancelled(
    close: Callable[[], Awaitable[None]] | None,
) -> None:
    """Its error does not take the place of the cancellation: nobody starts it again."""
    assert _cancelled_after(5, _part(close=close)) == pytest.approx(0)


@pytest.mark.parametrize("close", [_forever, _deaf])
def test_part_that_hangs_while_it_is_closed_is_left_behind(
    close: Callable[[], Awaitable[None]],
) -> None:
    """After its time; one that only waits ends at the second call."""
    assert _cancelled_after(5, _part(close=close)) <= CLOSE_S + 0.1


@pytest.mark.parametrize("start", [_forever, _deaf])
def test_part_that_hangs_in_its_start_is_cancelled_at_once(
    start: Callable[[], Awaitable[None]],
) -> None:
    """A stop need not wait for a start."""
    assert _cancelled_after(5, _part(start=start)) <= CLOSE_S + 0.1


def test_part_that_does_not_start_in_time_has_failed() -> None:
    """So that it is tried again, and somebody hears of it."""

    async def work() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        with pytest.raises(PartError, match="did not start within 30 s"):
            await run_part("part", _part(start=_forever), _use)
        return loop.time() - began

    assert in_virtual_time(work) == pytest.approx(START_S)


async def test_part_whose_own_task_fails_ends_with_its_error() -> None:
    """A task group of its own cancels what it is used for: that is no cancellation of ours."""

    @asynccontextmanager
    async def part() -> AsyncIterator[str]:
        async with asyncio.TaskGroup() as group:
            group.create_task(_raises(ValueError("the reader died"))())  # type: ignore[arg-type]
            yield "part"

    with pytest.raises(ExceptionGroup) as failed:
        await run_part("part", part, _use)
    assert "the reader died" in str(failed.value.exceptions)


async def test_part_that_cancels_itself_has_failed() -> None:
    """It is started again, and does not end in silence."""
    with pytest.raises(PartError, match="it cancelled itself"):
        await run_part("part", _part(), lambda _: _raises(asyncio.CancelledError())())
