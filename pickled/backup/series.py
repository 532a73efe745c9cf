"""Backups of one data folder in a folder of their own, named by date; the oldest ones go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pickled.errors import UsageError

_ENDING = ".backup"
_DATE = "????-??-??T????Z"


@dataclass(frozen=True)
class Series:
    """All of one instance."""

    folder: Path
    name: str
    """Of the data folder, so that several instances share a folder."""

    def next(self, now: datetime) -> Path:
        """The file for one that is made now, UTC; raises UsageError if there is no such folder."""
        if not self.folder.is_dir():
            raise UsageError(f"--keep wants a folder, and {self.folder} is none: make it first.")
        return self.folder / f"{self.name}-{now:%Y-%m-%dT%H%MZ}{_ENDING}"

    def thin(self, keep: int) -> tuple[Path, ...]:
        """Remove all but the newest ones; which those were. Raises OSError."""
        found = sorted(self.folder.glob(f"{_literal(self.name)}-{_DATE}{_ENDING}"))
        gone = tuple(found[:-keep])
        for each in gone:
            each.unlink(missing_ok=True)
        return gone


def _literal(name: str) -> str:
    return "".join(f"[{each}]" if each in "*?[" else each for each in name)
