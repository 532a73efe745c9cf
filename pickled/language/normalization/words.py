"""The tables of this folder: one word or sign a line, `#` begins a comment line."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> frozenset[str]:
    """The lines of `tables/<name>.txt`."""
    text = files(__package__).joinpath("tables", f"{name}.txt").read_text("utf-8")
    return frozenset(
        line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")
    )
