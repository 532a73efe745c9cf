"""The real connection and its stand-in, each with somebody else at the same broker."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from pickled.config import MqttConfig
from pickled.mqtt import Bus
from pickled.mqtt.client import Connection
from pickled.mqtt.in_process import MemoryBroker
from pickled.topics import Root
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import WAIT_S, Peer

ROOT = Root()


class World(Protocol):
    """A bus, and somebody else at the same broker."""

    bus: Bus

    def running(self) -> contextlib.AbstractAsyncContextManager[None]:
        """The bus runs inside, and has announced itself."""

    async def send(self, topic: str, payload: str | bytes, **how: Any) -> None:
        """Publish as somebody else."""

    def seen(self) -> list[tuple[str, str, bool]]:
        """What was published: topic, payload, retain flag."""


class MemoryWorld:
    """The stand-in."""

    def __init__(self) -> None:
        self.broker = MemoryBroker()
        self.bus: Bus = self.broker.bus()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with _task(self.broker._buses[0].run()):
            await until(lambda: self.seen()[-1:] == [(ROOT("availability"), "online", True)])
            yield

    async def send(self, topic: str, payload: str | bytes, **how: Any) -> None:
        self.broker.send(topic, payload, **how)

    def seen(self) -> list[tuple[str, str, bool]]:
        return [(each.topic, each.text, each.retain) for each in self.broker.log]


class RealWorld:
    """Mosquitto."""

    def __init__(self, broker: Broker, somebody: Peer) -> None:
        config = MqttConfig(host=broker.host, port=broker.port)
        self.connection = Connection(config, ROOT, name="tested", timeout=WAIT_S)
        self.bus: Bus = self.connection
        self.somebody = somebody

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with _task(self.connection.run()):
            await self.somebody.until_topic(ROOT("availability"), "online")
            yield

    async def send(self, topic: str, payload: str | bytes, **how: Any) -> None:
        await self.somebody.publish(topic, payload, **how)

    def seen(self) -> list[tuple[str, str, bool]]:
        return [(each.topic, each.text, each.retain) for each in self.somebody.seen]


@contextlib.asynccontextmanager
async def _task(work: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(WAIT_S):
        while not condition():  # both worlds have nothing else in common
            await asyncio.sleep(0.002)
