"""A new output, in one file: it shines while the co-host speaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pickled.mqtt import Incoming
from pickled.plugins import Surroundings
from tests.daemon.parts.wire import Where, Wire, connect


class Options(Where):
    """Where the lamp is."""


class Lamp:
    """An output."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.actions = {"wink": "Goes off and on again."}

    def speaking(self, value: bool) -> None:
        """Follows the voice."""
        self._wire.told.append("on" if value else "off")

    def wink(self, message: Incoming) -> None:
        """Somebody said something on MQTT."""
        self._wire.told.append(f"wink {message.payload.decode()}")

    async def run(self) -> None:
        """Until it is cancelled."""
        await asyncio.Event().wait()


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Lamp]:
    """Listen to what is published, and to what others publish."""
    assert surroundings.share is not None
    assert surroundings.tap is not None
    assert surroundings.bus is not None
    lamp = Lamp(await surroundings.share(connect, Where(url=options.url)))
    surroundings.tap.on("speaking/state", lamp.speaking)
    surroundings.bus.on("cmd/ping", lamp.wink)
    try:
        yield lamp
    finally:
        lamp._wire.told.append("lamp closed")
