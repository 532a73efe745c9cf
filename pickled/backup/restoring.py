"""Puts a backup back: looked at as a whole first, then in the place of what is moved aside."""

from __future__ import annotations

import asyncio
import os
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import apsw

from pickled.backup.archive import Manifest, unpack
from pickled.backup.contents import MEMORY, is_ours, secrets_in, settings_in
from pickled.backup.making import work_folder
from pickled.backup.sealing import is_sealed, unseal
from pickled.errors import BackupError, StoreError
from pickled.memory import file_copies
from pickled.memory.connection import connect
from pickled.memory.database import open_database
from pickled.memory.lock import only_one
from pickled.memory.still_forgotten import Asked, asked_in, keep_forgotten


@dataclass(frozen=True)
class Restored:
    """What came of it."""

    manifest: Manifest
    set_aside: tuple[Path, ...] = ()
    """What was there before."""
    still_forgotten: int = 0
    """Viewers of the backup who were forgotten here since it was made: they stay so."""
    lost: int = 0
    """Wishes to be forgotten that stood here and can't be carried over: of another memory."""


def restore(file: Path, data_dir: Path, *, passphrase: str | None, replace: bool) -> Restored:
    """Put everything back that the file holds; with `replace` over what is there.

    Who was forgotten or opted out in what is replaced stays so. Raises BackupError, StoreError
    (a daemon has the folder), OSError; then nothing is changed.
    """
    _refuse_foreign(file)
    data_dir.mkdir(parents=True, exist_ok=True)
    memory = data_dir / MEMORY
    with only_one(memory), work_folder(data_dir) as work:
        present = [*([memory] if memory.exists() else []), *settings_in(data_dir)]
        present += secrets_in(data_dir)
        if present and not replace:
            names = ", ".join(each.name for each in present)
            raise BackupError(f"{data_dir} is not empty ({names}): --yes moves that aside")
        fresh = work / "data"
        manifest = _opened(file, work, fresh, passphrase)
        still, lost = 0, 0
        if (fresh / MEMORY).exists():
            still, lost = asyncio.run(_ready(fresh / MEMORY, _asked_here(memory)))
        aside = _set_aside([each for each in present if _is_replaced(each, data_dir, manifest)])
        _put(manifest, fresh, data_dir)
    return Restored(manifest, aside, still, lost)


def needs_passphrase(file: Path) -> bool:
    """Is it encrypted? Raises BackupError where there is no such backup."""
    _refuse_foreign(file)
    return is_sealed(file)


def _refuse_foreign(file: Path) -> None:
    if not file.is_file():
        raise BackupError(f"{file} is no file")
    if not is_sealed(file) and not zipfile.is_zipfile(file):
        raise BackupError(f"{file} is torn, or no backup of pickled")


def _opened(file: Path, work: Path, fresh: Path, passphrase: str | None) -> Manifest:
    """All of it, in a folder of its own, and held against its manifest."""
    archive = file
    fresh.mkdir()
    try:
        if is_sealed(file):
            if passphrase is None:
                raise BackupError("it is encrypted: a passphrase is needed")
            archive = work / "archive"
            with file.open("rb") as sealed, archive.open("xb") as plain:
                unseal(sealed, plain, passphrase=passphrase)
        with archive.open("rb") as opened:
            manifest = unpack(opened, fresh)
        for part in manifest.parts:
            if not is_ours(part.name):
                raise BackupError(f"{part.name} does not belong into a backup")
    except BackupError as error:
        raise BackupError(f"{file} can't be restored: {error}") from error
    return manifest


async def _ready(fresh: Path, asked: Asked) -> tuple[int, int]:
    """Check the memory, bring it to this version, and keep forgotten who is."""
    if not await asyncio.to_thread(file_copies.is_whole, fresh):
        raise BackupError("the memory in it is damaged")
    async with open_database(fresh) as database:  # raises StoreError where it is too new
        return await keep_forgotten(database, asked)


def _asked_here(present: Path) -> Asked:
    if not present.exists():
        return Asked()
    try:
        connection = connect(present, read_only=True)
        try:
            return asked_in(connection)
        finally:
            connection.close()
    except (StoreError, apsw.Error) as error:
        raise BackupError(
            f"who asked to be forgotten in {present} can't be read ({error}): move that file away"
        ) from error


def _is_replaced(file: Path, data_dir: Path, manifest: Manifest) -> bool:
    """Secrets that a backup leaves out stay as they are."""
    return manifest.secrets or file not in secrets_in(data_dir)


def _set_aside(files: list[Path]) -> tuple[Path, ...]:
    aside = []
    for file in files:
        if file.name == MEMORY:
            aside.append(file_copies.set_aside(file))
        else:
            moved = file.with_name(f"{file.name}.replaced-{time.time_ns()}")
            aside.append(file.rename(moved))
    return tuple(aside)


def _put(manifest: Manifest, fresh: Path, data_dir: Path) -> None:
    owner = data_dir.stat()
    for part in manifest.parts:
        target = data_dir / part.name
        target.parent.mkdir(mode=0o700, exist_ok=True)
        restored = fresh / part.name
        restored.chmod(0o600)
        if os.geteuid() == 0:  # as whom the daemon runs, not as whoever restores
            os.chown(restored, owner.st_uid, owner.st_gid)
        with restored.open("rb") as written:
            os.fsync(written.fileno())
        restored.replace(target)
