"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    status: Status
    what: str
    """What was found."""
    why: str = ""
    """What it means, or what caused it."""
    remedy: str = ""
    """How to mend it."""
