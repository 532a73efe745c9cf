"""The connection to a real broker: stays up by itself, and keeps there what we keep retained."""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
from collections.abc import Callable
from typing import Any

import structlog

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt import Handler, Hook, Incoming, RawHandler
from pickled.mqtt.causes import Cause
from pickled.mqtt.outbox import Outbox, Rank
from pickled.mqtt.reconnect import End, Reconnect
from pickled.mqtt.rules import may_answer, too_large
from pickled.mqtt.secure import tls_context
from pickled.mqtt.subscriptions import Subscriptions
from pickled.mqtt.wire import Outcome, Wire
from pickled.topics import Root, topic

log = structlog.get_logger()

AUDIO_SEND_BUFFER = 16_384
"""Bytes; what lies in a larger one is old before it is sent."""

_IN_FLIGHT = 20
_BATCH = 8
_MOST_LATE = 2
_REFUSED_EVERY_S = 60.0
_MOST_REFUSED = 500
_ANSWER_EXPIRY_S = 30


class Connection:
    """A `Bus` on a real broker; does nothing until `run`."""

    def __init__(
        self,
        config: MqttConfig,
        root: Root,
        *,
        name: str,
        announce: bool = True,
        send_buffer: int | None = None,
        keepalive: int = 12,
        timeout: float = 2.0,
        longest_wait: float = 3.0,
    ) -> None:
        """`name` is the client's; only one connection may have it. Times are in s.

        `announce` keeps `availability`, with the last will; not for the audio connection, which
        takes `AUDIO_SEND_BUFFER` instead.
        """
        self.root = root
        self._config = config
        self._name = name
        self._announce = announce
        self._send_buffer = send_buffer
        self._keepalive = keepalive
        self._timeout = timeout
        self._reconnect = Reconnect(name, longest_wait=longest_wait)
        self._refused: list[Callable[[str, str], None]] = []
        self._subscriptions = Subscriptions(root)
        self._outbox = Outbox()
        self._hooks: list[Hook] = []
        self._down: list[Callable[[str], None]] = []
        self._window = asyncio.Semaphore(_IN_FLIGHT)
        self._wire: Wire | None = None
        self._subscribing: set[asyncio.Task[bool]] = set()
        """Begun while the connection was there already."""
        self._subscribed = False
        self._late = 0
        self._told = ""
        self._refused_at: dict[str, float] = {}

    @property
    def connected(self) -> bool:
        """Is the broker there, with all our subscriptions made?"""
        return self._wire is not None and self._subscribed and not self._wire.lost.done()

    async def run(self) -> None:
        """Stay connected until cancelled, then say `offline` and leave.

        Raises BrokerError only where trying again is no use.
        """
        tls = tls_context(self._config)
        if self._announce:
            self._outbox.put(self.root("availability"), b"online", Rank.AVAILABILITY)
        while True:
            end = await self._session(tls)
            cause, wait = self._reconnect.after(end, random.random())
            self._tell_down(cause)
            await asyncio.sleep(wait)

    def on(self, path: str, handler: Handler) -> Callable[[], None]:
        """Subscribe: the handler gets each message of that row, of all nodes, until undone."""
        known = self._subscriptions.filter_of(path) in self._subscriptions.filters()
        undo = self._subscriptions.on(path, handler)
        if not known and self._wire is not None:
            work = self._subscribe(self._wire, [self._subscriptions.filter_of(path)])
            task = asyncio.create_task(work, name=f"mqtt {self._name} subscribes")
            self._subscribing.add(task)
            task.add_done_callback(self._subscribing.discard)
        return undo

    def on_raw(self, topic_filter: str, handler: RawHandler) -> None:
        """Subscribe to whole topics, before the start; gets what no row's handler takes."""
        self._subscriptions.on_raw(topic_filter, handler)

    def on_connect(self, hook: Hook) -> None:
        """Run after every (re)connect, once subscribed and before the states are sent."""
        self._hooks.append(hook)

    def on_down(self, hook: Callable[[str], None]) -> None:
        """Called when the connection is lost, or can't be made, with the cause; once per cause."""
        self._down.append(hook)

    def on_refused(self, hook: Callable[[str, str], None]) -> None:
        """Called with topic and reason when the broker's access list forbids something."""
        self._refused.append(hook)

    def retain(self, path: str, value: Any, *, node: str | None = None) -> None:
        """Publish a state; while the broker is away the latest value of each topic waits."""
        row = topic(path)
        self._keep(self.root(row.path, node=node or ""), row.encode(value), Rank.STATE)

    def retain_raw(self, topic: str, payload: bytes) -> None:
        """As `retain`, for a whole topic; nothing but an empty payload removes it."""
        self._keep(topic, payload, Rank.RAW)

    def resend(self) -> None:
        """Send everything that is retained again, `availability` last."""
        self._outbox.all_again()

    async def publish(self, path: str, value: Any, *, node: str | None = None) -> bool:
        """Publish by the row's rules; False if it was not sent, or refused, or not answered."""
        row = topic(path)
        name = self.root(row.path, node=node or "")
        return await self._publish(
            name, row.encode(value), qos=row.qos, retain=row.retain, expiry_s=row.expiry_s
        )

    async def respond(self, to: Incoming, value: Any) -> None:
        """Answer on the MQTT 5 response topic, if the sender gave one that he may use."""
        if to.response_topic is None:
            return
        prefix = self._config.discovery_prefix
        if not may_answer(self.root, to.response_topic, discovery_prefix=prefix):
            log.warning("response topic is not allowed", topic=to.response_topic[:256])
            return
        payload = topic("event/command").encode(value)
        await self._publish(
            to.response_topic,
            payload,
            qos=1,
            expiry_s=_ANSWER_EXPIRY_S,
            correlation=to.correlation,
        )

    async def clear(self, topic: str) -> None:
        """Remove a retained message by an empty retained one."""
        self._outbox.forget(topic)
        await self._publish(topic, b"", qos=1, retain=True)

    async def _session(self, tls: ssl.SSLContext | None) -> End:
        """One connection from its beginning to its end."""
        wire = self._new_wire(tls)
        try:
            await wire.open()
        except BrokerError:
            return End(wire.cause or Cause("no connection"))
        loop = asyncio.get_running_loop()
        opened = loop.time()
        self._wire, self._late = wire, 0
        serving = asyncio.create_task(self._serve(wire), name=f"mqtt {self._name}")
        try:
            await asyncio.wait({serving, wire.lost}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        except asyncio.CancelledError:
            await self._leave(wire, serving)
            raise
        finally:
            self._wire, self._subscribed = None, False
            await _end(serving)
            wire.close()
        lasted = 0.0 if wire.given_up else loop.time() - opened
        return End(wire.cause or Cause("the connection was cut"), lasted)

    async def _serve(self, wire: Wire) -> None:
        """Everything that a new connection needs, then what becomes due; ends with a dead one."""
        if not await self._subscribe(wire, self._subscriptions.filters()):
            return
        self._subscribed, self._told = True, ""
        log.info("connected to the broker", name=self._name)
        self._outbox.all_again()
        for hook in self._hooks:
            await hook()
        while not wire.lost.done():
            await self._outbox.wait()
            await self._flush(wire)

    async def _subscribe(self, wire: Wire, filters: list[str]) -> bool:
        """False if the connection is of no use."""
        try:
            for refused in await wire.subscribe_to(filters):
                self._report_refused(refused, "subscription not authorized")
        except BrokerError:
            wire.give_up()
            return False
        return True

    async def _flush(self, wire: Wire) -> None:
        """Send what waits in the outbox."""
        while not wire.lost.done() and (batch := self._outbox.take(_BATCH)):
            async with asyncio.TaskGroup() as group:
                for name, payload in batch:
                    group.create_task(self._send_kept(wire, name, payload), name=f"mqtt {name}")

    async def _send_kept(self, wire: Wire, name: str, payload: bytes) -> None:
        if self._too_large(wire, name, payload, retain=True):
            return
        outcome = await self._send(wire, name, payload, qos=1, retain=True)
        if outcome == "away":
            self._outbox.failed(name)
        else:
            self._outbox.sent(name, payload)

    async def _publish(
        self, name: str, payload: bytes, *, retain: bool = False, **how: Any
    ) -> bool:
        wire = self._wire
        if wire is None or not self.connected:
            return False
        if self._too_large(wire, name, payload, retain=retain):
            return False
        try:
            async with asyncio.timeout(self._timeout):
                await self._window.acquire()
        except TimeoutError:
            return False
        try:
            return await self._send(wire, name, payload, retain=retain, **how) == "sent"
        finally:
            self._window.release()

    async def _send(self, wire: Wire, name: str, payload: bytes, **how: Any) -> Outcome:
        try:
            async with asyncio.timeout(self._timeout):
                outcome, reason = await wire.send(name, payload, **how)
        except TimeoutError:
            self._late += 1
            if self._late >= _MOST_LATE:
                wire.give_up()
            return "away"
        if outcome == "refused":
            self._report_refused(name, reason)
        if outcome != "away":
            self._late = 0
        return outcome

    async def _leave(self, wire: Wire, serving: asyncio.Task[None]) -> None:
        """Send what still waits, `offline` last, and go."""
        await _end(serving)
        if self._announce:
            self._outbox.put(self.root("availability"), b"offline", Rank.AVAILABILITY)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timeout):
                await self._flush(wire)
                await wire.leave()

    def _new_wire(self, tls: ssl.SSLContext | None) -> Wire:
        return Wire(
            self._config,
            name=self._name,
            will=(self.root("availability"), b"offline") if self._announce else None,
            tls=tls,
            keepalive=self._keepalive,
            timeout=self._timeout,
            send_buffer=self._send_buffer,
            receive=self._subscriptions.deliver,
        )

    def _keep(self, name: str, payload: bytes, rank: Rank) -> None:
        if not too_large(payload, retain=True):
            self._outbox.put(name, payload, rank)
        else:
            log.error("too large to be retained", topic=name, bytes=len(payload))

    def _too_large(self, wire: Wire, name: str, payload: bytes, *, retain: bool) -> bool:
        if not too_large(payload, retain=retain, limit=wire.largest_payload):
            return False
        log.error("too large for the broker", topic=name, bytes=len(payload))
        return True

    def _report_refused(self, name: str, reason: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._refused_at.get(name, -_REFUSED_EVERY_S) < _REFUSED_EVERY_S:
            return
        if len(self._refused_at) >= _MOST_REFUSED:
            self._refused_at.clear()
        self._refused_at[name] = now
        log.error("the broker's access list forbids this", topic=name, reason=reason)
        for hook in self._refused:
            hook(name, reason)

    def _tell_down(self, cause: str) -> None:
        if cause == self._told:
            return
        self._told = cause
        log.warning("no connection to the broker", name=self._name, cause=cause)
        for hook in self._down:
            hook(cause)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
