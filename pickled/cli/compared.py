"""Two rehearsals beside each other, for a terminal and for a program."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from pickled.cli.talk import plain
from pickled.rehearsal.compare import Row, Side
from pickled.rehearsal.story import Story


def clock(t: float) -> str:
    """Minutes, seconds and tenths of the recording."""
    tenths = round(t * 10)
    return f"{tenths // 600:02d}:{tenths // 10 % 60:02d}.{tenths % 10}"


def told(side: Side) -> str:
    """What one of them did about it."""
    match side.kind:
        case "answer":
            how = "" if side.outcome == "finished" else f" ({side.outcome or 'goes on'})"
            return f"answer, {side.reason}: “{plain(side.text)}”{how}"
        case "failed":
            return f"nothing could be worded, {side.reason}"
        case "with":
            return f"goes along with another answer, {side.reason}"
        case "none":
            return "nothing"
    return f"{side.kind}: {side.reason}"


def table(rows: list[Row], first: Story, second: Story) -> Table:
    """Both side by side; where they decide otherwise is marked."""
    table = Table(show_lines=True)
    for heading in ("time", "what", first.label, second.label):
        table.add_column(heading, overflow="fold", ratio=None if heading == "time" else 1)
    for row in rows:
        what = Text(f"{plain(row.user)}: {plain(row.what)}")
        style = "" if row.same_decision else "yellow"
        sides = (Text(told(side), style) for side in (row.first, row.second))
        table.add_row(Text(clock(row.t)), what, *sides)
    return table


def differences(rows: list[Row]) -> dict[str, int]:
    """How many rows there are, and in how many the decision or the words differ."""
    answered = [row for row in rows if row.first.kind == row.second.kind == "answer"]
    return {
        "rows": len(rows),
        "decisions": sum(not row.same_decision for row in rows),
        "words": sum(not row.same_words for row in answered),
    }


def row_object(row: Row, first: Story, second: Story) -> dict[str, Any]:
    """A row for a program."""
    sides = {"first": (first, row.first), "second": (second, row.second)}
    return {
        "t": row.t,
        "user": row.user,
        "text": row.what,
        **{
            name: {
                "label": story.label,
                "decision": side.kind,
                "reason": side.reason,
                "score": side.score,
                "text": side.text,
                "outcome": side.outcome,
            }
            for name, (story, side) in sides.items()
        },
        "same_decision": row.same_decision,
        "same_words": row.same_words,
    }
