"""A part is kept running, and while it is away it says why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel

from pickled.errors import ModelError
from pickled.orchestrator.parts.keeping import SETTLE_S, Kept, keeping
from pickled.plugins import Plug, Surroundings
from tests.stand_ins.virtual_time import in_virtual_time

AROUND = Surroundings(Path(), Path(), lambda _status, _detail: None)
PART = SimpleNamespace(name="oracle", judge=lambda clause: None, probe=lambda: None)


class Options(BaseModel):
    """None."""


def _kept(start: Callable[[int], Any]) -> Kept[Any]:
    """Of a plug whose `start` is told how often it was called before."""
    calls = 0

    @asynccontextmanager
    async def begin(_options: Options, _surroundings: Surroundings) -> AsyncIterator[Any]:
        nonlocal calls
        calls += 1
        yield await start(calls)

    module = ModuleType("oracle")
    module.start = begin  # type: ignore[attr-defined]
    return Kept(Plug("llm.guard", "oracle", Options(), module), AROUND, lambda: 0.5)


def test_part_that_can_not_start_is_started_again() -> None:
    """Meanwhile who needs it hears why it isn't there."""

    async def start(calls: int) -> Any:
        if calls < 3:
            raise ValueError("the file is locked")
        return PART

    async def work() -> None:
        kept = _kept(start)
        async with keeping([kept]):
            assert kept.part is None
            with pytest.raises(ModelError, match="oracle: the file is locked"):
                kept.there(ModelError)
            await asyncio.sleep(5)
            assert kept.there() is PART

    in_virtual_time(work)


def test_part_that_takes_long_to_start_is_not_waited_for() -> None:
    """The house is ready without it, and it joins when it is there."""

    async def start(_calls: int) -> Any:
        await asyncio.sleep(10)
        return PART

    async def work() -> None:
        kept, loop = _kept(start), asyncio.get_running_loop()
        changes: list[Any] = []
        kept.on_change = lambda: changes.append(kept.part)
        began = loop.time()
        async with keeping([kept]):
            assert loop.time() - began == pytest.approx(SETTLE_S)
            assert (kept.part, kept.why) == (None, "it is starting")
            await asyncio.sleep(10)
            assert kept.part is PART
            assert changes == [PART]

    in_virtual_time(work)


def test_part_that_starts_at_once_costs_no_time() -> None:
    """Nor does its end."""

    async def start(_calls: int) -> Any:
        return PART

    async def work() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with keeping([_kept(start), _kept(start)]):
            pass
        return loop.time() - began

    assert in_virtual_time(work) == pytest.approx(0)


def test_thing_that_is_no_such_part_is_refused_with_what_it_lacks() -> None:
    """As its author needs it."""

    async def start(_calls: int) -> Any:
        return object()

    async def work() -> str:
        kept = _kept(start)
        async with keeping([kept]):
            return kept.why

    assert "yields a object without `async def judge(self, clause)`" in in_virtual_time(work)
