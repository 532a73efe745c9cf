"""Kills the process that writes the memory, at random points."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest

from pickled.memory.check import findings
from pickled.memory.database import open_database

_STARTS_WITHIN_S = 30.0


async def test_nothing_acknowledged_is_lost_when_killed(tmp_path: Path) -> None:
    """After each of 8 SIGKILLs, all that was acknowledged is there, whole and indexed."""
    await _rounds(8, tmp_path)


@pytest.mark.prove
@pytest.mark.timeout(1800)
async def test_nothing_acknowledged_is_lost_when_killed_200_times(tmp_path: Path) -> None:
    """After each of 200 SIGKILLs, all that was acknowledged is there, whole and indexed."""
    await _rounds(200, tmp_path)


async def _rounds(count: int, folder: Path) -> None:
    path, notes = folder / "memory.sqlite", folder / "notes"
    dice = random.Random(count)
    for number in range(count):
        _kill_one(path, notes, number, after_s=dice.uniform(0, 0.4))
        async with open_database(path) as database:
            assert database.notices == []
            assert await database.read(findings) == []
            there = await database.read(_ids)
        kept, uncertain, forgotten = _read(notes)
        assert kept - uncertain <= there, f"lost in round {number}"
        assert not forgotten & there, f"came back in round {number}"
    assert kept, "nothing was ever written"
    assert forgotten, "nothing was ever forgotten"


def _kill_one(path: Path, notes: Path, number: int, *, after_s: float) -> None:
    before = notes.stat().st_size if notes.exists() else 0
    command = [sys.executable, "-m", "tests.memory.crash_writer", path, notes, str(number)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONWARNINGS": "ignore"}) as process:
        until = time.monotonic() + _STARTS_WITHIN_S
        while not notes.exists() or notes.stat().st_size == before:
            assert process.poll() is None, "the writer ended by itself"
            assert time.monotonic() < until, "the writer did not start"
            time.sleep(0.005)
        time.sleep(after_s)
        process.kill()


def _read(notes: Path) -> tuple[set[str], set[str], set[str]]:
    """What was kept, what was about to be forgotten, and what was."""
    whole = notes.read_text().splitlines()
    found = [line.split(maxsplit=1) for line in whole if len(line.split(maxsplit=1)) == 2]

    def those(word: str) -> set[str]:
        return {name for verb, name in found if verb == word}

    return those("kept"), those("forgetting"), those("forgotten")


def _ids(connection: apsw.Connection) -> set[str]:
    return {str(row[0]) for row in connection.execute("SELECT id FROM entry")}
