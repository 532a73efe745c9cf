"""What all tests share: who runs alone, no task is left behind, a real broker if installed."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Generator, Iterator
from itertools import zip_longest

import pytest
import structlog
import xdist
from hypothesis import settings

from tests.stand_ins.broker import Broker, installed

_GRACE_S = 2.0

# How long an example takes says nothing while others run beside it.
settings.register_profile("side by side", deadline=None)
settings.load_profile("side by side")


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Workers get all but `alone`; each async test is checked for tasks that it leaves behind."""
    if xdist.is_xdist_worker(session):
        items[:] = [each for each in items if not each.get_closest_marker("alone")]
    elif _has_workers(session):
        items[:] = [each for each in items if each.get_closest_marker("alone")]
    for item in items:
        function = getattr(item, "function", None)
        if function is not None and inspect.iscoroutinefunction(inspect.unwrap(function)):
            item.fixturenames.insert(0, "no_leaked_tasks")  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """When the workers have run all the rest, what is `alone` runs here, one after the other."""
    done = yield
    if _has_workers(session):
        side_by_side = session.testscollected
        session.perform_collect()
        session.testscollected += side_by_side
        for item, following in zip_longest(session.items, session.items[1:]):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
    return done


def _has_workers(session: pytest.Session) -> bool:
    return bool(session.config.pluginmanager.has_plugin("dsession"))


@pytest.fixture(autouse=True)
def fresh_log() -> None:
    """What a command did to the log in one test does not reach the next."""
    structlog.reset_defaults()


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
