"""A short conversation with the broker without an event loop: for the command line and doctor."""

from __future__ import annotations

import queue
import re
import secrets
import socket
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt.causes import explain, of_code, refusal, silence
from pickled.mqtt.secure import tls_context
from pickled.topics import REPLIES, Root

LONGEST_QUEUE = 10_000
"""Messages that wait to be taken; beyond that the newest are dropped and counted."""

_REFUSED = 128
_KEEPALIVE_S = 15


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it came."""

    topic: str
    payload: bytes
    retain: bool
    at: float
    """Seconds of the monotonic clock."""
    correlation: bytes | None = None


class Conversation:
    """`with Conversation(…) as talk:` connects, or raises BrokerError with the remedy."""

    def __init__(
        self, config: MqttConfig, root: Root, *, timeout_s: float = 5.0, will: str | None = None
    ) -> None:
        """With a `will` it connects as the daemon does: a retained one, empty, on that topic."""
        self._config = config
        self._root = root
        self._timeout_s = timeout_s
        self._will = will
        self._heard: queue.Queue[Heard] = queue.Queue(LONGEST_QUEUE)
        self._answered = threading.Event()
        self._refusal = ""
        self._ended = ""
        """Why the connection was lost last."""
        self._up = False
        self.refused = False
        """The broker does not take this user, or this password."""
        self._filters: list[tuple[str, int]] = []
        self._granted = threading.Event()
        self._acks: dict[int, str] = {}
        self.dropped = 0
        """Messages that came faster than they were taken."""
        self.largest_packet: int | None = None
        """Bytes that the broker takes; None if it names no limit."""

    @property
    def trouble(self) -> str:
        """Why there is no connection just now, with the remedy; empty if there is one."""
        return "" if self.connected else self._ended or silence(self._config).text

    @property
    def connected(self) -> bool:
        """Is the broker there? A lost connection is made again by itself."""
        return self._client.is_connected()

    def __enter__(self) -> Self:
        self._client = self._make()
        try:
            self._client.connect(self._config.host, self._config.port, _KEEPALIVE_S)
        except (OSError, UnicodeError) as error:
            raise BrokerError(explain(error, self._config).text) from error
        self._client.loop_start()
        if not self._answered.wait(self._timeout_s):
            self._refusal = silence(self._config).text
        if self._refusal:
            self._close()
            raise BrokerError(self._refusal)
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def subscribe(self, *filters: str, qos: Literal[0, 1] = 1) -> None:
        """Hear these topics from now on, also after a reconnect; raises BrokerError.

        At QoS 1 a broker gives of many retained values no more than it queues, at 0 all.
        """
        wanted = [(each, qos) for each in filters]
        self._filters.extend(wanted)
        self._granted.clear()
        self._subscribe(wanted)
        if not self._granted.wait(self._timeout_s):
            raise BrokerError(self._ended or silence(self._config).text)

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        expiry_s: int | None = None,
        response_topic: str | None = None,
        correlation: bytes | None = None,
    ) -> None:
        """Publish with QoS 1; raises BrokerError if the broker refuses it."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho
        if expiry_s is not None:
            properties.MessageExpiryInterval = expiry_s
        if response_topic is not None:
            properties.ResponseTopic = response_topic
        if correlation is not None:
            properties.CorrelationData = correlation
        info = self._client.publish(topic, payload, 1, retain, properties)
        try:
            info.wait_for_publish(self._timeout_s)
        except (RuntimeError, ValueError) as error:
            raise BrokerError(f"the broker is gone: {error}") from error
        if not info.is_published():
            raise BrokerError(self._ended or silence(self._config).text)
        if reason := self._acks.pop(info.mid, ""):
            raise BrokerError(refusal(reason, topic, self._config, self._root))

    def next(self, timeout_s: float) -> Heard | None:
        """The next message; None if none came in time."""
        try:
            return self._heard.get(timeout=max(timeout_s, 0))
        except queue.Empty:
            return None

    def _make(self) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"{self._root.base}-{self._root.instance}-{secrets.token_hex(4)}",
            protocol=paho.MQTTv5,
        )
        if self._config.username:
            password = self._config.password
            secret = password.get_secret_value() if password else None
            client.username_pw_set(self._config.username, secret)
        if (tls := tls_context(self._config)) is not None:
            client.tls_set_context(tls)
        if self._will is not None:
            client.will_set(self._will, b"", qos=1, retain=True)
        client.connect_timeout = self._timeout_s
        client.reconnect_delay_set(1, 3)
        client.on_socket_open = _no_delay
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_connect_fail = self._on_connect_fail
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    def _subscribe(self, filters: Sequence[tuple[str, int]]) -> None:
        asked = [(each, SubscribeOptions(qos, retainAsPublished=True)) for each, qos in filters]
        self._client.subscribe(asked)

    def _close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    # The callbacks run in paho's thread.

    def _on_connect(self, client: paho.Client, _d: Any, _f: Any, reason: Any, more: Any) -> None:
        if reason.is_failure:
            cause = of_code(reason.value, str(reason), self._config)
            self.refused = cause.bad_credentials
            self._lost(cause.text)
        elif self._filters:
            self._subscribe(self._filters)
        self.largest_packet = getattr(more, "MaximumPacketSize", None)
        self._up = not reason.is_failure
        self._answered.set()

    def _on_disconnect(self, _c: Any, _d: Any, _f: Any, reason: Any, _p: Any) -> None:
        answered, was_up = self._answered.is_set(), self._up
        self._up = False
        if reason.value and (was_up or not answered):  # who was refused is hung up on, too
            cause = of_code(reason.value, str(reason), self._config, answered=answered)
            self._lost(cause.text)

    def _on_connect_fail(self, _c: Any, _d: Any) -> None:
        if (error := sys.exception()) is not None:  # paho calls us while it handles it
            self._lost(explain(error, self._config).text)

    def _lost(self, why: str) -> None:
        """The first connection is not made again; a later one is."""
        if self._answered.is_set():
            self._ended = why
            return
        self._refusal = self._refusal or why
        self._client.disconnect()
        self._answered.set()

    def _on_subscribe(self, _c: Any, _d: Any, _mid: int, _reasons: Any, _p: Any) -> None:
        self._granted.set()

    def _on_publish(self, _c: Any, _d: Any, mid: int, reason: Any, _p: Any) -> None:
        if reason.value >= _REFUSED:
            self._acks[mid] = str(reason)

    def _on_message(self, _c: Any, _d: Any, message: paho.MQTTMessage) -> None:
        correlation = getattr(message.properties, "CorrelationData", None)
        heard = Heard(
            message.topic, bytes(message.payload), message.retain, time.monotonic(), correlation
        )
        try:
            self._heard.put_nowait(heard)
        except queue.Full:
            self.dropped += 1


def reply_topic(config: MqttConfig, root: Root, *, mark: str) -> str:
    """Where an answer to us alone may go, under the printed access list too."""
    named = config.username is not None and re.fullmatch(r"[^/+#\s]+", config.username)
    return f"{root(REPLIES)}/{config.username if named else 'nobody'}/{mark}"


def _no_delay(_client: Any, _data: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
