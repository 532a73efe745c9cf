"""A real connection while it runs, what it told, and what came in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from pickled.config import MqttConfig
from pickled.mqtt import Incoming
from pickled.mqtt.client import Connection
from pickled.topics import Root
from tests.stand_ins.peer import WAIT_S

ROOT = Root()
AVAILABILITY = ROOT("availability")


class Ears:
    """What a connection told its hooks, and what came in."""

    def __init__(self, connection: Connection) -> None:
        self.up = asyncio.Event()
        self.down = asyncio.Event()
        self._news = asyncio.Event()
        self.causes: list[str] = []
        self.got: list[Incoming] = []
        connection.on_connect(self._connected)
        connection.on_down(self._lost)
        connection.on("muted/set", self._take)

    async def _connected(self) -> None:
        self.down.clear()
        self.up.set()

    async def until_cause(self, text: str) -> None:
        """Wait until a cause that contains the text was told."""
        await self._until(lambda: any(text in cause for cause in self.causes))

    async def until_got(self, count: int) -> None:
        """Wait for so many messages."""
        await self._until(lambda: len(self.got) >= count)

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def _take(self, message: Incoming) -> None:
        self.got.append(message)
        self._news.set()

    def _lost(self, cause: str) -> None:
        self.causes.append(cause)
        self._news.set()
        self.up.clear()
        self.down.set()


def make(at: Any, *, config: dict[str, Any] | None = None, **how: Any) -> Connection:
    """A connection that is patient, unless told otherwise."""
    given: dict[str, Any] = {"name": "pickled-home", "timeout": WAIT_S}
    settings = MqttConfig(host=at.host, port=at.port, **config or {})
    return Connection(settings, ROOT, **given | how)


@contextlib.asynccontextmanager
async def running(connection: Connection) -> AsyncIterator[asyncio.Task[None]]:
    """Run it until the block ends."""
    task = asyncio.create_task(connection.run(), name="connection")
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def soon(event: asyncio.Event, within: float = WAIT_S) -> None:
    """Wait for the event, but not for ever."""
    async with asyncio.timeout(within):
        await event.wait()
