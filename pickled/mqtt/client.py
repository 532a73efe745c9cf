"""The connection to a real broker: stays up by itself, and keeps there what we keep retained."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Any

import structlog

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt import Handler, Hook, Incoming, RawHandler
from pickled.mqtt.causes import NOT_AUTHORIZED, Cause, refusal, too_small
from pickled.mqtt.outbox import Rank
from pickled.mqtt.reconnect import CALM_S, End, Reconnect
from pickled.mqtt.rules import may_answer
from pickled.mqtt.secure import tls_context
from pickled.mqtt.sending import Sending
from pickled.mqtt.subscriptions import Subscriptions
from pickled.mqtt.wire import Wire
from pickled.recurring import Recurring, times
from pickled.side_tasks import SideTasks
from pickled.topics import Root, topic

log = structlog.get_logger()

AUDIO_SEND_BUFFER = 16_384
"""Bytes; what lies in a larger one is old before it is sent."""

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
        takes `AUDIO_SEND_BUFFER` instead. Raises BrokerError where trying is no use.
        """
        self.root = root
        self._config = config
        self._tls = tls_context(config)
        self._name = name
        self._announce = announce
        self._send_buffer = send_buffer
        self._keepalive = keepalive
        self._timeout = timeout
        self._reconnect = Reconnect(name, longest_wait=longest_wait)
        self._subscriptions = Subscriptions(root)
        self._sending = Sending(
            timeout,
            refusal=lambda topic, reason: refusal(reason, topic, config, root),
            too_small=lambda limit: too_small(limit, config),
        )
        self._hooks: list[Hook] = []
        self._down: list[Callable[[str], None]] = []
        self._wire: Wire | None = None
        self._subscribing = SideTasks()
        """Begun while the connection was there already."""
        self._subscribed = False
        self._told = ""
        self._logged = Recurring()
        self._steady: asyncio.TimerHandle | None = None

    @property
    def connected(self) -> bool:
        """Is the broker there, with all our subscriptions made?"""
        return self._wire is not None and self._subscribed and not self._wire.lost.done()

    @property
    def rival(self) -> str:
        """Who takes our place again and again, with the remedy; until a connection has lasted."""
        return self._reconnect.rival

    async def run(self) -> None:
        """Stay connected until cancelled, then say `offline` and leave."""
        if self._announce:
            self._sending.keep(self.root("availability"), b"online", Rank.AVAILABILITY)
        while True:
            end = await self._session()
            cause, wait = self._reconnect.after(end, random.random())
            self._tell_down(cause)
            await asyncio.sleep(wait)

    def on(self, path: str, handler: Handler) -> Callable[[], None]:
        """Subscribe: the handler gets each message of that row, of all nodes, until undone."""
        wire, wanted = self._wire, self._subscriptions.filter_of(path)
        known = wire is None or wanted in self._subscriptions.filters()
        undo = self._subscriptions.on(path, handler)
        if wire is not None and not known:
            work = self._subscribe(wire, [wanted])
            self._subscribing.start(work, name=f"mqtt {self._name} subscribes")
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
        """Called with topic and a sentence when the broker does not take, or give us, something."""
        self._sending.on_refused(hook)

    def retain(self, path: str, value: Any, *, node: str | None = None) -> None:
        """Publish a state; while the broker is away the latest value of each topic waits."""
        row = topic(path)
        self._sending.keep(self.root(row.path, node=node or ""), row.encode(value), Rank.STATE)

    def retain_raw(self, topic: str, payload: bytes) -> None:
        """As `retain`, for a whole topic; nothing but an empty payload removes it."""
        self._sending.keep(topic, payload, Rank.RAW)

    def resend(self) -> None:
        """Send everything that is retained again, `availability` last."""
        self._sending.outbox.all_again()

    async def settle(self) -> None:
        """As `Bus.settle`: the broker answers in order, so one more answer comes behind it."""
        if self._wire is not None:
            await self._wire.round_trip()

    async def publish(self, path: str, value: Any, *, node: str | None = None) -> bool:
        """Publish by the row's rules; False if it was not sent, or refused, or not answered."""
        row = topic(path)
        name = self.root(row.path, node=node or "")
        return await self._publish(
            name, row.encode(value), qos=row.qos, retain=row.retain, expiry_s=row.expiry_s
        )

    async def publish_raw(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """As `Bus.publish_raw`."""
        return await self._publish(topic, payload, qos=1, retain=retain)

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
        self._sending.outbox.forget(topic)
        await self._publish(topic, b"", qos=1, retain=True)

    async def _session(self) -> End:
        """One connection from its beginning to its end."""
        wire = self._new_wire()
        try:
            await wire.open()
        except BrokerError:
            return End(wire.cause or Cause("no connection"))
        loop = asyncio.get_running_loop()
        opened = loop.time()
        self._wire = wire
        self._sending.begin()
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
            if self._steady is not None:
                self._steady.cancel()
            await _end(serving)
            wire.close()
        lasted = 0.0 if wire.given_up else loop.time() - opened
        return End(wire.cause or Cause("the connection was cut"), lasted)

    async def _serve(self, wire: Wire) -> None:
        """Everything that a new connection needs, then what becomes due; ends with a dead one."""
        if not await self._subscribe(wire, self._subscriptions.filters()):
            return
        self._subscribed, self._told = True, ""
        self._tell_up()
        self._sending.outbox.all_again()
        for hook in self._hooks:
            await hook()
        while not wire.lost.done():
            await self._sending.outbox.wait()
            await self._sending.flush(wire)

    async def _subscribe(self, wire: Wire, filters: list[str]) -> bool:
        """False if the connection is of no use."""
        try:
            for refused in await wire.subscribe_to(filters):
                self._sending.report_refused(refused, NOT_AUTHORIZED)
        except BrokerError:
            wire.give_up()
            return False
        return True

    async def _publish(self, name: str, payload: bytes, **how: Any) -> bool:
        wire = self._wire
        if wire is None or not self.connected:
            return False
        return await self._sending.send(wire, name, payload, **how)

    async def _leave(self, wire: Wire, serving: asyncio.Task[None]) -> None:
        """Send what still waits, `offline` last, and go."""
        await _end(serving)
        if self._announce:
            self._sending.keep(self.root("availability"), b"offline", Rank.AVAILABILITY)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timeout):
                await self._sending.flush(wire)
                await wire.leave()

    def _new_wire(self) -> Wire:
        return Wire(
            self._config,
            name=self._name,
            will=(self.root("availability"), b"offline") if self._announce else None,
            tls=self._tls,
            keepalive=self._keepalive,
            timeout=self._timeout,
            send_buffer=self._send_buffer,
            receive=self._subscriptions.deliver,
        )

    def _tell_up(self) -> None:
        """At once; of a connection that comes and goes only when it has lasted."""
        loop = asyncio.get_running_loop()

        def lasted() -> None:
            self._reconnect.calm()
            if not said:
                log.info("connected to the broker", name=self._name)

        said = self._logged.due("connected", loop.time()) is not None
        if said:
            log.info("connected to the broker", name=self._name)
        self._steady = loop.call_later(CALM_S, lasted)

    def _tell_down(self, cause: str) -> None:
        count = self._logged.due(cause, asyncio.get_running_loop().time())
        if count is not None:
            what = f"no connection to the broker{times(count)}"
            log.warning(what, name=self._name, cause=cause)
        if cause == self._told:
            return
        self._told = cause
        for hook in self._down:
            hook(cause)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
