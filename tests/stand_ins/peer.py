"""Somebody else at the broker: sees everything, publishes anything, judges by the contract."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from pickled.mqtt.check import ContractCheck
from pickled.topics import Root
from tests.stand_ins.broker import Broker

WAIT_S = 20.0


@dataclass(frozen=True)
class Seen:
    """A message as it was published."""

    topic: str
    payload: bytes
    retain: bool
    qos: int
    at: float
    correlation: bytes | None = None
    expiry_s: int | None = None

    @property
    def text(self) -> str:
        """The payload as text."""
        return self.payload.decode(errors="replace")


class Peer:
    """A subscriber to `#` (or another filter) that outlives the broker; made by `peer`."""

    def __init__(
        self, broker: Broker, username: str | None, password: str | None, see: str
    ) -> None:
        self.seen: list[Seen] = []
        self._login = (broker.host, broker.port, username, password)
        self._see = see
        self._client: aiomqtt.Client | None = None
        self._ready = asyncio.Event()
        self._more = asyncio.Event()

    async def until(self, wanted: Callable[[Seen], bool], *, timeout: float = WAIT_S) -> Seen:
        """The first message that fits, from those seen already on."""
        done = 0
        async with asyncio.timeout(timeout):
            while True:
                for each in self.seen[done:]:
                    if wanted(each):
                        return each
                done = len(self.seen)
                self._more.clear()
                await self._more.wait()

    async def until_topic(self, topic: str, payload: str | None = None) -> Seen:
        """The first message of that topic, with that payload if it is given."""
        return await self.until(lambda each: each.topic == topic and payload in (None, each.text))

    async def publish(
        self,
        topic: str,
        payload: str | bytes = b"",
        *,
        qos: int = 1,
        retain: bool = False,
        response_topic: str | None = None,
        correlation: bytes | None = None,
    ) -> None:
        """Publish, and wait until the broker has it."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if response_topic is not None:
            properties.ResponseTopic = response_topic
        if correlation is not None:
            properties.CorrelationData = correlation
        async with asyncio.timeout(WAIT_S):
            await self._ready.wait()
        assert self._client is not None
        await self._client.publish(topic, payload, qos, retain, properties)

    def payloads(self, topic: str) -> list[str]:
        """All payloads of that topic so far, as text."""
        return [each.text for each in self.seen if each.topic == topic]

    async def caught_up(self) -> None:
        """Until everything that the broker took before has been seen."""
        mark = f"caught-up/{len(self.seen)}"
        await self.publish(mark)
        await self.until_topic(mark)
        self.seen = [each for each in self.seen if each.topic != mark]

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(aiomqtt.MqttError):
                await self._session()
            await asyncio.sleep(0.05)

    async def _session(self) -> None:
        host, port, username, password = self._login
        async with aiomqtt.Client(
            host,
            port,
            username=username,
            password=password,
            protocol=aiomqtt.ProtocolVersion.V5,
            timeout=WAIT_S,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        ) as client:
            client.pending_calls_threshold = 10_000
            options = SubscribeOptions(qos=1, retainAsPublished=True)
            await client.subscribe(self._see, options=options)
            self._client = client
            self._ready.set()
            try:
                async for message in client.messages:
                    self.seen.append(_seen(message))
                    self._more.set()
            finally:
                self._ready.clear()


@contextlib.asynccontextmanager
async def peer(
    broker: Broker, *, username: str | None = None, password: str | None = None, see: str = "#"
) -> AsyncIterator[Peer]:
    """Somebody at the broker until the block ends."""
    somebody = Peer(broker, username, password, see)
    running = asyncio.create_task(somebody._run(), name="peer")
    try:
        async with asyncio.timeout(WAIT_S):
            await somebody._ready.wait()
        yield somebody
    finally:
        running.cancel()
        await asyncio.wait({running})


@contextlib.asynccontextmanager
async def watch_contract(
    broker: Broker,
    *,
    root: Root | None = None,
    discovery_prefix: str = "homeassistant",
    commands: bool = True,
    elsewhere: tuple[str, ...] = (),
    username: str | None = None,
    password: str | None = None,
) -> AsyncIterator[Peer]:
    """See all traffic; at the end fail if anything was against the contract.

    See `ContractCheck` for `commands` and `elsewhere`.
    """
    check = ContractCheck(root or Root(), discovery_prefix, commands=commands, elsewhere=elsewhere)
    async with peer(broker, username=username, password=password) as watcher:
        yield watcher
        await watcher.caught_up()
    violations = [
        violation
        for each in watcher.seen
        for violation in check.feed(each.topic, each.payload, each.retain, each.at)
    ]
    assert not violations, "against the contract:\n" + "\n".join(violations[:20])


def _seen(message: aiomqtt.Message) -> Seen:
    properties: Any = message.properties
    payload = message.payload
    return Seen(
        str(message.topic),
        bytes(payload) if isinstance(payload, bytes | bytearray) else str(payload).encode(),
        bool(message.retain),
        message.qos,
        asyncio.get_running_loop().time(),
        getattr(properties, "CorrelationData", None),
        getattr(properties, "MessageExpiryInterval", None),
    )
