"""When is what is seen a reason to speak up unasked? Seldom: only if it is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

REMARK_AGAIN_S = 300.0
"""Between two remarks that nobody asked for."""

SETTLE_S = 30.0
"""After the first look, what was there from the beginning is no news."""

NEW_SHARE, NEW_WORDS = 0.6, 3
"""So much of its words, and so many, have not been in what was seen lately."""

_SHORTEST = 4
"""Letters; shorter words tell of no picture what it shows."""

_STEM = 5
"""Letters by which a word is known in its forms."""


@dataclass(frozen=True, slots=True)
class Lookout:
    """What is known at the moment of a decision; times in seconds of the loop's clock."""

    first_at: float
    """Of the first thing seen."""
    remarked_at: float
    """Of the last remark."""
    free: bool
    """Does nobody speak or wait for an answer, and may it speak?"""
    watched: bool
    """Is anybody there to be spoken to?"""


def worth_a_remark(text: str, lately: Iterable[str], lookout: Lookout, *, now: float) -> bool:
    """Is that new enough to be remarked on, and is this the time?"""
    if not (lookout.free and lookout.watched):
        return False
    early = now - lookout.first_at < SETTLE_S or now - lookout.remarked_at < REMARK_AGAIN_S
    return not early and is_new(text, lately)


def is_new(text: str, lately: Iterable[str]) -> bool:
    """Do most of its words name what was not in the picture lately?"""
    words = _words(text)
    fresh = words - {word for each in lately for word in _words(each)}
    return len(fresh) >= NEW_WORDS and len(fresh) >= NEW_SHARE * len(words)


def _words(text: str) -> set[str]:
    plain = "".join(each if each.isalnum() else " " for each in text.casefold())
    return {word[:_STEM] for word in plain.split() if len(word) >= _SHORTEST}
