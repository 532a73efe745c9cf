"""What was measured beside its budget: kept in `results.json`, which page and picture show."""

from __future__ import annotations

import json
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table."""

    what: str
    value: float | None
    """None: it could not be measured, `note` says why."""
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Is it within its budget? None without one, or without a value."""
        if self.value is None or (self.at_most is None and self.at_least is None):
            return None
        above = self.at_most is not None and self.value > self.at_most
        below = self.at_least is not None and self.value < self.at_least
        return not (above or below)

    @property
    def measured(self) -> str:
        """The value with its unit."""
        if self.value is None:
            return "not measured"
        digits = 0 if abs(self.value) >= 100 or not self.unit else 1
        return f"{self.value:,.{digits}f} {self.unit}".strip()

    @property
    def budget(self) -> str:
        """What was promised."""
        if self.at_most is not None:
            return f"≤ {self.at_most:,g} {self.unit}".strip()
        if self.at_least is not None:
            return f"≥ {self.at_least:,g} {self.unit}".strip()
        return ""


@dataclass(frozen=True)
class Result:
    """One benchmark's figures, when they were taken, and on what."""

    name: str
    about: str
    """One sentence: how it was measured."""
    date: str
    machine: str
    how: str
    """`quick`, `bench` or `prove`."""
    load: float | None = None
    """How busy the machine was before: processes that wanted a processor in the last minute."""
    figures: tuple[Figure, ...] = field(default=())

    @property
    def title(self) -> str:
        """Its name as a heading."""
        return self.name.replace("_", " ")


def percentile(values: Sequence[float], percent: int) -> float:
    """Of a few values the largest one is the 95th percentile."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def machine() -> str:
    """What this machine is, without its name."""
    names = (
        line.partition(":")[2].strip()
        for line in _lines("/proc/cpuinfo")
        if line.startswith("model name")
    )
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{next(names, platform.machine())}, {psutil.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def load() -> list[Result]:
    """What was measured last, benchmark by benchmark."""
    if not RESULTS.exists():
        return []
    kept: list[dict[str, Any]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return [
        Result(**each | {"figures": tuple(Figure(**one) for one in each["figures"])})
        for each in kept
    ]


def save(results: Sequence[Result]) -> None:
    """Keep these in place of those of the same name."""
    known = {each.name: each for each in load()} | {each.name: each for each in results}
    text = json.dumps([asdict(each) for each in known.values()], indent=1, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
