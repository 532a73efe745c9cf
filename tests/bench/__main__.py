"""`python -m tests.bench [NAME …]`: measures, shows a table, keeps it, writes page and picture."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psutil
import structlog
from rich.console import Console
from rich.table import Table

from tests.bench import (
    busy,
    crowd,
    figures,
    first_sound,
    footprint,
    gate,
    hardware,
    intake,
    layout,
    many,
    mute,
    page,
    picture,
    remembering,
    sentiment,
    signed_in,
)
from tests.bench.figures import Result

BENCHES: dict[str, Any] = {
    "first_sound": first_sound,
    "hardware": hardware,
    "busy_chat": busy,
    "intake": intake,
    "gate": gate,
    "mute": mute,
    "footprint": footprint,
    "connections": layout,
    "many": many,
    "memory": remembering,
    "sentiment": sentiment,
    "crowd": crowd,
    "signed_in": signed_in,
}


def main() -> int:
    """Measure what is named, or everything; 0 also if a budget was missed: the table says so."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # clients that are ended go
    given = _arguments()
    console = Console()
    if given.write:
        _write()
        return 0
    how = "quick" if given.quick else "prove" if given.prove else "bench"
    results = []
    for name in given.names or BENCHES:
        console.print(f"{name} …", style="dim")
        load = psutil.getloadavg()[0]
        taken = asyncio.run(BENCHES[name].measure(how))
        result = Result(
            name=name,
            about=BENCHES[name].ABOUT,
            date=datetime.now(UTC).date().isoformat(),
            machine=figures.machine(),
            load=round(load, 1),
            how=how,
            figures=tuple(taken),
        )
        results.append(result)
        console.print(_table([result]))
        if how != "quick":
            figures.save([result])
            _write()
    missed = [each for result in results for each in result.figures if each.met is False]
    console.print(f"{len(missed)} budgets missed" if missed else "all budgets met")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHES)}")
    parser.add_argument("--quick", action="store_true", help="a few samples; nothing is kept")
    parser.add_argument("--prove", action="store_true", help="many samples, much longer")
    parser.add_argument(
        "--write", action="store_true", help="measure nothing, only write what was measured before"
    )
    given = parser.parse_args()
    if unknown := set(given.names) - BENCHES.keys():
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    return given


def _table(results: Sequence[Result]) -> Table:
    table = Table("what", "measured", "budget", "note")
    for result in results:
        for each in result.figures:
            style = "red" if each.met is False else "green" if each.met else ""
            value = f"[{style}]{each.measured}[/]" if style else each.measured
            table.add_row(each.what, value, each.budget, each.note)
    return table


def _write() -> None:
    results = figures.load()
    page.PAGE.write_text(page.page(results), encoding="utf-8")
    picture.PICTURE.write_text(picture.picture(results), encoding="utf-8")
    text = page.README.read_text(encoding="utf-8")
    page.README.write_text(page.readme(text, results), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
