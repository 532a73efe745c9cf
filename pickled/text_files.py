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
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = _KINDS.get(stat.S_IFMT(mode), "something else")
            raise ConfigError(f"{path}: is {kind}: name a plain file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)  # it may grow while it is read
        if len(data) > LARGEST:
            raise ConfigError(f"{path}: is larger than {LARGEST} bytes")
        return data.decode("utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text") from error
