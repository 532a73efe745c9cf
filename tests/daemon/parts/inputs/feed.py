"""A new input, in one file: it fails once, then says a line of chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from pickled.errors import SourceError
from pickled.inputs import Emit
from pickled.messages.chat import ChatMessage
from pickled.plugins import Surroundings
from tests.daemon.parts.wire import Where, Wire, connect


class Options(Where):
    """Where it reads."""


class Feed:
    """A source."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def run(self, emit: Emit) -> None:
        """Be lost the first time."""
        self._wire.told.append("feed runs")
        if self._wire.told.count("feed runs") == 1:
            raise SourceError("the line was cut")
        at = datetime(2026, 6, 1, 12, tzinfo=UTC)
        emit(ChatMessage(ts=at, id="feed-1", user="ana", user_id="1", text="John, hello!"))
        await asyncio.Event().wait()


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Feed]:
    """Share the wire with whoever else uses it."""
    assert surroundings.share is not None
    wire = await surroundings.share(connect, Where(url=options.url))
    try:
        yield Feed(wire)
    finally:
        wire.told.append("feed closed")
