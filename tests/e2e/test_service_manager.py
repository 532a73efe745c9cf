"""The daemon under a service manager that listens, and watches it by its signs of life."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.house import House, house
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import ROOT, python
from tests.stand_ins.service_manager import StandInManager

pytestmark = pytest.mark.e2e

WATCHDOG_S = 2.0


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[StandInManager]:
    """One that listens as systemd does."""
    with StandInManager(tmp_path / "notify") as listening:
        yield listening


@pytest.fixture
def vanishing(tmp_path: Path) -> str:
    """PYTHONPATH with a folder as pip leaves it, whose package brings that input."""
    info = tmp_path / "site" / "pickled_vanishing-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pickled-vanishing\nVersion: 1.0\n")
    entry = "[pickled.inputs]\nvanishing = tests.stand_ins.vanishing\n"
    (info / "entry_points.txt").write_text(entry)
    return os.pathsep.join((str(ROOT), str(info.parent)))


def under(manager: StandInManager, at_home: House) -> None:
    """Have what it starts be told who its service manager is."""
    at_home.environ |= {
        "NOTIFY_SOCKET": manager.address,
        "WATCHDOG_USEC": f"{WATCHDOG_S * 1e6:.0f}",
    }


async def test_daemon_says_when_it_is_ready_how_it_is_and_that_it_stops(
    tmp_path: Path, broker: Broker, manager: StandInManager
) -> None:
    """Ready once online; its status is its health; signs of life; and the end is told."""
    async with house(tmp_path, broker) as at_home:
        under(manager, at_home)
        daemon = await at_home.daemon()
        await asyncio.to_thread(manager.until, "READY=1")
        assert at_home.state("availability") == "online"
        await asyncio.to_thread(manager.until, "WATCHDOG=1")
        await asyncio.to_thread(manager.until, "STATUS=node down: none speaks")
        await asyncio.to_thread(manager.until, "WATCHDOG=1")
        daemon.terminate()
        await asyncio.to_thread(manager.until, "STOPPING=1")
        assert await asyncio.to_thread(daemon.wait) == 0


async def test_start_without_a_broker_asks_for_more_time(
    tmp_path: Path, broker: Broker, manager: StandInManager
) -> None:
    """It is not ready, says what it waits for, and is not given up while it waits."""
    async with house(tmp_path, broker) as at_home:
        under(manager, at_home)
        broker.stop()
        at_home.start("daemon", python("pickled", "run", "--config", str(at_home.config)))
        await asyncio.to_thread(manager.until, "STATUS=waiting for the broker; broker down")
        await asyncio.to_thread(manager.until, "EXTEND_TIMEOUT_USEC=30000000")
        assert ["READY=1"] not in [each[:1] for each in manager.heard]
        broker.start()
        await asyncio.to_thread(manager.until, "READY=1")


async def test_node_says_that_it_plays_and_goes_on(
    tmp_path: Path, broker: Broker, manager: StandInManager
) -> None:
    """Ready, with where its sound goes, and signs of life, until its loop hangs."""
    async with house(tmp_path, broker) as at_home:
        under(manager, at_home)
        node = await at_home.node()
        await asyncio.to_thread(manager.until, "READY=1")
        await asyncio.to_thread(manager.until, "STATUS=online; sound goes to ")
        await asyncio.to_thread(manager.until, "WATCHDOG=1")
        node.freeze()
        assert await asyncio.to_thread(manager.falls_silent, "WATCHDOG=1", 2 * WATCHDOG_S)
        node.thaw()
        node.terminate()
        await asyncio.to_thread(manager.until, "STOPPING=1")
        assert await asyncio.to_thread(node.wait) == 0


async def test_input_that_dies_without_a_word_ends_the_signs_of_life(
    tmp_path: Path, broker: Broker, manager: StandInManager, vanishing: str
) -> None:
    """The loop goes on, so a timer would still tell the watchdog that all is well."""
    go = tmp_path / "go"
    inputs = [{"kind": "vanishing", "when": str(go)}, {"kind": "replay", "file": "irl_walk"}]
    async with house(tmp_path, broker, inputs=inputs) as at_home:
        at_home.environ["PYTHONPATH"] = vanishing
        under(manager, at_home)
        await at_home.daemon()
        await asyncio.to_thread(manager.until, "READY=1")
        await asyncio.to_thread(manager.until, "WATCHDOG=1")
        await at_home.until("health/state", lambda text: '"input.vanishing"' in text)
        go.touch()
        await asyncio.to_thread(manager.until, "STATUS=no sign of life of input.vanishing")
        assert await asyncio.to_thread(manager.is_silent, "WATCHDOG=1", 2 * WATCHDOG_S)
        assert (await at_home.command("cmd/ping")).code == "ok"
