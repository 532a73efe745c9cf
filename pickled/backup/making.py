"""Makes a backup, also beside a running daemon: one state of the memory, settings, secrets."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import apsw

from pickled import __version__
from pickled.backup.archive import FORMAT, Manifest, described, pack
from pickled.backup.contents import MEMORY, secrets_in, settings_in
from pickled.backup.sealing import MAGIC, seal
from pickled.errors import BackupError
from pickled.memory import file_copies

_TRIES = 3
_ZIP = b"PK\x03\x04"

COUNTED = {
    "entries": "SELECT count(*) FROM entry",
    "viewers": "SELECT count(*) FROM viewer",
    "facts": "SELECT count(*) FROM fact",
    "visits": "SELECT count(*) FROM visit",
    "opt-outs": "SELECT count(*) FROM forgotten WHERE opted_out = 1",
    "wishes to be forgotten": "SELECT count(*) FROM forgotten WHERE opted_out = 0",
}
"""What of the memory is told to whoever makes or restores a backup."""


def make(
    data_dir: Path, target: Path, *, now: datetime, passphrase: str | None, with_secrets: bool
) -> Manifest:
    """Write everything that is kept into one file, whole or not at all, with mode 0600.

    With a passphrase it is encrypted. Raises BackupError, StoreError and OSError.
    """
    if with_secrets and passphrase is None:
        raise BackupError("what signs in somewhere is taken along only where all is encrypted")
    _refuse_foreign(target)
    for left in reversed(range(_TRIES)):
        try:
            with work_folder(data_dir) as work:
                return _make(data_dir, target, work, now, passphrase, with_secrets)
        except FileNotFoundError as error:
            if not left or not data_dir.is_dir() or not target.parent.is_dir():
                raise BackupError(f"{error.filename} is not there") from error
            # somebody was forgotten meanwhile, which took what was copied: it held them
    raise AssertionError("the last try ends it")


@contextmanager
def work_folder(data_dir: Path) -> Iterator[Path]:
    """A folder within the data folder that others can't read; gone at the end."""
    work = Path(tempfile.mkdtemp(prefix=file_copies.WORK, dir=data_dir))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def counted(connection: apsw.Connection) -> dict[str, int]:
    """How much is in a memory, in the words of `COUNTED`."""
    found = {what: connection.execute(query).fetchone() for what, query in COUNTED.items()}
    return {what: int(str(row[0])) for what, row in found.items() if row}


def _make(
    data_dir: Path,
    target: Path,
    work: Path,
    now: datetime,
    passphrase: str | None,
    with_secrets: bool,
) -> Manifest:
    memory, files = data_dir / MEMORY, []
    version, counts = 0, dict[str, int]()
    if memory.is_file():
        copy = work / MEMORY
        file_copies.write_whole(memory, copy)
        if not file_copies.is_whole(copy):
            raise BackupError(f"{memory} is damaged: see `pickled memory check`")
        version, counts = _looked_into(copy)
        files.append((MEMORY, copy))
    taken = settings_in(data_dir) + (secrets_in(data_dir) if with_secrets else [])
    for number, file in enumerate(taken):
        copy = work / f"{number}"  # as it is now: it may be replaced while the archive is written
        shutil.copyfile(file, copy)
        files.append((file.relative_to(data_dir).as_posix(), copy))
    if not files:
        raise BackupError(f"{data_dir} holds nothing that could be kept")
    manifest = Manifest(
        format=FORMAT,
        pickled=__version__,
        made_at=now,
        memory_version=version,
        counts=counts,
        secrets=with_secrets,
        parts=tuple(described(name, file) for name, file in files),
    )
    archive = work / "archive"
    pack(manifest, [file for _, file in files], archive)
    _write(archive, target, passphrase)
    return manifest


def _looked_into(copy: Path) -> tuple[int, dict[str, int]]:
    connection = apsw.Connection(str(copy), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        version = int(connection.pragma("user_version") or 0)
        return version, counted(connection) if version > 1 else {}
    finally:
        connection.close()


def _refuse_foreign(target: Path) -> None:
    """An older backup may be replaced, nothing else."""
    if target.is_dir():
        raise BackupError(f"{target} is a folder: name a file in it")
    if not target.exists():
        return
    with target.open("rb") as opened:
        begins = opened.read(len(MAGIC))
    if begins and not begins.startswith(_ZIP) and begins != MAGIC:
        raise BackupError(f"{target} exists and is no backup: name another file")


def _write(archive: Path, target: Path, passphrase: str | None) -> None:
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with archive.open("rb") as plain, os.fdopen(file, "wb") as written:
            if passphrase is None:
                shutil.copyfileobj(plain, written)
            else:
                seal(plain, written, passphrase=passphrase)
            written.flush()
            os.fsync(written.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
