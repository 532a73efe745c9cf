"""What a prompt shows of all there is, in lines: as much as has room, or as is read in time.

For a server that reads slowly the prompt goes on where the last one ended: what was said stands
first and only grows, so that the server knows all of it but what is new. When that is too much, it
begins anew with the newest half: in batches, not a line each turn, which would cost everything
behind it each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pickled.brain.tempo import Mark, common, marked
from pickled.language.tokens import tokens

_LEAST_ASKED = 60
"""Tokens that what asks has in any case."""
_AROUND_IT = 12
"""Tokens of a template behind the prompt."""


@dataclass(frozen=True, slots=True)
class Haste:
    """How little a server reads in time."""

    room: int
    """New tokens."""
    held: tuple[Mark, ...]
    """What it has read last."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Lines of data, in parts."""

    history: Sequence[str]
    """What was said, oldest first."""
    known: Sequence[str]
    """What is remembered, what matters most first."""
    around: Sequence[str]
    """What goes on, what matters most first."""
    asked: Sequence[str]
    """What is to be answered, the last one first."""


def within(budget: int, all_of_it: Shown, *, most_around: int) -> list[str]:
    """As much as fits in so many tokens: what asks, then what goes on, is known and was said.

    The first line that asks is there in any case.
    """
    asked = [*all_of_it.asked[:1]]
    left = budget - sum(map(tokens, asked))
    asked += that_fit(all_of_it.asked[1:], left)
    left = budget - sum(map(tokens, asked))
    around = that_fit(all_of_it.around, min(left, most_around))
    left -= sum(map(tokens, around))
    known = that_fit(all_of_it.known, left)
    history = that_fit(all_of_it.history[::-1], left - sum(map(tokens, known)))
    return [*known, *history[::-1], *around, *asked[::-1]]


def asking_room(haste: Haste, task: str) -> int:
    """Tokens for the line that asks."""
    return max(_LEAST_ASKED, haste.room - tokens(task) - _AROUND_IT)


def in_haste(
    haste: Haste,
    all_of_it: Shown,
    *,
    prefix: Sequence[Mark],
    task: str,
    most_lines: int,
    budget: int,
) -> list[str]:
    """As much as is read in time; the first line that asks is there in any case.

    `prefix` stands before the data. So many lines of history, and tokens of data, are the most
    for any server.
    """
    warm = common(prefix, haste.held) == len(prefix)
    left = haste.room - tokens(task) - _AROUND_IT
    if not warm:
        left -= sum(each.tokens for each in prefix)
    asked = list(all_of_it.asked[:1])
    left -= sum(map(tokens, asked))
    asked += that_fit(all_of_it.asked[1:], left // 2)
    left -= sum(map(tokens, asked[1:]))
    known = that_fit(all_of_it.known, left // 3)
    left -= sum(map(tokens, known))
    held = haste.held[len(prefix) :] if warm else ()
    history, left = _history(all_of_it.history, held, left, most=most_lines, whole=budget // 2)
    around = that_fit(all_of_it.around, left)
    return [*history, *known, *around, *asked[::-1]]


def _history(
    lines: Sequence[str], held: Sequence[Mark], left: int, *, most: int, whole: int
) -> tuple[list[str], int]:
    """What the server knows of it already, and the newest that it does not; what room is left."""
    known = _gone_on(lines, held)
    rest = lines[known[-1] + 1 :] if known else lines
    newest = that_fit(rest[::-1], left)
    history = [lines[place] for place in known] + newest[::-1]
    if known and (len(history) > most or sum(map(tokens, history)) > whole):
        known = []
        newest = that_fit(lines[::-1][: most // 2], min(left, whole // 2))
        history = newest[::-1]
    return history, left - sum(map(tokens, newest))


def _gone_on(lines: Sequence[str], held: Sequence[Mark]) -> list[int]:
    """The places of those lines that stand, in the same order, where the data held begins."""
    places: list[int] = []
    marks = [each.line for each in marked(lines)]
    for each in held:
        after = places[-1] + 1 if places else 0
        try:
            places.append(marks.index(each.line, after))
        except ValueError:
            break
    return places


def that_fit(lines: Sequence[str], room: int) -> list[str]:
    """As many from the first on as there is room for, in tokens."""
    kept: list[str] = []
    for each in lines:
        room -= tokens(each)
        if room < 0:
            break
        kept.append(each)
    return kept
