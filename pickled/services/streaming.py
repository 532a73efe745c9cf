"""How long an answer that streams in is waited for: its first words, the next piece, the whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from pydantic import Field

from pickled.errors import ModelError
from pickled.messages.base import Strict


class Patience(Strict):
    """The times, in s, that every model behind an address has among its options."""

    connect_timeout_s: float = Field(default=2.0, gt=0, le=60)
    first_token_timeout_s: float = Field(default=10.0, gt=0, le=600)
    """For an answer's first words."""
    idle_timeout_s: float = Field(default=5.0, gt=0, le=600)
    """Between two pieces of an answer."""
    total_timeout_s: float = Field(default=60.0, gt=0, le=3600)
    """For a whole answer."""


async def paced(
    parts: AsyncGenerator[str, None],
    *,
    patience: Patience,
    name: str,
    late: Callable[[], str],
) -> AsyncGenerator[str, None]:
    """The parts that hold text, each in time; closing it closes `parts`.

    Raises ModelError with what `late` says, or if nothing was said in the end. Only the time that
    is spent waiting counts, not what the reader does between two pieces.
    """
    clock = asyncio.get_running_loop().time
    limit, left = patience.first_token_timeout_s, patience.total_timeout_s
    said = False
    async with aclosing(parts):
        while True:
            asked = clock()
            try:
                async with asyncio.timeout(max(0.0, min(limit, left))):
                    text = await anext(parts)
            except StopAsyncIteration:
                break
            except TimeoutError as error:
                raise ModelError(late()) from error
            left -= clock() - asked
            if text:
                said = said or not text.isspace()
                limit = patience.idle_timeout_s
                yield text
    if not said:
        raise ModelError(f"{name} answered with nothing")
