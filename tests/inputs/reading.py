"""Reads a channel as the daemon does, and keeps all that comes out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from pickled.inputs import Emit
from pickled.inputs.twitch_anonymous import AnonymousChat, Options, start
from pickled.messages.chat import ChatMessage
from pickled.messages.events import Event
from pickled.messages.state import Status
from pickled.plugins import Surroundings
from tests.stand_ins.twitch_irc import TwitchIrc


class Reader:
    """The source while it runs, and all that it gave."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.reports: list[tuple[Status, str]] = []
        self.changed = asyncio.Event()
        self.source: AnonymousChat
        self.task: asyncio.Task[None]

    def emit(self, event: Event) -> None:
        """Take an event."""
        self.events.append(event)
        self.changed.set()

    def report(self, status: Status, detail: str) -> None:
        """Take a report."""
        self.reports.append((status, detail))
        self.changed.set()

    @property
    def texts(self) -> list[str]:
        """What was written, in the order in which it came."""
        return [each.text for each in self.events if isinstance(each, ChatMessage)]

    async def until_text(self, text: str) -> None:
        """Wait until this was written."""
        await self._until(lambda: text in self.texts)

    async def until_report(self, status: Status, part: str = "") -> None:
        """Wait until it reported this."""
        await self._until(lambda: any(s == status and part in d for s, d in self.reports))

    async def until_statuses(self, *statuses: Status) -> None:
        """Wait until it reported exactly these, one after the other."""
        await self._until(lambda: tuple(status for status, _ in self.reports) == statuses)

    async def _until(self, test: Any) -> None:
        async with asyncio.timeout(10):
            while not test():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def reading(
    irc: TwitchIrc, *, receive: Emit | None = None, **options: Any
) -> AsyncIterator[Reader]:
    """Somebody who reads the channel until the end of the block."""
    reader = Reader()
    surroundings = Surroundings(base_dir=Path(), data_dir=Path(), report=reader.report)
    chosen = Options.model_validate({"channel": "wren", "irc_url": irc.url, **options})
    async with start(chosen, surroundings) as source:
        reader.source = cast("AnonymousChat", source)
        reader.task = asyncio.create_task(source.run(receive or reader.emit), name="reader")
        try:
            yield reader
        finally:
            reader.task.cancel()
            await asyncio.gather(reader.task, return_exceptions=True)
