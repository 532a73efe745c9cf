"""The broker and its connections inside this process, for unit tests and virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from pickled.mqtt import Handler, Hook, Incoming, RawHandler
from pickled.mqtt.rules import may_answer, too_large
from pickled.mqtt.subscriptions import Mail, Subscriptions
from pickled.topics import Root, topic


@dataclass(frozen=True, slots=True)
class Logged:
    """A message that one of our connections published."""

    topic: str
    payload: bytes
    retain: bool
    qos: int
    at: float
    """The loop's clock, s."""
    correlation: bytes | None = None

    @property
    def text(self) -> str:
        """The payload as text."""
        return self.payload.decode()


class MemoryBroker:
    """Keeps retained messages and hands everything to the connections, in order, by the loop."""

    def __init__(self, root: Root | None = None) -> None:
        self.root = root or Root()
        self.log: list[Logged] = []
        """What our connections published, oldest first; what `send` sent is not in it."""
        self.retained: dict[str, bytes] = {}
        self._buses: list[MemoryBus] = []

    def bus(self, *, announce: bool = True) -> MemoryBus:
        """One more connection."""
        return MemoryBus(self, announce=announce)

    def send(
        self,
        path_or_topic: str,
        payload: str | bytes | BaseModel = b"",
        *,
        node: str = "",
        retain: bool = False,
        dup: bool = False,
        response_topic: str | None = None,
        correlation: bytes | None = None,
    ) -> None:
        """Publish as somebody else; a path of the table stands for its whole topic."""
        match payload:
            case str():
                payload = payload.encode()
            case BaseModel():
                payload = payload.model_dump_json(by_alias=True, exclude_none=True).encode()
        name = self._whole(path_or_topic, node)
        self._pass_on(Mail(name, payload, retain, dup, response_topic, correlation))

    def sent(self, path_or_topic: str, *, node: str = "") -> list[Any]:
        """The values that our connections published on that topic, decoded by its row."""
        name = self._whole(path_or_topic, node)
        return [self._decode(name, each.payload) for each in self.log if each.topic == name]

    def value(self, path_or_topic: str, *, node: str = "") -> Any:
        """The retained value of that topic, decoded by its row; None if there is none."""
        name = self._whole(path_or_topic, node)
        return self._decode(name, self.retained[name]) if name in self.retained else None

    def _whole(self, path_or_topic: str, node: str) -> str:
        try:
            path = topic(path_or_topic).path
        except KeyError:
            return path_or_topic
        return self.root(path, node=node)

    def _decode(self, name: str, payload: bytes) -> Any:
        found = self.root.find(name)
        if found is None or found[0].kind == "command":
            return payload.decode()
        return found[0].decode(payload)

    def _attach(self, bus: MemoryBus) -> None:
        self._buses.append(bus)

    def _publish(
        self, sender: MemoryBus, name: str, payload: bytes, retain: bool, qos: int, **answer: Any
    ) -> None:
        self.log.append(Logged(name, payload, retain, qos, _now(), **answer))
        self._pass_on(Mail(name, payload, retain), sender)

    def _pass_on(self, mail: Mail, sender: MemoryBus | None = None) -> None:
        if mail.retain and mail.payload:
            self.retained[mail.topic] = mail.payload
        elif mail.retain:
            self.retained.pop(mail.topic, None)
        for bus in self._buses:
            if bus is not sender and bus.connected and bus.subscriptions.want(mail.topic):
                asyncio.get_running_loop().call_soon(bus.subscriptions.deliver, mail)


class MemoryBus:
    """A `Bus` on a `MemoryBroker`; connected from the start, until a test disconnects it."""

    def __init__(
        self,
        broker: MemoryBroker | None = None,
        *,
        announce: bool = True,
        discovery_prefix: str = "homeassistant",
    ) -> None:
        self.broker = broker or MemoryBroker()
        self.root = self.broker.root
        self.subscriptions = Subscriptions(self.root)
        self._announce = announce
        self._discovery_prefix = discovery_prefix
        self._connected = True
        self.rival = ""
        self._raw: dict[str, bytes] = {}
        self._states: dict[str, bytes] = {}
        self._hooks: list[Hook] = []
        self._down: list[Callable[[str], None]] = []
        self._refused: list[Callable[[str, str], None]] = []
        self.broker._attach(self)  # noqa: SLF001  # the two halves of one stand-in

    @property
    def connected(self) -> bool:
        """Is the broker there?"""
        return self._connected

    async def run(self) -> None:
        """Connect as a real connection does; say `offline` when cancelled."""
        await self.reconnect()
        try:
            await asyncio.Event().wait()
        finally:
            if self._connected and self._announce:
                self._retained(self.root("availability"), b"offline")
            self._connected = False

    def disconnect(self, cause: str = "the broker is gone") -> None:
        """Lose the connection: the last will speaks."""
        if not self._connected:
            return
        self._connected = False
        if self._announce:
            self._retained(self.root("availability"), b"offline")
        for hook in self._down:
            hook(cause)

    async def reconnect(self) -> None:
        """Be connected: hooks, then all states, then `online`."""
        self._connected = True
        loop = asyncio.get_running_loop()
        for name, payload in list(self.broker.retained.items()):
            if self.subscriptions.want(name):
                loop.call_soon(self.subscriptions.deliver, Mail(name, payload, retain=True))
        for hook in self._hooks:
            await hook()
        self.resend()

    def on(self, path: str, handler: Handler) -> Callable[[], None]:
        """As `Bus.on`; what is already retained comes with `run` or `reconnect`."""
        return self.subscriptions.on(path, handler)

    def on_raw(self, topic_filter: str, handler: RawHandler) -> None:
        """As `Bus.on_raw`."""
        self.subscriptions.on_raw(topic_filter, handler)

    def on_connect(self, hook: Hook) -> None:
        """As `Bus.on_connect`; `run` and `reconnect` call it."""
        self._hooks.append(hook)

    def on_down(self, hook: Callable[[str], None]) -> None:
        """As `Bus.on_down`."""
        self._down.append(hook)

    def on_refused(self, hook: Callable[[str, str], None]) -> None:
        """As `Bus.on_refused`; `refuse` calls it."""
        self._refused.append(hook)

    def refuse(self, topic: str, reason: str = "not authorized") -> None:
        """Be an access list that forbids something."""
        for hook in self._refused:
            hook(topic, reason)

    def retain(self, path: str, value: Any, *, node: str | None = None) -> None:
        """As `Bus.retain`; at once in the log."""
        row = topic(path)
        name, payload = self.root(row.path, node=node or ""), row.encode(value)
        if too_large(payload, retain=True):
            return
        self._states[name] = payload
        if self._connected:
            self._retained(name, payload)

    def retain_raw(self, topic: str, payload: bytes) -> None:
        """As `Bus.retain_raw`."""
        if too_large(payload, retain=True):
            return
        self._raw[topic] = payload
        if self._connected:
            self._retained(topic, payload)

    def resend(self) -> None:
        """As `Bus.resend`."""
        if not self._connected:
            return
        for name, payload in (self._raw | self._states).items():
            self._retained(name, payload)
        if self._announce:
            self._retained(self.root("availability"), b"online")

    async def settle(self) -> None:
        """As `Bus.settle`."""
        await asyncio.sleep(0)

    async def publish(self, path: str, value: Any, *, node: str | None = None) -> bool:
        """As `Bus.publish`."""
        row = topic(path)
        payload = row.encode(value)
        if not self._connected or too_large(payload, retain=row.retain):
            return False
        name = self.root(row.path, node=node or "")
        self.broker._publish(self, name, payload, row.retain, row.qos)  # noqa: SLF001
        await asyncio.sleep(0)
        return True

    async def publish_raw(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """As `Bus.publish_raw`."""
        if not self._connected or too_large(payload, retain=retain):
            return False
        self.broker._publish(self, topic, payload, retain, 1)  # noqa: SLF001
        await asyncio.sleep(0)
        return True

    async def respond(self, to: Incoming, value: Any) -> None:
        """As `Bus.respond`."""
        name = to.response_topic
        if not (self._connected and name):
            return
        if not may_answer(self.root, name, discovery_prefix=self._discovery_prefix):
            return
        payload = topic("event/command").encode(value)
        self.broker._publish(  # noqa: SLF001
            self, name, payload, False, 1, correlation=to.correlation
        )

    async def clear(self, topic: str) -> None:
        """As `Bus.clear`."""
        self._raw.pop(topic, None)
        self._states.pop(topic, None)
        if self._connected:
            self._retained(topic, b"")

    def _retained(self, name: str, payload: bytes) -> None:
        self.broker._publish(self, name, payload, True, 1)  # noqa: SLF001


def _now() -> float:
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return 0.0
