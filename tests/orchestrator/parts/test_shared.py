"""A connection that several parts use is opened once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from pickled.errors import PartError
from pickled.orchestrator.parts.shared import Shared


@dataclass
class Services:
    """Counts what is opened and closed."""

    told: list[str] = field(default_factory=list)
    broken: bool = False

    @asynccontextmanager
    async def start(self, options: str) -> AsyncIterator[object]:
        if self.broken:
            raise PartError("no such host")
        self.told.append(f"open {options}")
        await asyncio.sleep(0.01)
        try:
            yield object()
        finally:
            self.told.append(f"close {options}")


async def test_service_is_opened_once_and_closed_at_the_end() -> None:
    """Two at the same time, and a third one later, get the same; other options are another one."""
    shared, services = Shared(), Services()
    first, second = await asyncio.gather(*(shared(services.start, "a") for _ in range(2)))
    assert first is second is await shared(services.start, "a")
    assert await shared(services.start, "b") is not first
    assert services.told == ["open a", "open b"]
    await shared.close()
    assert sorted(services.told[2:]) == ["close a", "close b"]


async def test_service_that_can_not_be_opened_is_tried_again_by_the_next() -> None:
    """All who wait hear why."""
    shared, services = Shared(), Services(broken=True)
    failed = await asyncio.gather(
        *(shared(services.start, "a") for _ in range(2)), return_exceptions=True
    )
    assert [str(each) for each in failed] == ["no such host"] * 2
    services.broken = False
    assert await shared(services.start, "a")
    await shared.close()


async def test_part_that_stops_to_wait_does_not_take_the_service_from_others() -> None:
    """It is nobody's own."""
    shared, services = Shared(), Services()
    waiting = asyncio.create_task(shared(services.start, "a"))
    other = asyncio.create_task(shared(services.start, "a"))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await other
    await shared.close()
