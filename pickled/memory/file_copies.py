"""Copies of the memory's file, beside it: made, dropped, and put in the place of a damaged one."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path

import apsw

from pickled.memory.connection import BUSY_MS, explained, load_vectors

COPIES = 2
"""How many are kept."""

WORK = ".backup-"
"""How a folder beside it begins, in which a backup is made or put back."""

_COPY = ".copy-"
_REPLACED = ".replaced-"
_DAMAGED = ".damaged-"


def newest_first(path: Path) -> list[Path]:
    """All copies of that file."""
    return _beside(path, _COPY)


def make(path: Path) -> Path:
    """A new copy, without what was deleted; the newest `COPIES` stay. Raises StoreError."""
    target = path.with_name(f"{path.name}{_COPY}{time.time_ns()}")
    unfinished = target.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    write_whole(path, unfinished)
    unfinished.rename(target)
    for old in newest_first(path)[COPIES:]:
        _remove(old)
    return target


def write_whole(path: Path, target: Path) -> None:
    """One state of the file, without what was deleted, beside who reads and writes it.

    Raises StoreError.
    """
    with explained(path):
        # On a connection of its own, so that nobody waits; `VACUUM` takes no deleted bytes along.
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.set_busy_timeout(BUSY_MS)
            load_vectors(connection)
            connection.execute("VACUUM INTO ?", (str(target),))
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        finally:
            connection.close()


def drop_all(path: Path) -> int:
    """Delete all older states: copies, and files that were moved aside; how many."""
    old = [*newest_first(path), *_beside(path, _DAMAGED), *_beside(path, _REPLACED)]
    for each in old:
        _remove(each)
    return len(old)


def drop_work(path: Path) -> None:
    """Delete what a backup is being made of, or was when its maker died."""
    for folder in path.parent.glob(f"{WORK}*"):
        shutil.rmtree(folder, ignore_errors=True)


def set_aside(path: Path) -> Path:
    """Make room for a memory that is restored; its copies go, so that none takes its place."""
    for each in newest_first(path):
        _remove(each)
    return _move_aside(path, _REPLACED)


def mend(path: Path) -> list[str]:
    """Put a good file in the place of a damaged one; what was done, in words."""
    if not path.exists() or is_whole(path):
        return []
    aside = _move_aside(path, _DAMAGED)
    for copy in newest_first(path):
        if is_whole(copy):
            path.write_bytes(copy.read_bytes())
            return [f"the memory was damaged and is kept as {aside.name}; {copy.name} replaces it"]
    return [f"the memory was damaged and is kept as {aside.name}; it starts empty"]


def is_whole(path: Path) -> bool:
    """Whether SQLite finds no damage in the file."""
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    except apsw.Error as error:
        if isinstance(error, apsw.CorruptError | apsw.NotADBError):
            return False
        with explained(path):
            raise
    try:
        connection.set_busy_timeout(BUSY_MS)
        load_vectors(connection)
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (apsw.CorruptError, apsw.NotADBError):
        return False
    except apsw.Error:
        with explained(path):
            raise
    finally:
        with contextlib.suppress(apsw.Error):
            connection.close()
    return found == ("ok",)


def _move_aside(path: Path, mark: str) -> Path:
    aside = path.with_name(f"{path.name}{mark}{time.time_ns()}")
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _beside(path: Path, mark: str) -> list[Path]:
    found = (each for each in path.parent.glob(f"{path.name}{mark}*") if each.name[-1].isdigit())
    return sorted(found, reverse=True)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
