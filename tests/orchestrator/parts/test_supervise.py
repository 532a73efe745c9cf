"""Every part is started again, until that can't help."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from pickled.errors import ConfigError, SourceError
from pickled.orchestrator.parts.supervise import REPEATED, Owner
from tests.stand_ins.virtual_time import in_virtual_time

Told = list[tuple[str, str]]


def _run(*outcomes: Exception | None, lasting_s: float = 0.0) -> tuple[list[float], Told]:
    """When each attempt began, and what was reported."""
    began: list[float] = []
    told: Told = []

    async def work() -> None:
        loop = asyncio.get_running_loop()
        left = list(outcomes)

        async def part() -> None:
            began.append(loop.time())
            await asyncio.sleep(lasting_s)
            if error := left.pop(0):
                raise error

        owner = Owner(report=lambda *what: told.append(what), dice=lambda: 0.5)
        await owner.keep("part", part)

    in_virtual_time(work)
    return began, told


def test_part_that_fails_is_started_again_with_growing_pauses_up_to_the_cap() -> None:
    """The pause doubles from a quarter of a second, and never exceeds the cap."""
    began, told = _run(*[ValueError("oops")] * 8, None)
    pauses = [after - before for before, after in pairwise(began)]
    assert pauses[0] < 0.3
    assert pauses == sorted(pauses)
    assert pauses[-1] == pytest.approx(3.0 * 0.75)
    assert told == [*[("down", "oops")] * 8, ("disabled", "it has come to its end")]


def test_part_that_ran_well_for_long_starts_again_at_once() -> None:
    """One failure a day is no reason to wait."""
    began, _ = _run(*[ValueError("oops")] * 4, None, lasting_s=31.0)
    pauses = [after - before - 31 for before, after in pairwise(began)]
    assert max(pauses) < 0.3


@pytest.mark.parametrize("error", [ConfigError("wrong"), SourceError("suspended", permanent=True)])
def test_part_with_an_error_that_stays_is_not_started_again(error: Exception) -> None:
    """It is said once, and the part stays down."""
    began, told = _run(error, None)
    assert len(began) == 1
    assert told == [("down", str(error))]


def test_part_that_is_cancelled_ends() -> None:
    """Cancelling is never taken for a failure."""

    async def work() -> None:
        task = asyncio.create_task(
            Owner(report=lambda *_: None, dice=lambda: 0.5).keep(
                "part", lambda: asyncio.sleep(3600)
            )
        )
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    in_virtual_time(work)


def test_part_that_fails_again_and_again_is_told_now_and_then() -> None:
    """At the third failure in a row, and each time that there are twice as many."""
    repeated: list[str] = []

    async def broken() -> None:
        raise ValueError("oops")

    async def work() -> None:
        owner = Owner(
            report=lambda *_: None, dice=lambda: 0.5, on_repeated=lambda why: repeated.append(why)
        )
        task = asyncio.create_task(owner.keep("part", broken))
        await asyncio.sleep(40)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    in_virtual_time(work)
    counts = [int(why.split(" failed ")[1].split()[0]) for why in repeated]
    assert counts == [REPEATED, 2 * REPEATED, 4 * REPEATED]
