"""The corpora of this folder: a text a line, and what becomes of it, with tabs between."""

from __future__ import annotations

import csv
from pathlib import Path

CORPORA = Path(__file__).parents[2] / "corpora"


def rows(name: str) -> list[list[str]]:
    """Of a corpus, with its line breaks."""
    with (CORPORA / name).open(encoding="utf-8", newline="") as file:
        read = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [[each.replace("\\n", "\n") for each in row] for row in read if row[0][:2] != "# "]
