"""What all tests share: no task is left behind, and a real broker where it is installed."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.stand_ins.broker import Broker, installed

_GRACE_S = 2.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each async test is checked for tasks that it leaves behind."""
    for item in items:
        function = getattr(item, "function", None)
        if function is not None and inspect.iscoroutinefunction(inspect.unwrap(function)):
            item.fixturenames.insert(0, "no_leaked_tasks")  # type: ignore[attr-defined]


@pytest.fixture
async def no_leaked_tasks() -> AsyncIterator[None]:
    """Fails a test that ends with a task still running; the last fixture to be left."""
    before = asyncio.all_tasks()
    yield
    ours = asyncio.current_task()
    left = {each for each in asyncio.all_tasks() - before if each is not ours}
    if left:
        _, left = await asyncio.wait(left, timeout=_GRACE_S)
    names = sorted(each.get_name() + " " + repr(each.get_coro()) for each in left)
    for each in left:
        each.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    assert not names, f"tasks were left behind: {names}"


@pytest.fixture
def broker() -> Iterator[Broker]:
    """A Mosquitto of its own for the test, without users."""
    needs_mosquitto()
    with Broker() as started:
        yield started


def needs_mosquitto() -> None:
    """Skip the test where there is no broker to test with."""
    if not installed():
        pytest.skip("Mosquitto is not installed: `apt install mosquitto`")
