"""Parts of others that do what no part should, in the real daemon: it serves on, and it ends."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from pickled.messages.state import ErrorEvent, Health
from tests.e2e.house import House, house
from tests.stand_ins.broker import Broker
from tests.stand_ins.faulty import FOLDERS
from tests.stand_ins.processes import ROOT, Process, python

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

STOP_S = 5.0
KINDS = (
    "blocks",
    "closes-badly",
    "dies",
    "exits",
    "first-of-all",
    "hangs",
    "never-ends",
    "refuses",
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder as pip leaves it, with a package that brings all kinds to each folder."""
    info = tmp_path / "site" / "pickled_faulty-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pickled-faulty\nVersion: 1.0\n")
    points = [
        "\n".join([f"[pickled.{folder}]", *(f"{each} = {module(folder)}" for each in KINDS)])
        for folder in FOLDERS
    ]
    (info / "entry_points.txt").write_text("\n".join(points))
    return info.parent


def module(folder: str) -> str:
    """Where its parts are."""
    return f"tests.stand_ins.faulty.{folder}"


def kind(name: str, fault: str, **more: Any) -> dict[str, Any]:
    """A section of the configuration."""
    assert name in KINDS
    return {"kind": name, "fault": fault, **more}


def with_site(at_home: House, site: Path) -> House:
    """Have what it starts find the package."""
    at_home.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(site)))
    return at_home


async def end(daemon: Process) -> tuple[int, float]:
    """Ask it to end; the exit code, and how long it took."""
    begun = time.monotonic()
    daemon.terminate()
    code = await asyncio.to_thread(daemon.wait, 2 * STOP_S)
    return code, time.monotonic() - begun


async def until_health(at_home: House, component: str, status: str, detail: str) -> None:
    """Wait until a component is so, for that reason."""

    def fits(text: str) -> bool:
        found = Health.model_validate_json(text).root.get(component)
        return found is not None and found.status == status and detail in found.detail

    await at_home.until("health/state", fits)


@pytest.mark.alone
async def test_many_faults_at_once_are_named_and_the_end_is_in_order(
    tmp_path: Path, broker: Broker, site: Path
) -> None:
    """It speaks all the while; what does not end is left behind, and it says good-bye itself."""
    parts: dict[str, Any] = {
        "inputs": [
            kind("blocks", "blocks"),
            kind("hangs", "start hangs"),
            kind("dies", "raises"),
            kind("exits", "exits"),
            kind("closes-badly", "close raises"),
            kind("never-ends", "is stubborn"),
            kind("never-ends", "close is stubborn"),
        ],
        "outputs": [kind("refuses", "listener raises"), kind("exits", "exits")],
        "llm": kind("hangs", "start hangs", fallback=[{"kind": "readout"}]),
        "tts": kind("dies", "raises", fallback=[{"kind": "local", "engine": "flite"}]),
    }
    async with house(tmp_path, broker, **parts) as at_home:
        with_site(at_home, site)
        await at_home.node()
        daemon = await at_home.daemon()
        error = await at_home.until("event/error", lambda text: '"blocked"' in text)
        told = ErrorEvent.model_validate_json(error.payload)
        assert told.component == "input.blocks"
        assert "input.blocks held everything up for 2." in told.message
        for component, status, detail in (
            ("input.blocks", "degraded", "held everything up for 2."),
            ("input.hangs", "down", "it is starting"),
            ("input.dies", "down", "a line without a colon"),
            ("input.exits", "down", "it raised SystemExit"),
            ("input.closes-badly", "up", ""),
            ("input.never-ends", "up", ""),
            ("input.never-ends.2", "up", ""),
            ("output.refuses", "up", ""),
            ("output.exits", "down", "it raised SystemExit"),
            ("llm", "degraded", "readout instead: it is starting"),
        ):
            await until_health(at_home, component, status, detail)
        turn = await at_home.say("All is well, more or less.")
        assert (await at_home.outcome(turn)).outcome == "finished"
        await until_health(at_home, "tts", "degraded", "faulty voice failed: voice is None")
        assert at_home.state("service_level/state") == "reduced"

        moment = at_home.now
        code, seconds = await end(daemon)
        assert (code, seconds < STOP_S) == (0, True), f"{code} after {seconds:.1f} s:\n{daemon.log}"
        await at_home.until("availability", "offline", after=moment)
        assert "part does not end: it is left behind" in daemon.log
        assert "the socket is gone" in daemon.log


@pytest.mark.alone
async def test_part_that_blocks_for_ever_is_cut_off_at_the_end(
    tmp_path: Path, broker: Broker, site: Path
) -> None:
    """The process ends all the same, and its exit code says that it was not in order."""
    parts = {"inputs": [kind("never-ends", "close blocks")]}
    async with house(tmp_path, broker, **parts) as at_home:
        daemon = await with_site(at_home, site).daemon()
        await until_health(at_home, "input.never-ends", "up", "")
        moment = at_home.now
        code, seconds = await end(daemon)
        assert (code, seconds < STOP_S) == (1, True), f"{code} after {seconds:.1f} s:\n{daemon.log}"
        assert "something does not end: it is cut off" in daemon.log
        await at_home.until("availability", "offline", after=moment)


@pytest.mark.alone
async def test_daemon_can_be_ended_while_a_part_blocks_its_start(
    tmp_path: Path, broker: Broker, site: Path
) -> None:
    """SIGTERM counts from the first moment, also before there is a connection to the broker."""
    parts = {"llm": kind("blocks", "start blocks")}
    async with house(tmp_path, broker, contract=False, **parts) as at_home:
        with_site(at_home, site)
        command = python("pickled", "run", "--config", str(at_home.config))
        daemon = at_home.start("daemon", command)
        await asyncio.to_thread(daemon.until_log, "configuration")
        await asyncio.sleep(1.5)  # nothing can tell from outside that it blocks
        code, seconds = await end(daemon)
        assert (code, seconds < STOP_S) == (1, True), f"{code} after {seconds:.1f} s:\n{daemon.log}"


@pytest.mark.alone
async def test_daemon_can_be_ended_while_parts_start(
    tmp_path: Path, broker: Broker, site: Path
) -> None:
    """Model and voice that never start: the daemon is there, and ends at once."""
    parts = {"llm": kind("hangs", "start hangs"), "tts": kind("hangs", "start hangs")}
    async with house(tmp_path, broker, **parts) as at_home:
        daemon = await with_site(at_home, site).daemon()
        code, seconds = await end(daemon)
        assert (code, seconds < STOP_S) == (0, True), f"{code} after {seconds:.1f} s:\n{daemon.log}"


async def test_daemon_that_can_not_start_ends_beside_a_part_that_never_does(
    tmp_path: Path, broker: Broker, site: Path
) -> None:
    """The memory is no file: that is said, and a model that ignores its end does not hold it up."""
    parts = {"llm": kind("never-ends", "close never ends")}
    async with house(tmp_path, broker, contract=False, **parts) as at_home:
        (tmp_path / "data" / "memory.sqlite").mkdir(parents=True)
        with_site(at_home, site)
        began = time.monotonic()
        code, log = await at_home.run("run", "--config", str(at_home.config))
    assert code == 1
    assert "memory.sqlite" in log
    assert time.monotonic() - began < 3 * STOP_S


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("lava", "outputs: there is no kind 'lava' (there are blocks"),
        ("hang", "did you mean hangs?"),
        ("replay", "outputs: there is no kind 'replay'"),
    ],
)
async def test_output_that_there_is_not_is_refused(
    tmp_path: Path, broker: Broker, site: Path, output: str, told: str
) -> None:
    """A misspelt kind, or one of an input, does not pass without a word."""
    async with house(tmp_path, broker, outputs=[{"kind": output}]) as at_home:
        with_site(at_home, site)
        code, log = await at_home.run("run", "--config", str(at_home.config))
    assert code == 1
    assert told in log
    assert "Traceback" not in log


async def test_doctor_does_not_wait_for_a_part_that_does_not_end(
    tmp_path: Path, broker: Broker, site: Path
) -> None:
    """It says so, and ends itself."""
    inputs = [kind("never-ends", "is stubborn")]
    async with house(tmp_path, broker, contract=False, inputs=inputs) as at_home:
        with_site(at_home, site)
        config = ("--config", str(at_home.config))
        code, written = await at_home.run(
            "doctor", "--json", *config, "--part", "inputs:never-ends", "--seconds", "0.3"
        )
    assert code == 1, written
    checks = json.loads(written[written.index("{") :])["checks"]
    assert "pickled-faulty 1.0" in checks[0]["what"]
    assert [each["name"] for each in checks if each["status"] == "fail"] == ["stops"]
