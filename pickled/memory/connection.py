"""A connection to the memory's file with all its settings, and SQLite's errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import apsw

from pickled.errors import StoreError

BUSY_MS = 5_000
"""How long a connection waits for another one."""

_OLDEST_SQLITE = (3, 51, 3)  # before it, two connections could damage a file in WAL mode


def connect(path: Path, *, read_only: bool) -> apsw.Connection:
    """A connection with all settings; for one thread."""
    if _is_old():
        raise StoreError("SQLite is older than 3.51.3 and may damage files: `pip install -U apsw`")
    flags = (
        apsw.SQLITE_OPEN_READONLY
        if read_only
        else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    )
    with explained(path):
        connection = apsw.Connection(str(path), flags=flags)
        connection.set_busy_timeout(BUSY_MS)
        load_vectors(connection)
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            # All rows are fetched: apsw does not go on to the next statement before that.
            connection.execute(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                "PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;"
                "PRAGMA recursive_triggers = ON"
            ).fetchall()
        connection.execute("PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY").fetchall()
    return connection


def load_vectors(connection: apsw.Connection) -> bool:
    """Load sqlite-vec, where it is there and works."""
    # Only found, not imported: that would import numpy.
    found = find_spec("sqlite_vec")
    if found is None or found.origin is None:
        return False
    try:
        connection.enable_load_extension(True)
        connection.load_extension(str(Path(found.origin).with_name("vec0")))
    except apsw.Error:
        return False
    finally:
        connection.enable_load_extension(False)
    return True


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, with what to do about them."""
    try:
        yield
    except apsw.Error as error:
        raise StoreError(f"{path}: {_remedy(error)}") from error


def _remedy(error: apsw.Error) -> str:
    match error:
        case apsw.FullError():
            return "the disk is full; free some space"
        case apsw.IOError():
            return f"the disk failed or is full ({error}); check it with `df` and `dmesg`"
        case apsw.CorruptError() | apsw.NotADBError():
            return "the file is damaged; restart pickled, it restores the newest copy"
        case apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError():
            return f"can't be opened ({error}); check the rights of the folder"
        case apsw.BusyError() | apsw.LockedError():
            return "another program holds the file; close it"
    return f"{error}; see `pickled memory check`"


def _is_old() -> bool:
    return tuple(int(part) for part in apsw.sqlite_lib_version().split(".")) < _OLDEST_SQLITE
