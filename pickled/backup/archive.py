"""The file itself: a zip with a manifest that knows each part by its length and digest."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pydantic import Field, ValidationError

from pickled import __version__
from pickled.errors import BackupError
from pickled.extras import update
from pickled.messages.base import Message, Timestamp

MANIFEST = "manifest.json"
FORMAT = 1
"""Of the manifest and of what the parts are called."""

_AT_ONCE = 1 << 20
_NOT_OURS = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError,
)  # fmt: skip
_LARGEST_MANIFEST = 1 << 20


class ArchivedFile(Message):
    """One file of the data folder."""

    name: str = Field(pattern=r"^[^/.\x00-\x1f][^/\x00-\x1f]*(/[^/.\x00-\x1f][^/\x00-\x1f]*)?$")
    """Within the data folder, one folder deep at most."""
    size: int = Field(ge=0)
    """Bytes."""
    sha256: str


class _Head(Message):
    """What a manifest of any format has."""

    format: int = Field(ge=1)
    pickled: str
    """The version that made it."""


class Manifest(_Head):
    """What is in a backup."""

    made_at: Timestamp
    memory_version: int = 0
    """Of the memory's schema; 0: there was no memory."""
    counts: dict[str, int] = Field(default_factory=dict)
    """How much of what is in the memory."""
    secrets: bool = False
    parts: tuple[ArchivedFile, ...]


def described(name: str, file: Path) -> ArchivedFile:
    """A file as the manifest has it; raises OSError."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return ArchivedFile(name=name, size=file.stat().st_size, sha256=digest)


def pack(manifest: Manifest, files: Sequence[Path], target: Path) -> None:
    """Write the archive; `files` are those of the manifest's parts. Raises OSError."""
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
        for part, file in zip(manifest.parts, files, strict=True):
            archive.write(file, part.name)


def unpack(archive: BinaryIO, folder: Path) -> Manifest:
    """Write all parts into a folder, each held against the manifest; raises BackupError."""
    try:
        with zipfile.ZipFile(archive) as opened:
            manifest = _manifest(opened)
            for part in manifest.parts:
                _extract(opened, part, folder / part.name)
    except _NOT_OURS as error:
        raise BackupError(f"it is torn, or no backup of pickled: {error}") from error
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    with archive.open(MANIFEST) as opened:
        text = opened.read(_LARGEST_MANIFEST)
    try:
        head = _Head.model_validate_json(text)
        if head.format > FORMAT:
            raise BackupError(
                f"it was made by a newer pickled ({head.pickled}, this is {__version__}):"
                f" update this one with {update('server')}"
            )
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise BackupError(f"its manifest can't be read: {error.errors()[0]['msg']}") from error


def _extract(archive: zipfile.ZipFile, part: ArchivedFile, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with archive.open(part.name) as opened, target.open("xb") as written:
        while size <= part.size and (piece := opened.read(_AT_ONCE)):
            size += len(piece)
            digest.update(piece)
            written.write(piece)
    if (size, digest.hexdigest()) != (part.size, part.sha256):
        raise BackupError(f"{part.name} in it is not what was put in: it is torn or was changed")
