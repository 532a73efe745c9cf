"""What happened is stored also at the end, and what a disk does not take is told and made good."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import apsw
import pytest

from pickled.errors import StoreError
from pickled.memory import database
from pickled.memory.database import FILE_NAME
from pickled.messages.chat import ChatDeleted
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


@dataclass
class Disk:
    """Of the memory's file; `full` refuses every write."""

    full: bool = False


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """A disk that can be filled."""
    found = Disk()
    transaction = database._transaction

    def work(do: Any, kind: str, connection: apsw.Connection) -> Any:
        if found.full and kind == "IMMEDIATE":
            raise StoreError("memory.sqlite: the disk is full; free some space")
        return transaction(do, kind, connection)

    monkeypatch.setattr(database, "_transaction", work)
    return found


def _texts(rig: Rig) -> set[str]:
    connection = apsw.Connection(str(rig.data_dir / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return {str(text) for (text,) in connection.execute("SELECT text FROM entry").fetchall()}
    finally:
        connection.close()


def _memory(rig: Rig) -> Any:
    return rig.state("health/state").root["memory"]


def test_what_was_heard_right_before_the_end_is_stored(play: Play) -> None:
    """Chat and what the co-host has just said: the end does not wait for a batch, it makes one."""
    heard: list[str] = []

    async def scene(rig: Rig) -> None:
        rig.chat("my dog Bruno can open the fridge by himself, John", user="ana")
        heard.append((await rig.outcome()).heard)
        rig.chat("and my cat Minka has learned to ring the bell", user="ben")
        await asyncio.sleep(0.1)

    rig = play(scene)
    assert {heard[0], "and my cat Minka has learned to ring the bell"} <= _texts(rig)
    assert rig.stopped_s < 1


def test_full_disk_is_told_once_by_memory(play: Play, disk: Disk) -> None:
    """One `event/error`, and health for as long as it lasts; then it keeps what is new again."""

    async def scene(rig: Rig) -> None:
        disk.full = True
        for number in range(20):
            rig.chat(f"story number {number} about the old lighthouse", user="ana")
            await asyncio.sleep(1 if number < 10 else 15)
        (error,) = rig.events("event/error")
        assert (error.component, error.code) == ("memory", "not_saved")
        assert "the disk is full; free some space" in error.message
        assert _memory(rig).status == "degraded"
        disk.full = False
        for number in range(20):
            rig.chat(f"tale number {number} about the new harbour", user="ana")
            await asyncio.sleep(1)
        assert _memory(rig).status == "up"
        assert len(rig.events("event/error")) == 1

    rig = play(scene)
    assert any("harbour" in each for each in _texts(rig))


def test_forgetting_on_a_full_disk_is_rejected(play: Play, disk: Disk) -> None:
    """Message or viewer: what is still there was not forgotten; with room it is."""

    async def scene(rig: Rig) -> None:
        told = rig.chat("my parrot Canarius sings in the morning", user="wanda")
        await asyncio.sleep(2)
        wanted = (
            f'{{"message": "{told}", "confirm": true}}',
            '{"viewer": "wanda", "confirm": true}',
        )
        disk.full = True
        for each in wanted:
            rig.tell("cmd/forget", each)
        await rig.until(lambda: len(rig.answers()) == 2)
        assert [each.code for each in rig.answers()] == ["unavailable"] * 2
        assert all("the disk is full" in each.message for each in rig.answers())
        disk.full = False
        for each in wanted:
            rig.tell("cmd/forget", each)
        await rig.until(lambda: len(rig.answers()) == 4)
        assert [each.code for each in rig.answers()[2:]] == ["ok"] * 2

    rig = play(scene)
    assert b"Canarius" not in (rig.data_dir / FILE_NAME).read_bytes()


def test_deletion_on_a_full_disk_is_made_good(play: Play, disk: Disk) -> None:
    """What a moderator took back is not recalled meanwhile, and gone as soon as there is room."""

    async def scene(rig: Rig) -> None:
        gone = rig.chat("my parrot Canarius sings in the morning", user="wanda")
        await asyncio.sleep(2)
        disk.full = True
        rig.happen(ChatDeleted(ts=rig.clock.wall(), id=gone))
        await asyncio.sleep(20)
        assert any("Canarius" in each for each in _texts(rig))
        for number in range(20):
            rig.chat(f"filler line number {number}", user="others")
        rig.chat("John, whose parrot sings in the morning?", user="ana")
        await rig.outcome()
        assert "Canarius" not in str(rig.model.prompts[-1])
        disk.full = False
        await asyncio.sleep(6)
        assert not any("Canarius" in each for each in _texts(rig))

    play(scene)
