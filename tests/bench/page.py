"""The page that shows all that was measured, and the few lines of it that the README has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from tests.bench.figures import Figure, Result

PAGE = Path(__file__).with_name("README.md")
README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
LINK = "tests/bench/README.md"
"""The page, as the README names it."""

SHOWN = (
    ("first_sound", "first sound, p50"),
    ("first_sound", "plain pipeline: first sound, p50"),
    ("first_sound", "pipecat *, the same answers: first sound, p50"),
    ("first_sound", "pipecat *, no emotion before the text: first sound, p50"),
    ("first_sound", "first sound above what model and voice need, p50"),
    ("busy_chat", "age of an unaddressed message that is answered, p95"),
    ("busy_chat", "mentions neither answered nor expired *"),
    ("intake", "through IRC: taken in"),
    ("mute", "mute to silence at the device, daemon stopped, p95"),
    ("memory", "100,000 entries: recall, p95"),
)
"""The README's lines: benchmark and figure, `*` for what changes with a version."""

_HEAD = """\
# What was measured

Written by `make bench` from [`results.json`](results.json): every budget, what was measured for it,
and what stands beside it. A budget that is missed says **missed**; none is left out for that.
`make bench ARGS=first_sound` measures one again; `make bench ARGS=--write` only writes this page.

![Bars: a viewer's line to the first sound, and how much of each budget is used](results.svg)

The **plain pipeline** ([`plain.py`](plain.py)) is what one writes first: collect chat for 2 s, ask,
wait for the whole answer, have all of it synthesized, play it and wait.
**pipecat** ([`pipecat_arm.py`](pipecat_arm.py)) and **LiveKit**
([`livekit_arm.py`](livekit_arm.py)) are frameworks for voice agents on the same stand-ins for chat,
model and voice; without a device: their sound counts when it is handed over. What is newer than
2026-11-22 has a model that writes in the pieces of a real vocabulary ([`pieces.py`](pieces.py)).

Beside another checkout, in one run: `python -m tests.bench.chat_line FOLDER` (a new line of chat,
stage by stage), `python -m tests.bench.startup FOLDER` (until the daemon is ready), and
`python -m tests.bench.same_verdicts FOLDER`: does it still judge the same of every line?
"""


def page(results: Sequence[Result]) -> str:
    """All of it, a section for each benchmark."""
    machines = "; ".join(dict.fromkeys(each.machine for each in results))
    sections = "".join(f"\n{section}\n" for section in map(_section, results))
    return f"{_HEAD}\nMeasured on {machines}.\n{sections}"


def readme(text: str, results: Sequence[Result]) -> str:
    """The README with its lines in their place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = [
        f"| [{figure.what}]({LINK}#{_anchor(result)}) | {_measured(figure)} | {figure.budget} |"
        for result, figure in shown(results)
    ]
    lines = "\n".join(["| what | measured | budget |", "|---|---|---|", *rows])
    return f"{before}{BEGIN}\n{lines}\n{END}{after}"


def shown(results: Sequence[Result]) -> Iterator[tuple[Result, Figure]]:
    """What the README shows, in its order."""
    for name, pattern in SHOWN:
        for result in results:
            if result.name == name:
                for figure in result.figures:
                    if fnmatchcase(figure.what, pattern):
                        yield result, figure


def _section(result: Result) -> str:
    load = "" if result.load is None else f", load before {result.load:.1f}"
    rows = [
        f"| {each.what} | {_measured(each)} | {each.budget} | {each.note} |"
        for each in result.figures
    ]
    lines = [
        f"## {result.title.capitalize()}",
        "",
        f"{result.date}{load}. How: {result.about}.",
        "",
        "| what | measured | budget | note |",
        "|---|---|---|---|",
    ]
    return "\n".join([*lines, *rows])


def _measured(figure: Figure) -> str:
    return f"{figure.measured} **missed**" if figure.met is False else figure.measured


def _anchor(result: Result) -> str:
    return result.title.replace(" ", "-")
