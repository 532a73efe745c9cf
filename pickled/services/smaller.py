"""Which model would be fast enough where this one is not."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pickled.brain.tempo import Tempo
from pickled.text_files import read_text


@cache
def _known() -> tuple[tuple[float, str], ...]:
    """Billions of parameters, and the name; the largest first."""
    lines = read_text(Path(__file__).with_suffix(".txt")).splitlines()
    found = (each.split() for each in lines if each and not each.startswith("#"))
    return tuple(sorted(((float(size), name) for size, name in found), reverse=True))


def smaller(billions: float | None, tempo: Tempo) -> str:
    """The largest one that reads a question in time, else the smallest; "" where none is smaller.

    How fast a model reads goes by its size.
    """
    if billions is None:
        return ""
    wanted = billions / max(1.0, tempo.too_slow_by)
    less = [(size, name) for size, name in _known() if size < billions * 0.9]
    return next((name for size, name in less if size <= wanted), less[-1][1] if less else "")


def billions_of(told: object) -> float | None:
    """Of what a server says of a model's size: `3.8B`, `494.03M`."""
    if not isinstance(told, str):
        return None
    number, unit = told.strip()[:-1], told.strip()[-1:].upper()
    try:
        value = float(number) / {"B": 1.0, "M": 1000.0}[unit]
    except (ValueError, KeyError):
        return None
    return value if 0 < value < 10_000 else None
