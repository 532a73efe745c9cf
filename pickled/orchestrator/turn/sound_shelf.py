"""Keeps short sounds on the disk, by what made them: whole or not at all, and not too many."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from pickled.errors import ConfigError
from pickled.text_files import read_bytes

log = structlog.get_logger()

VERSION = 1
MOST_BYTES = 32 * 1024 * 1024
"""The oldest make room: some hundred sounds of a second each."""

LARGEST = 512 * 1024
"""Bytes of one; ten seconds."""

_HEAD = b"pickled sound 1\n"
_DIGEST = hashlib.sha256().digest_size
_ENDING = ".pcm"


def name_of(about: Mapping[str, object]) -> str:
    """A file's name for what was made so."""
    told = json.dumps({"version": VERSION, **about}, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:40]


@dataclass(frozen=True)
class SoundShelf:
    """A folder of them; for a thread."""

    folder: Path

    def read(self, name: str) -> bytes | None:
        """The sound; None if it is not there, or not what was written: then it is thrown away."""
        path = self._path(name)
        try:
            data = read_bytes(path)
        except ConfigError:
            return None
        head, digest, pcm = data[: len(_HEAD)], data[len(_HEAD) :][:_DIGEST], data[_START:]
        if head == _HEAD and pcm and digest == hashlib.sha256(pcm).digest():
            return pcm
        log.warning("a kept sound is damaged: it is made anew", file=str(path))
        with contextlib.suppress(OSError):
            path.unlink()
        return None

    def write(self, name: str, pcm: bytes) -> None:
        """Keep it; what is too large is not kept. Raises OSError if the disk does not take it."""
        if len(pcm) > LARGEST:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".{name}.{os.getpid()}"
        try:
            fresh.write_bytes(_HEAD + hashlib.sha256(pcm).digest() + pcm)
            fresh.replace(self._path(name))
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
        self._make_room()

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_ENDING}"

    def _make_room(self) -> None:
        kept = []
        for path in self.folder.iterdir():
            try:
                found = path.stat()
            except OSError:
                continue  # somebody took it away between the two
            if path.is_file() and (path.suffix == _ENDING or path.name.startswith(".")):
                kept.append((found.st_mtime_ns, found.st_size, path))
        room = MOST_BYTES
        for _, size, path in sorted(kept, reverse=True):
            room -= size
            if room < 0:
                with contextlib.suppress(OSError):
                    path.unlink()


_START = len(_HEAD) + _DIGEST
