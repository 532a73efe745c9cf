"""A disk that is really full: what works is accepted, and kept once there is room."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pickled.messages.command import CommandEvent
from pickled.messages.state import ErrorEvent
from tests.e2e.house import House, house
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import Process

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

SETTINGS = {
    "muted": ["ON", "OFF"] * 5,
    "mic_muted": ["ON", "TOGGLE"] * 5,
    "paused": ["OFF", "ON"] * 5,
    "approval": ["OFF", "ON"] * 5,
    "discreet": ["OFF", "ON"] * 5,
    "persona": ["maple", "blitz"] * 5,
    "volume": [str(each) for each in range(40, 50)],
    "cooldown": [str(each) for each in range(10)],
    "spontaneity": [str(each) for each in range(20, 30)],
}
IN_FORCE = {
    "muted": "OFF",
    "mic_muted": "OFF",
    "paused": "ON",
    "approval": "ON",
    "discreet": "ON",
    "persona": "blitz",
    "volume": "49",
    "cooldown": "9",
    "spontaneity": "29",
}
ORDERS: dict[str, dict[str, object]] = {
    "cmd/ping": {},
    "cmd/say": {"text": "All is well here."},
    "cmd/inhibit": {"holder": "doorbell", "seconds": 0},
    "cmd/event": {"event": "follow", "user": "ana"},
    "cmd/memory_search": {"text": "rain"},
}
BACK_S = 15.0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB, where the daemon keeps all that it keeps."""
    folder = tmp_path / "data"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2M", "tmpfs", str(folder)]
    try:
        made = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no `mount` here")
    if made.returncode:
        pytest.skip(f"a small disk can't be mounted here: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path) -> None:
    """To the last byte."""
    with (disk / "ballast").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return


async def ten_of_each(at_home: House) -> list[CommandEvent]:
    """Ten commands of each kind; how they were answered."""
    answers: list[CommandEvent] = []
    for name, values in SETTINGS.items():
        answers += [await at_home.command(f"{name}/set", value) for value in values]
    for path, fields in ORDERS.items():
        answers += [await order(at_home, path, f"{path} {n}", fields) for n in range(10)]
    return answers


async def order(at_home: House, path: str, mark: str, fields: dict[str, object]) -> CommandEvent:
    """One command, and its answer."""
    moment = await at_home.send(path, json.dumps(fields | {"id": f"{mark} {at_home.now}"}))
    seen = await at_home.until("event/command", lambda text: mark in text, after=moment)
    return CommandEvent.model_validate_json(seen.payload)


def complaints(at_home: House) -> list[ErrorEvent]:
    """What was told on `event/error`."""
    payloads = at_home.watcher.payloads(at_home.root("event/error"))
    return [ErrorEvent.model_validate_json(each) for each in payloads]


async def health_is(at_home: House, status: str) -> None:
    """Wait until the settings are so."""

    def fits(text: str) -> bool:
        return json.loads(text).get("settings", {}).get("status") == status

    if not fits(at_home.state("health/state") or "{}"):
        await at_home.until("health/state", fits, after=at_home.now, timeout=BACK_S)


async def restarted(at_home: House, daemon: Process, how: str) -> None:
    """The daemon ends, and another one is there; what was accepted is in force."""
    if how == "killed":
        daemon.kill()
    else:
        daemon.terminate()
        assert await asyncio.to_thread(daemon.wait) == 0, daemon.log
    await at_home.until_state("availability", "offline")
    await at_home.daemon()
    states = await at_home.retained()
    assert {name: states[f"{name}/state"] for name in IN_FORCE} == IN_FORCE


@pytest.mark.parametrize("how", ["killed", "ended"])
async def test_what_is_accepted_on_a_full_disk_is_in_force_after_a_restart(
    tmp_path: Path, broker: Broker, disk: Path, how: str
) -> None:
    """Saved by itself when there is room, and at SIGTERM at the latest; told once each."""
    async with house(tmp_path, broker) as at_home:
        await at_home.node()
        daemon = await at_home.daemon()
        fill(disk)
        answers = await ten_of_each(at_home)
        refused = [each for each in answers if each.event_type != "accepted"]
        assert {(each.command, each.code) for each in refused} <= {("cmd/say", "busy")}
        told = {each.message for each in answers if each.command.endswith("/set")}
        why = "No space left on device"
        assert told == {f"in force now; it can't be saved ({why}) and is tried again"}
        assert [each.code for each in complaints(at_home) if each.component == "settings"] == [
            "not_saved"
        ]
        await health_is(at_home, "degraded")
        (disk / "ballast").unlink()
        if how == "killed":
            await health_is(at_home, "up")
        await restarted(at_home, daemon, how)


async def test_commands_after_there_is_room_are_as_ever(
    tmp_path: Path, broker: Broker, disk: Path
) -> None:
    """The first one that is answered without a word about the disk lasts over a kill."""
    async with house(tmp_path, broker) as at_home:
        await at_home.node()
        daemon = await at_home.daemon()
        fill(disk)
        assert "can't be saved" in (await at_home.command("muted/set", "ON")).message
        (disk / "ballast").unlink()
        answers = await ten_of_each(at_home)
        assert {each.message for each in answers if each.command.endswith("/set")} == {""}
        await restarted(at_home, daemon, "killed")


async def test_daemon_does_not_start_on_a_full_disk(
    tmp_path: Path, broker: Broker, disk: Path
) -> None:
    """It says which disk is full."""
    async with house(tmp_path, broker) as at_home:
        fill(disk)
        code, log = await at_home.run("run", "--config", str(at_home.config))
        assert code == 1
        assert f"{disk}/memory.sqlite: the disk is full; free some space" in log
        assert "Traceback" not in log


async def test_doctor_says_that_the_disk_is_full(
    tmp_path: Path, broker: Broker, disk: Path
) -> None:
    """An empty file can still be made there: that proves nothing."""
    async with house(tmp_path, broker) as at_home:
        fill(disk)
        _, told = await at_home.run("doctor", "--config", str(at_home.config))
        assert "Free some room there" in " ".join(told.split())
        (disk / "ballast").unlink()
        _, told = await at_home.run("doctor", "--config", str(at_home.config))
        assert "can be written" in " ".join(told.split())
