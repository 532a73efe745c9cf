"""What happened is stored also at the end, and what a disk does not take is told and made good."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import apsw
import pytest

from pickled.errors import StoreError
from pickled.memory import database
from pickled.memory.database import FILE_NAME
from pickled.memory.long_term import LongTerm
from pickled.messages.chat import ChatCleared, ChatDeleted
from pickled.orchestrator.recollection import unwritten
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


@dataclass
class Disk:
    """Of the memory's file; `full` refuses every write, `tight` to write all of it anew."""

    full: bool = False
    tight: bool = False


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """A disk that can be filled."""
    found = Disk()
    transaction = database._transaction

    def work(do: Any, kind: str, connection: apsw.Connection) -> Any:
        if found.full and kind == "IMMEDIATE":
            raise StoreError("memory.sqlite: the disk is full; free some space")
        return transaction(do, kind, connection)

    vacuum = database._vacuum

    def rewrite(connection: apsw.Connection) -> None:
        if found.tight:
            raise StoreError("memory.sqlite: the disk is full; free some space")
        vacuum(connection)

    monkeypatch.setattr(database, "_transaction", work)
    monkeypatch.setattr(database, "_vacuum", rewrite)
    return found


def _texts(rig: Rig) -> set[str]:
    connection = apsw.Connection(str(rig.data_dir / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return {str(text) for (text,) in connection.execute("SELECT text FROM entry").fetchall()}
    finally:
        connection.close()


def _counted(rig: Rig, user: str) -> int:
    """Messages that the viewer's row knows of."""
    connection = apsw.Connection(str(rig.data_dir / FILE_NAME), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        found = connection.execute("SELECT sum(messages) FROM viewer WHERE name = ?", (user,))
        return int(found.fetchall()[0][0])
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


def test_memory_is_up_again_once_all_is_stored_though_chat_is_quiet(play: Play, disk: Disk) -> None:
    """Nothing more has to be said before health tells it."""

    async def scene(rig: Rig) -> None:
        disk.full = True
        rig.chat("my dog Bruno can open the fridge by himself", user="ana")
        await asyncio.sleep(20)
        assert _memory(rig).status == "degraded"
        disk.full = False
        await asyncio.sleep(20)
        assert _memory(rig).status == "up"

    assert _texts(play(scene)) == {"my dog Bruno can open the fridge by himself"}


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


def test_forgetting_where_bytes_find_no_room_is_ended_when_there_is_room(
    play: Play, disk: Disk
) -> None:
    """Who was forgotten is: of a viewer nothing is known, waits or comes back; the bytes follow."""

    def file(rig: Rig) -> bytes:
        names = (FILE_NAME, f"{FILE_NAME}-wal")
        return b"".join(
            (rig.data_dir / name).read_bytes() for name in names if (rig.data_dir / name).exists()
        )

    async def scene(rig: Rig) -> None:
        rig.chat("my parrot Canarius sings in the morning", user="wanda")
        await asyncio.sleep(2)
        disk.tight = True
        wanted = '{"viewer": "wanda", "confirm": true}'
        rig.tell("cmd/forget", wanted)
        await rig.until(rig.answers)
        (answer,) = rig.answers()
        assert (answer.code, answer.removed["entries"]) == ("ok", 1)
        assert "the disk is full" in rig.events("event/error")[-1].message
        rig.tell("cmd/forget", wanted)
        await rig.until(lambda: len(rig.answers()) == 2)
        assert rig.answers()[-1].code == "unknown_viewer"
        disk.tight = False
        await rig.until(lambda: b"Canarius" not in file(rig))

    play(scene)


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


def test_chat_on_a_full_disk_is_stored_when_there_is_room(play: Play, disk: Disk) -> None:
    """Lines, who wrote them and what was answered; health says how much waits, no error follows."""
    heard: list[str] = []

    async def scene(rig: Rig) -> None:
        disk.full = True
        rig.chat("my dog Bruno can open the fridge by himself, John", user="ana")
        heard.append((await rig.outcome()).heard)
        for number in range(30):
            rig.chat(f"story number {number} about the old lighthouse", user="ben")
            await asyncio.sleep(1)
        assert "things wait for room" in _memory(rig).detail
        assert _texts(rig) == set()
        disk.full = False
        await asyncio.sleep(8)
        assert len({each for each in _texts(rig) if "lighthouse" in each}) == 30
        assert len(rig.events("event/error")) == 1

    rig = play(scene)
    assert heard[0] in _texts(rig)
    assert _counted(rig, "ben") == 30


def test_what_finds_no_room_is_counted_and_told(
    play: Play, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The latest wait, the oldest are lost: how many is in health, and told at the end of it."""
    monkeypatch.setattr(unwritten, "MOST", 10)

    async def scene(rig: Rig) -> None:
        disk.full = True
        for number in range(25):
            rig.chat(f"story number {number} about the old lighthouse", user="ben")
            await asyncio.sleep(1)
        await asyncio.sleep(2)
        told = re.search(r"10 things wait for room, (\d+) are lost", _memory(rig).detail)
        assert told is not None
        assert int(told[1]) >= 15  # it speaks by itself, too
        disk.full = False
        await asyncio.sleep(8)
        assert f"{told[1]} things found no room" in rig.events("event/error")[-1].message
        stored = {each for each in _texts(rig) if "lighthouse" in each}
        latest = {f"story number {n} about the old lighthouse" for n in range(15, 25)}
        assert stored <= latest
        assert len(stored) >= 9

    play(scene)


def test_what_waits_for_room_can_be_taken_back(play: Play, disk: Disk) -> None:
    """A deleted line and a banned viewer leave what waits, too, and say so."""

    async def scene(rig: Rig) -> None:
        disk.full = True
        gone = rig.chat("my parrot Canarius sings in the morning", user="wanda")
        rig.chat("I know where Wanda lives, in a house with a garden", user="eve")
        rig.chat("the lighthouse was painted red and white", user="ben")
        await asyncio.sleep(3)
        rig.happen(ChatDeleted(ts=rig.clock.wall(), id=gone))
        rig.happen(ChatCleared(ts=rig.clock.wall(), user_id="id-eve"))
        await asyncio.sleep(1)
        assert [each.removed["memory"] for each in rig.events("event/retraction")] == [1, 1]
        disk.full = False
        await asyncio.sleep(15)

    assert _texts(play(scene)) == {"the lighthouse was painted red and white"}


def test_viewers_are_counted_once_if_only_half_of_it_was_written(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wrote fits on the disk, what they wrote does not: they are not seen twice for it."""
    remember, failing = LongTerm.remember, [True]

    async def once(self: LongTerm, entries: Any, **how: Any) -> int:
        if failing:
            raise StoreError("memory.sqlite: the disk is full; free some space")
        return await remember(self, entries, **how)

    monkeypatch.setattr(LongTerm, "remember", once)

    async def scene(rig: Rig) -> None:
        rig.chat("the lighthouse was painted red and white", user="ben")
        await asyncio.sleep(12)
        failing.clear()
        await asyncio.sleep(8)

    rig = play(scene)
    assert (_texts(rig), _counted(rig, "ben")) == ({"the lighthouse was painted red and white"}, 1)
