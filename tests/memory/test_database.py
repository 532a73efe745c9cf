"""The memory's file: threads, transactions, lock, copies, damage."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import apsw
import pytest

from pickled.errors import StoreError
from pickled.memory import connection as connection_module
from pickled.memory.database import Database, open_database
from pickled.memory.migrations import MIGRATIONS


def _set(key: str, value: str = "x"):  # type: ignore[no-untyped-def]
    return lambda to: to.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (key, value))


def _keys(connection: apsw.Connection) -> set[str]:
    return {str(row[0]) for row in connection.execute("SELECT key FROM meta WHERE key != 'salt'")}


async def _keys_of(database: Database) -> set[str]:
    return await database.read(_keys)


async def test_database_write_is_there_after_opening_again(tmp_path: Path) -> None:
    """What a write returned for is in the file, whose schema is the newest."""
    path = tmp_path / "folder" / "memory.sqlite"
    async with open_database(path) as database:
        await database.write(_set("a"))
    async with open_database(path) as database:
        assert await _keys_of(database) == {"a"}
        assert await database.read(lambda of: of.pragma("user_version")) == len(MIGRATIONS)
        assert database.notices == []


async def test_database_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A transaction is undone as a whole, and the next one works."""

    def half(connection: apsw.Connection) -> None:
        _set("half")(connection)
        raise ValueError("midway")

    async with open_database(tmp_path / "memory.sqlite") as database:
        with pytest.raises(ValueError, match="midway"):
            await database.write(half)
        await database.write(_set("whole"))
        assert await _keys_of(database) == {"whole"}


async def test_database_works_in_threads_of_its_own(tmp_path: Path) -> None:
    """Neither reading nor writing is done where the event loop runs."""
    async with open_database(tmp_path / "memory.sqlite") as database:
        seen = {
            await database.write(lambda _: threading.get_ident()),
            await database.read(lambda _: threading.get_ident()),
        }
    assert len(seen) == 2
    assert threading.get_ident() not in seen


async def test_database_too_many_waiting_are_refused(tmp_path: Path) -> None:
    """The queue has a limit; who comes later is told, and those who wait are served."""
    held = threading.Event()
    async with open_database(tmp_path / "memory.sqlite") as database:
        first = asyncio.ensure_future(database.write(lambda _: held.wait(30)))
        waiting = [asyncio.ensure_future(database.write(lambda _: True)) for _ in range(400)]
        await asyncio.sleep(0)
        refused = [each for each in waiting if each.done() and each.exception()]
        held.set()
        answers = await asyncio.gather(first, *waiting, return_exceptions=True)
    assert refused
    assert all(isinstance(each.exception(), StoreError) for each in refused)
    assert answers.count(True) == 401 - len(refused)


async def test_database_second_writer_is_told_who_is_first(tmp_path: Path) -> None:
    """Another process holds the lock: its number is in the error."""
    path = tmp_path / "memory.sqlite"
    code = (
        "import sys, pathlib\n"
        "from pickled.memory.lock import only_one\n"
        "with only_one(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert await asyncio.to_thread(other.stdout.readline) == b"held\n"
        with pytest.raises(StoreError, match=f"process {other.pid}"):
            async with open_database(path):
                pass
        other.kill()
    async with open_database(path) as database:
        assert await _keys_of(database) == set()


async def test_database_read_only_beside_a_writer(tmp_path: Path) -> None:
    """A second process may read what is committed, and not write."""
    path = tmp_path / "memory.sqlite"
    async with open_database(path) as writer, open_database(path, read_only=True) as reader:
        await writer.write(_set("a"))
        assert await _keys_of(reader) == {"a"}
        with pytest.raises(StoreError, match="reading only"):
            await reader.write(_set("b"))


async def test_database_read_only_without_a_file(tmp_path: Path) -> None:
    """Looking into a memory that is not there makes none."""
    path = tmp_path / "memory.sqlite"
    with pytest.raises(StoreError, match="there is no memory yet"):
        async with open_database(path, read_only=True):
            pass
    assert not path.exists()


async def test_database_damaged_file_is_replaced_by_the_newest_copy(tmp_path: Path) -> None:
    """It is moved aside, the newest good copy takes its place, and somebody is told."""
    path = tmp_path / "memory.sqlite"
    async with open_database(path) as database:
        await database.write(_set("before the copy"))
        copy = await database.copy()
        await database.write(_set("after the copy"))
        await database.copy()
        await database.write(_set("later"))
    newest, older = database.copies()
    assert older == copy
    newest.write_bytes(b"damaged, too")
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    async with open_database(path) as database:
        assert await _keys_of(database) == {"before the copy"}
        assert copy.name in database.notices[0]
    aside = [each for each in tmp_path.iterdir() if ".damaged-" in each.name]
    assert len(aside) == 1


async def test_database_damaged_file_without_copy_starts_empty(tmp_path: Path) -> None:
    """The damaged one is kept, an empty one takes its place, and the notice says so."""
    path = tmp_path / "memory.sqlite"
    path.write_bytes(b"no database at all" * 1000)
    async with open_database(path) as database:
        assert await _keys_of(database) == set()
        assert "starts empty" in database.notices[0]


async def test_database_copies_are_few_and_can_be_dropped(tmp_path: Path) -> None:
    """Only the newest two are kept, and none after `drop_copies`."""
    async with open_database(tmp_path / "memory.sqlite") as database:
        made = [await database.copy() for _ in range(3)]
        assert database.copies() == [made[2], made[1]]
        assert database.drop_copies() == 2
        assert database.copies() == []


async def test_database_of_a_newer_pickled_is_left_alone(tmp_path: Path) -> None:
    """The error says which side to update, and nothing is changed."""
    path = tmp_path / "memory.sqlite"
    async with open_database(path) as database:
        await database.write(lambda to: to.pragma("user_version", 99))
    for read_only in (False, True):
        with pytest.raises(StoreError, match="update this one with `git pull"):
            async with open_database(path, read_only=read_only):
                pass


async def test_database_migrates_after_a_copy(tmp_path: Path) -> None:
    """A file of the first version is brought on; a copy of it as it was stays."""
    path = tmp_path / "memory.sqlite"
    first = apsw.Connection(str(path))
    first.execute(MIGRATIONS[0])
    first.execute("INSERT INTO meta VALUES ('old', 'x')")
    first.pragma("user_version", 1)
    first.close()
    async with open_database(path) as database:
        assert "old" in await _keys_of(database)
        assert len(database.copies()) == 1
        assert "version 1" in database.notices[0]


async def test_database_full_disk_says_so(tmp_path: Path) -> None:
    """A write that finds no room names the remedy, and the memory goes on."""

    def fill(connection: apsw.Connection) -> None:
        pages = connection.pragma("page_count")
        connection.pragma("max_page_count", pages)
        try:
            _set("big", "x" * 1_000_000)(connection)
        finally:
            connection.pragma("max_page_count", 1_000_000)

    async with open_database(tmp_path / "memory.sqlite") as database:
        with pytest.raises(StoreError, match="disk is full"):
            await database.write(fill)
        await database.write(_set("small"))
        assert await _keys_of(database) == {"small"}


async def test_database_without_sqlite_vec_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the extension can't be loaded, the memory opens, and says that words alone serve."""
    monkeypatch.setattr(connection_module, "load_vectors", lambda _: False)
    async with open_database(tmp_path / "memory.sqlite") as database:
        assert not database.vectors
        assert "words alone" in database.notices[0]


async def test_database_compact_leaves_no_deleted_bytes(tmp_path: Path) -> None:
    """After `compact`, neither the file nor its journal holds what was deleted."""
    path = tmp_path / "memory.sqlite"
    async with open_database(path) as database:
        await database.write(_set("a", "canarybird" * 50))
        await database.write(lambda to: to.execute("DELETE FROM meta WHERE key = 'a'"))
        await database.compact()
        files = [each for each in tmp_path.iterdir() if each.is_file()]
        assert not [each for each in files if b"canarybird" in each.read_bytes()]
