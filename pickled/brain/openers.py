"""Which openers an answer may begin with, and whether one stands at the beginning of a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pickled.brain.safety import GateRules, check
from pickled.language.feeling.solemn import solemn
from pickled.messages.decision import Request
from pickled.messages.emotion import Emotion
from pickled.messages.opener import Opener

LAST = 10
"""So many that were used last are left out, and so many answers lie between two that are alike."""

BETWEEN = 2
"""So many answers without an opener lie between two with one: at most a third has one."""

CHANCE = 2 / 3
"""How often one is offered where it may be: three in a row would be a rhythm."""

MOST_OFFERED = 8
"""A grammar is masked token by token, and a prompt read: each costs."""

_GRAVE: tuple[Emotion, ...] = ("sad", "angry")
_AT_ONCE = ",:;–—、，"
"""Behind these marks nothing follows that would change them; a full stop may become an ellipsis."""

_SPACELESS = "、。，！？"

Occasion = Literal["any", "grave", "none"]
"""Whatever fits the answer; only what is meant for sad ones; or none."""

Use = tuple[str, int]
"""An opener, and the number of the answer that it began."""


def fits(opener: Opener, emotion: str) -> bool:
    """May it stand before an answer that feels so?"""
    return emotion in opener.emotions if opener.emotions else emotion not in _GRAVE


def occasion(request: Request) -> Occasion:
    """What the answer to it may begin with: nobody says `Oh,` to a farewell or a grief."""
    if request.origin in ("moment", "say") or not request.messages:
        return "none"
    kinds = {solemn(each.text) for each in request.messages}
    if "farewell" in kinds:
        return "none"
    return "grave" if "grief" in kinds else "any"


def fresh(
    openers: Sequence[Opener], used: Sequence[Use], *, answer: int, on: Occasion
) -> tuple[Opener, ...]:
    """Those that answer number `answer` may begin with; `used` are the last ones, oldest first."""
    if on == "none" or answer - (used[-1][1] if used else 0) <= BETWEEN:
        return ()
    left_out = min(LAST, len(openers) - 1)
    last = {text for text, _ in [*used][max(0, len(used) - left_out) :]}
    near = {text for text, at in used if answer - at <= LAST}
    return tuple(
        each
        for each in openers
        if each.text not in last | near and (on == "any" or fits(each, "sad"))
    )


def offered(openers: Sequence[Opener], *, dice: float) -> tuple[Opener, ...]:
    """Those of them among which the model may choose this time; `dice` in [0, 1)."""
    if dice >= CHANCE:
        return ()
    first = int(dice / CHANCE * len(openers))
    return tuple([*openers[first:], *openers[:first]][:MOST_OFFERED])


def bare(text: str, openers: Iterable[Opener]) -> str:
    """What was said, without the opener that it began with."""
    found = max((each.text for each in openers if text.startswith(each.text)), key=len, default="")
    return text[len(found) :].lstrip()


def unclean(openers: Iterable[Opener], *, gate: GateRules) -> list[str]:
    """Those that the gate would change or stop."""
    return [each.text for each in openers if check(each.text, gate=gate).text != each.text]


class Beginning:
    """Finds the opener that a growing text begins with."""

    def __init__(self, openers: Sequence[Opener]) -> None:
        self._openers = openers
        self._decided = not openers

    def place(self, text: str, emotion: Emotion | None, *, whole: bool) -> int | None:
        """Where it ends, told once; 0 without one; None while the text may become one.

        `whole`: no more of it comes.
        """
        if self._decided:
            return 0
        start = len(text) - len(text.lstrip())
        found = _found(text[start:], self._fitting(emotion), whole=whole)
        if found is None:
            return None
        self._decided = True
        return start + found if found else 0

    def _fitting(self, emotion: Emotion | None) -> list[str]:
        return [each.text for each in self._openers if fits(each, emotion or "neutral")]


def _found(text: str, openers: Sequence[str], *, whole: bool) -> int | None:
    if not whole and any(each != text and each.startswith(text) for each in openers):
        return None
    begun = [each for each in openers if text.startswith(each)]
    longest = max(begun, key=len, default="")
    if not longest:
        return 0
    if text == longest:
        return len(longest) if whole or longest[-1] in _AT_ONCE else None
    ended = text[len(longest)].isspace() or longest[-1] in _SPACELESS
    return len(longest) if ended else 0
