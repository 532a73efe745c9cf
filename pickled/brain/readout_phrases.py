"""What a persona reads out with, where no model words its answers: when, and in which form."""

from __future__ import annotations

from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field

from pickled.messages.stream import STREAM_EVENT_TYPES

MOMENTS: tuple[str, ...] = ("link_lost", "link_back", "idle", "scene")
"""What it speaks up about by itself: the uplink is gone or back, silence has lasted, or something
new came into the picture."""

READOUT_REASONS: tuple[str, ...] = (
    "mention", "question", "score", "chance", "ask", "streamer", *MOMENTS, *STREAM_EVENT_TYPES,
)  # fmt: skip
"""The reasons that phrases for reading out can be given for."""

_PLACEHOLDERS = frozenset({"user", "text", "count"})


def _phrase(value: str) -> str:
    try:
        pieces = list(Formatter().parse(value))
    except ValueError as error:
        raise ValueError(f"a brace is not closed or not opened ({error})") from error
    plain = all(not spec and not how for _, _, spec, how in pieces)
    names = {name for _, name, _, _ in pieces if name is not None}
    if not plain or names - _PLACEHOLDERS:
        raise ValueError("only {user}, {text} and {count} can be filled in")
    return value


Phrase = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_phrase)]
