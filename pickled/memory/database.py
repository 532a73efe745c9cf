"""The memory's one SQLite file: a thread that writes, a thread that reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import apsw
import structlog

from pickled.errors import StoreError
from pickled.extras import update
from pickled.memory import file_copies
from pickled.memory.connection import connect, explained
from pickled.memory.lock import only_one
from pickled.memory.migrations import MIGRATIONS

log = structlog.get_logger()
T = TypeVar("T")

FILE_NAME = "memory.sqlite"

_MOST_WAITING = 256
_CHECKPOINT_TRIES = 20


class Database:
    """An open memory file. Work is done in its threads, never on the event loop."""

    def __init__(self, path: Path, *, reader: _Lane, writer: _Lane | None = None) -> None:
        self.path = path
        self.vectors = False
        """Whether sqlite-vec is there."""
        self.notices: list[str] = []
        """What somebody should know: what was damaged, what is missing, what was done."""
        self._reader = reader
        self._writer = writer

    @property
    def read_only(self) -> bool:
        """Whether `write` is refused."""
        return self._writer is None

    async def write(self, work: Callable[[apsw.Connection], T]) -> T:
        """Run `work` as one transaction; committed when it returns, undone when it raises.

        One after the other, in the order of the calls. Raises StoreError when too many wait.
        """
        if self._writer is None:
            raise StoreError(f"{self.path} is open for reading only")
        return await self._writer.run(partial(_transaction, work, "IMMEDIATE"))

    async def read(self, work: Callable[[apsw.Connection], T]) -> T:
        """Run `work` on one state of the file, beside what is being written."""
        return await self._reader.run(partial(_transaction, work, "DEFERRED"))

    async def copy(self) -> Path:
        """Make a copy beside the file, without what was deleted; a few are kept."""
        return await asyncio.to_thread(file_copies.make, self.path)

    def copies(self) -> list[Path]:
        """All copies, the newest first."""
        return file_copies.newest_first(self.path)

    def drop_copies(self) -> int:
        """Delete all older states: copies, and damaged files that were moved aside.

        Whoever forgets something calls it: what was forgotten is in them.
        """
        return file_copies.drop_all(self.path)

    async def compact(self) -> None:
        """Rewrite the file without the bytes of what was deleted, and empty its journal."""
        if self._writer is None:
            raise StoreError(f"{self.path} is open for reading only")
        await self._writer.run(_vacuum)
        for _ in range(_CHECKPOINT_TRIES):
            if await self._writer.run(_checkpoint):
                return
            await asyncio.sleep(0.05)  # somebody reads: their pages stay until they have done
        raise StoreError(f"{self.path} is being read all the time: its journal can't be emptied")

    async def size(self) -> int:
        """Bytes on disk, journal included."""
        return await asyncio.to_thread(_size, self.path)


@asynccontextmanager
async def open_database(path: Path, *, read_only: bool = False) -> AsyncIterator[Database]:
    """Open (and make, mend, migrate) the memory file; to write, under the lock.

    Raises StoreError that names the remedy. A damaged file is moved aside, and the newest good
    copy takes its place, or an empty one; `notices` says so.
    """
    notices: list[str] = []
    async with AsyncExitStack() as stack:
        writer = None
        if not read_only:
            await asyncio.to_thread(_make_folder, path.parent)
            stack.enter_context(only_one(path))
            notices += await asyncio.to_thread(_mend, path)
            open_it = partial(_open_to_write, path, notices)
            writer = await stack.enter_async_context(_lane("memory writer", open_it))
        elif not await asyncio.to_thread(path.is_file):
            raise StoreError(f"there is no memory yet: {path} does not exist")
        open_it = partial(_open_to_read, path)
        reader = await stack.enter_async_context(_lane("memory reader", open_it))
        database = Database(path, reader=reader, writer=writer)
        why = await database.read(_vectors_missing)
        database.vectors = why is None
        if why:
            notices.append(f"sqlite-vec can't be used, words alone serve: {why}")
        database.notices = notices
        for each in notices:
            log.warning("memory", notice=each)
        yield database


class _Lane:
    """One thread with its own connection, and those who wait for it."""

    def __init__(self, executor: ThreadPoolExecutor, connection: apsw.Connection) -> None:
        self._executor = executor
        self._connection = connection
        self._waiting = 0

    async def run(self, work: Callable[[apsw.Connection], T]) -> T:
        if self._waiting >= _MOST_WAITING:
            raise StoreError(f"{_MOST_WAITING} requests wait for the memory: it is overloaded")
        self._waiting += 1
        future = asyncio.get_running_loop().run_in_executor(self._executor, work, self._connection)
        future.add_done_callback(self._done)
        return await future

    def _done(self, future: asyncio.Future[T]) -> None:
        self._waiting -= 1
        if not future.cancelled():
            future.exception()  # whoever waited may be gone


@asynccontextmanager
async def _lane(name: str, open_it: Callable[[], apsw.Connection]) -> AsyncIterator[_Lane]:
    executor = ThreadPoolExecutor(1, thread_name_prefix=name)
    loop = asyncio.get_running_loop()
    try:
        connection = await loop.run_in_executor(executor, open_it)
        try:
            yield _Lane(executor, connection)
        finally:
            closing = loop.run_in_executor(executor, connection.close)
            await asyncio.shield(closing)
    finally:
        executor.shutdown(wait=False)


def _transaction(work: Callable[[apsw.Connection], T], kind: str, connection: apsw.Connection) -> T:
    with explained(Path(connection.filename)):
        connection.execute(f"BEGIN {kind}")
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return result


def _open_to_read(path: Path) -> apsw.Connection:
    connection = connect(path, read_only=True)
    with explained(path):
        version = int(connection.pragma("user_version") or 0)
    if version == len(MIGRATIONS):
        return connection
    connection.close()
    if version > len(MIGRATIONS):
        raise _newer(path, version)
    raise StoreError(f"{path} is of an older pickled: start `pickled run` once, it brings it on")


def _newer(path: Path, version: int) -> StoreError:
    return StoreError(
        f"{path} is of a newer pickled (version {version}, this one knows"
        f" {len(MIGRATIONS)}): update this one with {update('server')}"
    )


def _open_to_write(path: Path, notices: list[str]) -> apsw.Connection:
    connection = connect(path, read_only=False)
    try:
        with explained(path):
            _migrate(connection, path, notices)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: apsw.Connection, path: Path, notices: list[str]) -> None:
    version = int(connection.pragma("user_version") or 0)
    if version > len(MIGRATIONS):
        raise _newer(path, version)
    if version == len(MIGRATIONS):
        return
    if version:
        kept = file_copies.make(path)
        notices.append(f"the file was brought from version {version} on; {kept.name} is as it was")
    for number, step in enumerate(MIGRATIONS[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(step)
            if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
                raise StoreError(f"{path}: step {number} leaves {broken} without its row")
            connection.pragma("user_version", number)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _vectors_missing(connection: apsw.Connection) -> str | None:
    try:
        connection.execute("SELECT vec_version()").fetchone()
    except apsw.SQLError as error:
        return str(error)
    return None


def _vacuum(connection: apsw.Connection) -> None:
    with explained(Path(connection.filename)):
        connection.execute("VACUUM")


def _checkpoint(connection: apsw.Connection) -> bool:
    """Whether all of the journal is in the file, and the journal empty."""
    with explained(Path(connection.filename)):
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() or (1, 0, 0)
    return not busy


def _mend(path: Path) -> list[str]:
    try:
        return file_copies.mend(path)
    except OSError as error:
        raise StoreError(f"{path} can't be mended: {error.strerror}; check the disk") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} can't be made: {error.strerror}; check data_dir") from error


def _size(path: Path) -> int:
    parts = (path.with_name(path.name + ending) for ending in ("", "-wal", "-shm"))
    return sum(part.stat().st_size for part in parts if part.exists())
