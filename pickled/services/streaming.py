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
from pickled.messages.prompt import Prompt

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

    def with_(self, prompt: Prompt) -> Patience:
        """The times for that prompt: what is only to be read may take long."""
        if not prompt.warming:
            return self
        longer = {"first_token_timeout_s": WARMING_S, "total_timeout_s": WARMING_S}
        return self.model_copy(update=longer)


KEPT_OPEN_S = 120.0
"""So long a connection waits for its next request: probes come more often."""

WARMING_S = 180.0
"""So long a server may take to read what is only to be read: 700 tokens at 4 a s."""

_MOST = 1e12


@dataclass(frozen=True, slots=True)
class ServerFigures:
    """What a server says of its own work: tokens, and s. Made by `figure`: it may say anything."""

    read: float | None = None
    """Of the whole prompt."""
    read_s: float | None = None
    """For what it did not know yet of it."""
    written: float | None = None
    written_s: float | None = None
    loaded_s: float | None = None
    """How long it loaded the model before."""

    def also(self, more: ServerFigures | None) -> ServerFigures:
        """With what it said later."""
        if more is None:
            return self
        return ServerFigures(
            read=more.read or self.read,
            read_s=more.read_s or self.read_s,
            written=more.written or self.written,
            written_s=more.written_s or self.written_s,
            loaded_s=more.loaded_s or self.loaded_s,
        )

    def loaded_within(self, waited_s: float) -> float:
        """So much of that time, s, the model was being loaded."""
        loaded = self.loaded_s or 0.0
        return loaded if loaded < waited_s else 0.0


def figure(value: object, *, a: float = 1.0) -> float | None:
    """A number of such a unit, if it is one that can be: above 0, and no more than a trillion."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _MOST:
        return None
    return value * a


@dataclass(frozen=True, slots=True)
class Piece:
    """What came of an answer."""

    text: str = ""
    thought: bool = False
    """The model thinks; what it thinks is not for the air."""
    end: Literal["", "whole", "limit", "refused"] = ""
    """Why it ended, if it did."""
    told: ServerFigures | None = None


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
