"""Reads the tables of a page in `hass/`, as its readers do."""

from __future__ import annotations

import re
from pathlib import Path

HASS = Path(__file__).parents[2] / "hass"

Row = dict[str, str]


def page(name: str) -> str:
    """A page's text."""
    return (HASS / name).read_text(encoding="utf-8")


def tables(text: str) -> dict[str, list[Row]]:
    """All tables, by the heading that they stand under; cells by their column's name."""
    found: dict[str, list[Row]] = {}
    for section in re.split(r"(?m)^## ", text)[1:]:
        heading, _, rest = section.partition("\n")
        lines = [line for line in rest.splitlines() if line.startswith("|")]
        rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
        names = rows[0] if rows else []
        found[heading] = [dict(zip(names, row, strict=True)) for row in rows[2:]]
    return found


def literals(cell: str) -> list[str]:
    """What stands in backticks in a cell."""
    return re.findall(r"`([^`]*)`", cell)


def payload(cell: str) -> str:
    """The payload that a cell gives: what stands in backticks, or nothing."""
    if cell == "*(empty)*":
        return ""
    (found,) = literals(cell)
    return found
