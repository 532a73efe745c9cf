"""An answer as it streams in: how long it is waited for, and what its end says about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from pickled.errors import ModelError, TornError
from pickled.messages.base import Strict

NO_THINKING = "switch its thinking off where it runs, or raise"


class Patience(Strict):
    """The times, in s, that every model behind an address has among its options."""

    connect_timeout_s: float = Field(default=2.0, gt=0, le=60)
    first_token_timeout_s: float = Field(default=10.0, gt=0, le=600)
    """For an answer's first words."""
    idle_timeout_s: float = Field(default=5.0, gt=0, le=600)
    """Between two pieces of an answer."""
    total_timeout_s: float = Field(default=60.0, gt=0, le=3600)
    """For a whole answer."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What came of an answer."""

    text: str = ""
    thought: bool = False
    """The model thinks; what it thinks is not for the air."""
    end: Literal["", "whole", "limit", "refused"] = ""
    """Why it ended, if it did."""


async def answered(
    pieces: AsyncGenerator[Piece, None],
    *,
    patience: Patience,
    name: str,
    most_tokens: int,
    late: Callable[[], str],
) -> AsyncGenerator[str, None]:
    """The text of an answer, each piece in time; closing it closes `pieces`.

    Raises ModelError with what `late` says, or for an answer that was refused, or said nothing;
    TornError behind the text of one that ended at its limit of tokens, or without an end. Only
    the time that is spent waiting counts, not what the reader does between two pieces.
    """
    clock = asyncio.get_running_loop().time
    limit, left = patience.first_token_timeout_s, patience.total_timeout_s
    said = thought = False
    end = ""
    async with aclosing(pieces):
        while True:
            asked = clock()
            try:
                async with asyncio.timeout(max(0.0, min(limit, left))):
                    piece = await anext(pieces)
            except StopAsyncIteration:
                break
            except TimeoutError as error:
                if thought and not said:
                    raise ModelError(_thinks(name, patience), lasts=True) from error
                raise ModelError(late()) from error
            waited = clock() - asked
            left -= waited
            thought, end = thought or piece.thought, piece.end or end
            if piece.text:
                said = said or not piece.text.isspace()
                limit = patience.idle_timeout_s
                yield piece.text
            elif not said:
                limit -= waited
    _judge(name, end, said=said, thought=thought, most_tokens=most_tokens)


def _thinks(name: str, patience: Patience) -> str:
    waited_s = min(patience.first_token_timeout_s, patience.total_timeout_s)
    return (
        f"{name} thought for {waited_s:g} s and said nothing; {NO_THINKING} `first_token_timeout_s`"
    )


def _judge(name: str, end: str, *, said: bool, thought: bool, most_tokens: int) -> None:
    """Raises what the end of an answer says."""
    if end == "refused":
        raise ModelError(f"{name} refused to answer")
    if thought and not said and end:
        what = f"all {most_tokens} tokens" if end == "limit" else "an answer"
        raise ModelError(
            f"{name} put {what} into thinking and said nothing; {NO_THINKING} `max_tokens`",
            lasts=True,
        )
    if not end:
        raise TornError(f"the answer of {name} broke off")
    if not said:
        raise ModelError(f"{name} answered with nothing")
    if end == "limit":
        raise TornError(f"{name} needs more than {most_tokens} tokens; raise `max_tokens`")
