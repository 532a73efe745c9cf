"""Reads a file of the owner's whole, and never one that has no end or is not there to be read."""

from __future__ import annotations

import stat
from pathlib import Path

from pickled.errors import ConfigError

LARGEST = 1_000_000
"""Bytes."""

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read_text(path: Path) -> str:
    """All of a plain file in UTF-8, at most 1 MB; raises ConfigError that names it."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text") from error


def read_bytes(path: Path) -> bytes:
    """All of a plain file, at most 1 MB; raises ConfigError that names it."""
    refuse_unless_plain(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)  # it may grow while it is read
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise ConfigError(f"{path}: is larger than {LARGEST} bytes")
    return data


def refuse_unless_plain(path: Path) -> None:
    """Raises ConfigError for what might be waited for, or has no end: for all but a plain file."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise ConfigError(f"{path}: is {kind}: name a plain file")
