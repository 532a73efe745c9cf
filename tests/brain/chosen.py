"""Lines that wait at an open floor, and which of them is answered."""

from __future__ import annotations

from pickled.brain.crowd import Crowd
from pickled.brain.floor import Floor
from pickled.brain.selection import Rules, Selection, Verdict
from tests.brain.stage import RULES, chat, never

OPEN = Floor()


def ids(verdict: Verdict) -> list[str]:
    """Of the messages that it is about."""
    return [each.message.id for each in verdict.messages]


def filled(*lines: tuple[str, str], rules: Rules = RULES, crowd: Crowd | None = None) -> Selection:
    """A selection in which these lines wait since 0 s: user and text; the ids count from m0."""
    selection = Selection(rules, support=crowd.support if crowd else None)
    for place, (user, text) in enumerate(lines):
        message = chat(text, id=f"m{place}", user=user)
        if crowd is not None:
            crowd.add(message, now=0.0)
        assert selection.add(message, now=0.0) == []
    return selection


def answer(selection: Selection, *, now: float = 2.0) -> Verdict:
    """What is answered at that moment; without dice."""
    verdict = selection.next(OPEN, now=now, dice=never)[-1]
    assert verdict.kind == "answer"
    return verdict
