"""Parts live and end in one order, whatever they are."""

from __future__ import annotations

import asyncio

import pytest

from pickled.daemon.life import Life, live
from pickled.orchestrator.parts.pulses import Pulses
from tests.stand_ins.virtual_time import in_virtual_time


def _life(name: str, told: list[str]) -> Life:
    async def run() -> None:
        told.append(f"{name} runs")
        try:
            await asyncio.Event().wait()
        finally:
            told.append(f"{name} ended")

    async def close() -> None:
        told.append(f"{name} closed")

    return Life(
        name,
        listen=lambda: told.append(f"{name} listens"),
        run=run,
        every_second=lambda: told.append(f"{name} ticks"),
        close=close,
    )


def test_lives_begin_in_order_and_end_the_other_way_round() -> None:
    """All listen before one runs; each has ended and closed before the one before it ends."""
    told: list[str] = []

    async def work() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(1.5, stop.set)
        await live([_life("a", told), _life("b", told), Life("idle")], stop)

    in_virtual_time(work)
    assert told == [
        "a listens", "b listens",
        "a runs", "b runs",
        "a ticks", "b ticks",
        "b ended", "b closed",
        "a ended", "a closed",
    ]  # fmt: skip


def test_part_that_fails_ends_all() -> None:
    """What decides crashes loudly; who is supervised does not come here."""

    async def broken() -> None:
        raise ValueError("out of order")

    async def work() -> None:
        with pytest.raises(ExceptionGroup) as group:
            await live([_life("a", []), Life("b", run=broken)], asyncio.Event())
        assert "out of order" in str(group.value.exceptions)

    in_virtual_time(work)


def test_part_that_ends_without_a_word_is_silent() -> None:
    """Cancelled by something, or done where it should go on; but not one that may end."""
    pulses = Pulses()

    async def over() -> None:
        await asyncio.sleep(0)

    async def cancelled() -> None:
        raise asyncio.CancelledError

    async def work() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(0.5, stop.set)
        asyncio.get_running_loop().call_later(0.4, lambda: seen.append(pulses.silent(0.0)))
        lives = [_life("a", []), Life("over", run=over), Life("gone", run=cancelled),
                 Life("inputs", run=over, ends=True)]  # fmt: skip
        await live(lives, stop, pulses)

    seen: list[tuple[str, ...]] = []
    in_virtual_time(work)
    assert seen == [("gone", "over")]
