"""The picture of what was measured: first sounds side by side, and what of each budget is used.

Attributes alone and a ground of its own: it looks the same in a light page and in a dark one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from tests.bench.figures import Figure, Result

PICTURE = Path(__file__).with_name("results.svg")

WIDTH, EDGE, ROW = 920, 24, 18
GROUND, TEXT, FAINT, OURS, OTHERS, MISSED = (
    "#161b22", "#e6edf3", "#9aa4af", "#3fb9a5", "#6b7684", "#f0883e",
)  # fmt: skip
FIRST_SOUND = "first sound, p50"
BARS_FROM, BARS_TO = 522, 700
"""Where the bars of budgets begin, and where the longest may end."""
LONGEST = 88
"""Characters that fit before a bar."""


def picture(results: Sequence[Result]) -> str:
    """It as SVG."""
    shapes: list[str] = []
    y = _first_sounds(shapes, results, EDGE + 10)
    y = _budgets(shapes, results, y + 28)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}"'
        f' height="{y}" role="img" font-family="system-ui, -apple-system, Segoe UI, Helvetica,'
        ' Arial, sans-serif" font-size="12">\n'
        "<title>From a viewer's line to the first sound, and how much of each budget is used"
        f'</title>\n<rect width="{WIDTH}" height="{y}" rx="8" fill="{GROUND}"/>\n'
    )
    return head + "\n".join(shapes) + "\n</svg>\n"


def _first_sounds(shapes: list[str], results: Sequence[Result], y: int) -> int:
    """Draws from there down; where it ended."""
    arms = [
        (each.what.removesuffix(FIRST_SOUND).removesuffix(": ") or "pickled", each)
        for result in results
        if result.name == "first_sound"
        for each in result.figures
        if each.what.endswith(FIRST_SOUND) and each.value is not None
    ]
    longest = max((each.value or 0 for _, each in arms), default=1)
    shapes.append(_text(EDGE, y, "From a viewer's line to the first sound, median", 15))
    for arm, each in arms:
        y += ROW + 6
        length = (each.value or 0) / longest * 430
        ours = arm == "pickled"
        shapes.append(_text(310, y, arm, 13, color=TEXT if ours else FAINT, anchor="end"))
        shapes.append(_bar(322, y, length, OURS if ours else OTHERS))
        shapes.append(_text(330 + length, y, each.measured, 13, color=TEXT if ours else FAINT))
    return y + ROW


def _budgets(shapes: list[str], results: Sequence[Result], y: int) -> int:
    """Draws from there down; where it ended."""
    rows = list(_with_budget(results))
    drawn = [each for each in rows if each[2] is not None]
    longest = max([1.0, *(share for _, _, share in drawn if share is not None)])
    one = BARS_FROM + (BARS_TO - BARS_FROM) / longest
    missed = sum(each.met is False for _, each, _ in rows)
    about = f"How much of each budget is used: {missed} of {len(rows)} are missed"
    shapes.append(_text(EDGE, y, about, 15))
    shapes.append(_text(one, y, "budget", 11, color=FAINT, anchor="middle"))
    top, y, last = y + 6, y + 6, ""
    for title, each, share in drawn:
        if title != last:
            y += ROW + 4
            shapes.append(_text(EDGE, y, title, bold=True))
        last = title
        y += ROW
        shapes += _row(y, each, (share or 0) * (one - BARS_FROM))
    shapes.append(
        f'<line x1="{one:.1f}" y1="{top}" x2="{one:.1f}" y2="{y + 6}" stroke="{TEXT}"'
        ' stroke-dasharray="3 3"/>'
    )
    zeros = [each for _, each, share in rows if share is None]
    kept = sum(each.met is True for each in zeros)
    notes = (
        "Where at least so much is asked for, the bar is what is asked for by what was measured.",
        f"Not drawn: {len(zeros)} counts of what must never happen; {kept} of them are 0.",
    )
    y += ROW
    for note in notes:
        y += ROW
        shapes.append(_text(EDGE, y, note, 11, color=FAINT))
    return y + EDGE


def _row(y: int, figure: Figure, length: float) -> list[str]:
    what = figure.what if len(figure.what) <= LONGEST else f"{figure.what[: LONGEST - 1]}…"
    budget = figure.budget.removesuffix(figure.unit).strip()
    told = f"{figure.measured} ({budget})" + ("" if figure.met else " missed")
    return [
        _text(BARS_FROM - 10, y, what, 11, color=FAINT, anchor="end"),
        _bar(BARS_FROM, y, length, OURS if figure.met else MISSED),
        _text(BARS_TO + 10, y, told, 11, color=FAINT if figure.met else MISSED),
    ]


def _with_budget(results: Sequence[Result]) -> Iterator[tuple[str, Figure, float | None]]:
    """Title, figure, and the share of its budget that is used; None where the budget is nothing."""
    for result in results:
        for each in result.figures:
            if each.met is None or each.value is None:
                continue
            if each.at_least is not None:
                yield result.title, each, each.at_least / each.value if each.value else 2.0
            elif each.at_most is not None:
                yield result.title, each, each.value / each.at_most if each.at_most else None


def _text(
    x: float,
    y: float,
    text: str,
    size: int = 12,
    *,
    color: str = TEXT,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" fill="{color}" text-anchor="{anchor}"'
        f"{weight}>{escape(text)}</text>"
    )


def _bar(x: float, y: float, length: float, color: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y - 10}" width="{max(length, 1):.1f}" height="12" rx="2"'
        f' fill="{color}"/>'
    )
