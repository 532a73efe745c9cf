"""One TCP connection to the broker, used once: what aiomqtt and paho hide, made visible.

The only file that knows aiomqtt. It reaches into its private parts, so the version is pinned.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import ssl
from collections.abc import Callable
from typing import Any, Literal

import aiomqtt
from paho.mqtt.client import Client as Paho
from paho.mqtt.client import ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt.causes import Cause, explain, hung_up, silence
from pickled.mqtt.rules import LARGEST_PAYLOAD, PACKET_ROOM
from pickled.mqtt.subscriptions import Mail

Outcome = Literal["sent", "refused", "away"]

_REFUSED = 128
_READ_AT_ONCE = 64


class Wire(aiomqtt.Client):
    """Open it, use it until `lost` is done, close it, and make a new one."""

    def __init__(
        self,
        config: MqttConfig,
        *,
        name: str,
        will: tuple[str, bytes] | None,
        tls: ssl.SSLContext | None,
        keepalive: int,
        timeout: float,
        send_buffer: int | None,
        receive: Callable[[Mail], None],
    ) -> None:
        options = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        if send_buffer is not None:
            options.append((socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer))
        secret = config.password.get_secret_value() if config.password else None
        super().__init__(
            config.host,
            config.port,
            username=config.username,
            password=secret,
            identifier=name,
            protocol=aiomqtt.ProtocolVersion.V5,
            will=aiomqtt.Will(*will, qos=1, retain=True) if will else None,
            timeout=timeout,
            keepalive=keepalive,
            clean_start=True,
            properties=_connect_properties(),
            tls_context=tls,
            socket_options=options,
        )
        self._config = config
        self._receive = receive
        self._acks: dict[int, asyncio.Future[ReasonCode | None]] = {}
        self._client.connect_timeout = timeout
        self._received = 0
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._disconnected.add_done_callback(self._on_lost)
        self.largest_payload = LARGEST_PAYLOAD
        """Bytes that the broker takes; known once it is open."""
        self.largest_packet = LARGEST_PAYLOAD + PACKET_ROOM
        """The same of the whole packet, as the broker is told it."""
        self.given_up = False
        """It was us who dropped it."""
        self.cause: Cause | None = None
        """Why it was lost, or not made."""

    @property
    def lost(self) -> asyncio.Future[None]:
        """Done as soon as the connection is gone."""
        return self._gone

    async def open(self) -> None:
        """Connect; raises BrokerError with the cause and the remedy."""
        entering = asyncio.create_task(self.__aenter__(), name="mqtt connect")
        try:
            await asyncio.shield(entering)
        except aiomqtt.MqttError as error:
            self.close()
            self.cause = self.cause or explain(error, self._config)
            raise BrokerError(self.cause.text) from error
        except asyncio.CancelledError:
            await self._abandon(entering)
            raise

    async def subscribe_to(self, filters: list[str]) -> list[str]:
        """Subscribe; returns the filters that the broker refused. Raises BrokerError."""
        if not filters:
            return []
        options = SubscribeOptions(qos=1, noLocal=True, retainAsPublished=True)
        try:
            codes = await self.subscribe([(each, options) for each in filters])
        except aiomqtt.MqttError as error:
            raise BrokerError(silence(self._config).text) from error
        return [
            each
            for each, code in zip(filters, codes, strict=False)
            if isinstance(code, ReasonCode) and code.value >= _REFUSED
        ]

    async def round_trip(self) -> None:
        """Ask the broker something without effect, and wait for the answer; the end of all does."""
        self._acknowledge_at_once()
        with contextlib.suppress(aiomqtt.MqttError):
            await self.unsubscribe("nothing")

    def _acknowledge_at_once(self) -> None:
        """A broker that holds small answers back until the last one is acknowledged waits 40 ms."""
        sock = self._client.socket()
        if isinstance(sock, socket.socket) and hasattr(socket, "TCP_QUICKACK"):  # Linux alone
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    async def send(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int,
        retain: bool = False,
        expiry_s: int | None = None,
        correlation: bytes | None = None,
    ) -> tuple[Outcome, str]:
        """Publish and wait until it is written (QoS 0) or answered (QoS 1).

        The second value is the broker's reason for a refusal.
        """
        if self.lost.done():
            return "away", ""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho's own
        if expiry_s is not None:
            properties.MessageExpiryInterval = expiry_s
        if correlation is not None:
            properties.CorrelationData = correlation
        info = self._client.publish(topic, payload, qos, retain, properties)
        if info.rc != 0:
            return "away", ""
        ack: asyncio.Future[ReasonCode | None] = asyncio.get_running_loop().create_future()
        self._acks[info.mid] = ack
        try:
            reason = await ack
        finally:
            self._acks.pop(info.mid, None)
        if reason is None:
            return "away", ""
        return ("refused", str(reason)) if reason.value >= _REFUSED else ("sent", "")

    async def leave(self) -> None:
        """Say good-bye, so that the last will is not published."""
        self._client.disconnect()
        await self.lost

    def close(self) -> None:
        """Drop the connection, whatever state it is in."""
        self._client._sock_close()  # noqa: SLF001  # disconnect() waits for a broker that hangs
        self._end()

    def give_up(self) -> None:
        """Drop a connection on which nothing is answered."""
        if not self.lost.done():
            self.given_up, self.cause = True, silence(self._config)
        self.close()

    async def _abandon(self, entering: asyncio.Task[Any]) -> None:
        # The connect runs in a thread that can't be stopped: let it end, and drop its socket then.
        self._stop_waiting("abandoned")
        entering.add_done_callback(lambda done: done.cancelled() or done.exception())
        entering.add_done_callback(lambda _: self.close())
        await asyncio.wait({entering}, timeout=self.timeout)

    def _stop_waiting(self, why: str) -> None:
        """aiomqtt would wait its whole timeout for a yes that can't come any more."""
        if not self._connected.done():
            self._connected.set_exception(aiomqtt.MqttError(why))
            self._connected.exception()

    def _on_lost(self, lost: asyncio.Future[None]) -> None:
        error = None if lost.cancelled() else lost.exception()
        if self.cause is None and error is not None:
            self.cause = explain(error, self._config)
        self._end()

    def _end(self) -> None:
        if not self._gone.done():
            self._gone.set_result(None)
        for ack in self._acks.values():
            if not ack.done():
                ack.set_result(None)

    def _on_connect(
        self,
        client: Paho,
        userdata: Any,
        flags: ConnectFlags,
        reason_code: ReasonCode,
        properties: Properties | None = None,
    ) -> None:
        packet = getattr(properties, "MaximumPacketSize", None)
        if packet is not None:
            self.largest_packet = packet
            self.largest_payload = max(0, packet - PACKET_ROOM)
        super()._on_connect(client, userdata, flags, reason_code, properties)

    def _on_disconnect(
        self,
        client: Paho,
        userdata: Any,
        flags: DisconnectFlags,
        reason_code: ReasonCode,
        properties: Properties | None = None,
    ) -> None:
        if not self._connected.done():
            self.cause = hung_up(self._config)
            self._stop_waiting(self.cause.text)
        super()._on_disconnect(client, userdata, flags, reason_code, properties)

    def _on_socket_open(self, client: Paho, userdata: Any, sock: Any) -> None:
        super()._on_socket_open(client, userdata, sock)  # from the thread that connects
        number = sock.fileno()
        self._loop.call_soon_threadsafe(self._loop.add_reader, number, self._attempt, self._read)

    def _on_socket_register_write(self, client: Paho, userdata: Any, sock: Any) -> None:
        def watch() -> None:
            if sock.fileno() >= 0:  # the broker may have gone since
                self._loop.add_writer(sock.fileno(), self._attempt, self._client.loop_write)

        self._loop.call_soon_threadsafe(watch)  # from the thread that connects, too

    def _attempt(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  # paho raises anything on a malformed packet
            if not self._disconnected.done():
                self._disconnected.set_exception(error)

    def _read(self) -> None:
        """Read several messages at once: aiomqtt reads one in each round of the loop."""
        for count in itertools.count(1):
            before = self._received
            self._client.loop_read()
            enough = self._received == before or count >= _READ_AT_ONCE
            if enough and not self._undelivered():
                break

    def _undelivered(self) -> bool:
        """Does TLS hold bytes that the loop can't see?"""
        open_socket = self._client.socket()
        return isinstance(open_socket, ssl.SSLSocket) and open_socket.pending() > 0

    def _on_publish(
        self,
        client: Paho,
        userdata: Any,
        mid: int,
        reason_code: ReasonCode,
        properties: Properties,
    ) -> None:
        ack = self._acks.get(mid)
        if ack is not None and not ack.done():
            ack.set_result(reason_code)

    def _on_message(self, client: Paho, userdata: Any, message: MQTTMessage) -> None:
        # Handed on at once instead of through aiomqtt's queue, which has no limit: while our
        # handlers are busy nothing is read, and the broker holds back.
        self._received += 1
        properties = message.properties
        self._receive(
            Mail(
                message.topic,
                bytes(message.payload),
                retain=bool(message.retain),
                dup=bool(message.dup),
                response_topic=getattr(properties, "ResponseTopic", None),
                correlation=getattr(properties, "CorrelationData", None),
            )
        )


def _connect_properties() -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's own
    properties.SessionExpiryInterval = 0
    properties.MaximumPacketSize = LARGEST_PAYLOAD + PACKET_ROOM
    return properties
