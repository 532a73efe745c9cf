"""What a persona says of a stream event by its own texts, and how those are called who did it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field

from pickled.language.plain import speakable
from pickled.messages.chat import SOMEBODY
from pickled.messages.emotion import Emotion
from pickled.messages.stream import StreamEvent

NAMED = 2
"""Of more than three people so many are named, and the others counted."""

OCCASIONS: dict[str, Emotion] = {
    "raid": "excited",
    "gift": "excited",
    "hype_train": "excited",
    "sub": "happy",
    "resub": "happy",
    "follow": "happy",
    "cheer": "love",
    "tip": "love",
}
"""The emotion with which it is told."""

_PLACEHOLDERS = (
    "user", "count", "amount", "currency", "months", "tier", "viewers", "seconds", "title", "text",
)  # fmt: skip
_LONGEST_NAME = 30
_FEW = 3


def check_text(value: str) -> str:
    """The text; raises ValueError if it can't be filled in."""
    try:
        pieces = list(Formatter().parse(value))
    except ValueError as error:
        raise ValueError(f"a brace is not closed or not opened ({error})") from error
    plain = all(not spec and not how for _, _, spec, how in pieces)
    names = {name for _, name, _, _ in pieces if name is not None}
    if not plain or names - set(_PLACEHOLDERS):
        raise ValueError(f"only {', '.join(f'{{{each}}}' for each in _PLACEHOLDERS)} are filled in")
    return value


EventText = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(check_text)]


def worded(texts: Sequence[str], events: Sequence[StreamEvent], *, count: int, turn: str) -> str:
    """One of the texts, filled in; empty if none fits what is known of the events.

    They are of one kind, oldest first; `count` people are meant, of whom these are told. The same
    turn gets the same text.
    """
    known = _known(events, count)
    fitting = [each for each in texts if _fields(each) <= known.keys()]
    if not fitting:
        return ""
    return fitting[zlib.crc32(turn.encode()) % len(fitting)].format(**known)


def spoken_name(user: str) -> str:
    """As one would call somebody: `xX_dark_wolf_99` is `xX dark wolf`."""
    name = " ".join(speakable(user).replace("_", " ").split())[:_LONGEST_NAME].strip()
    shorter = name.rstrip("0123456789 ")
    name = shorter if len(shorter) > 2 else name
    return name if any(map(str.isalnum, name)) else SOMEBODY


def listed(names: Sequence[str], *, count: int) -> str:
    """`ana`, `ana and ben`, `ana, ben and 4 others`; `count` are meant, of whom these are named."""
    known = list(dict.fromkeys(names))
    count = max(count, len(known))
    if count > _FEW:
        known = [*known[:NAMED], f"{count - len(known[:NAMED])} others"]
    return " and ".join(filter(None, (", ".join(known[:-1]), known[-1])))


def _known(events: Sequence[StreamEvent], count: int) -> dict[str, str]:
    last = events[-1]
    numbers = {
        "count": float(count),
        "amount": sum(each.amount or 0.0 for each in events),
        "months": last.months,
        "viewers": last.viewers,
        "seconds": last.in_seconds or last.seconds,
    }
    texts = {
        "user": listed([spoken_name(each.user) for each in events], count=count),
        "currency": last.currency,
        "tier": last.tier,
        "title": last.title,
        "text": last.text,
    }
    told = {name: f"{number:.0f}" if number == int(number) else f"{number:.2f}"
            for name, number in numbers.items() if number}  # fmt: skip
    return told | {name: text for name, text in texts.items() if text}


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}
