"""Which files of the data folder are everything that is kept, beside the memory itself."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from pickled.memory.database import FILE_NAME as MEMORY
from pickled.memory.forget import VIEWER_EXPORTS

SETTINGS = "*.json"
SECRETS = ("tokens*.json", "tokens/*")
"""What signs in somewhere: left out, or taken along encrypted."""

__all__ = ["MEMORY", "SECRETS", "SETTINGS", "is_ours", "secrets_in", "settings_in"]


def is_ours(name: str) -> bool:
    """Is it what a file of the data folder, which a backup takes along, is called?"""
    folder = "/" in name
    patterns = [each for each in (SETTINGS, *SECRETS) if ("/" in each) == folder]
    return name == MEMORY or any(fnmatchcase(name, each) for each in patterns)


def secrets_in(data_dir: Path) -> list[Path]:
    """The files that sign in somewhere."""
    return sorted(each for pattern in SECRETS for each in data_dir.glob(pattern) if _is_own(each))


def settings_in(data_dir: Path) -> list[Path]:
    """The files that hold what was set, and neither secrets nor exports about somebody."""
    exports = set(data_dir.glob(VIEWER_EXPORTS))
    others = exports.union(secrets_in(data_dir))
    return sorted(each for each in data_dir.glob(SETTINGS) if _is_own(each) and each not in others)


def _is_own(file: Path) -> bool:
    return file.is_file() and not file.is_symlink() and not file.name.startswith(".")
