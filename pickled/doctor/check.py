"""What a check has found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    figures: Mapping[str, float] = field(default_factory=dict)
    """What was measured, by name and unit."""
