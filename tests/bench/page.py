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

MACHINES_BEGIN, MACHINES_END = "<!-- machines -->", "<!-- /machines -->"
MACHINES = (
    ("small board", "0.5–1 billion", "5 tokens/s, reading 20/s: *"),
    ("mini PC without a GPU", "3–4 billion", "10 tokens/s, reading 50/s, *: first sound, p50"),
    ("desktop without a GPU", "3–4 billion", "10 tokens/s, reading 200/s: *"),
    ("desktop without a GPU", "0.5–1 billion", "40 tokens/s, reading 200/s: *"),
    ("a GPU", "3–8 billion", "40 tokens/s, reading 2,000/s: *"),
)
"""The README's table of machines: about what it is, the model's parameters, and the figure."""

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
    """The README with its lines and its table of machines in their place."""
    rows = [
        f"| [{figure.what}]({LINK}#{_anchor(result)}) | {_measured(figure)} | {figure.budget} |"
        for result, figure in shown(results)
    ]
    text = _between(BEGIN, END, text, ["| what | measured | budget |", "|---|---|---|", *rows])
    head = [
        "| about this machine | model | reads | writes | first sound |",
        "|---|---|---|---|---|",
    ]
    return _between(MACHINES_BEGIN, MACHINES_END, text, [*head, *_machines(results)])


def _between(begin: str, end: str, text: str, lines: Sequence[str]) -> str:
    before, found, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return "\n".join([f"{before}{begin}", *lines, f"{end}{after}"]) if found else text


def _machines(results: Sequence[Result]) -> Iterator[str]:
    figures = [each for result in results if result.name == "hardware" for each in result.figures]
    for machine, model, pattern in MACHINES:
        writes, reads = pattern.split(" tokens/s, reading ")
        for each in figures:
            if fnmatchcase(each.what, pattern):
                told = f"{reads.partition('/')[0]} tokens/s | {writes} tokens/s | {each.measured}"
                yield f"| {machine} | {model} | {told} |"


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
