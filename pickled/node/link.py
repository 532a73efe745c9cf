"""A node's connection to the broker: it comes back by itself, and never kicks its like for ever."""

from __future__ import annotations

import logging
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt import Incoming
from pickled.mqtt.causes import (
    NOT_AUTHORIZED,
    explain,
    of_code,
    refusal,
    rival,
)
from pickled.mqtt.secure import tls_context
from pickled.recurring import Recurring, times
from pickled.topics import Root, topic

KEEPALIVE_S = 12
WILL_DELAY_S = 4
SESSION_EXPIRY_S = 30
"""Longer than the will's delay: who is back by then was never offline."""

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1, 3
_MOST_QUEUED = 100
_TAKEN_OVER = 142
_QUICK_S, _MOST_QUICK_DROPS = 5.0, 3
"""Not every broker says why: who is dropped again and again so soon has a namesake."""
_LISTENS_S = 0.5
_STEADY_S = 15.0
"""A connection that comes and goes is told only when it has lasted so long."""

log = logging.getLogger(__name__)


@dataclass
class Link:
    """One of a node's two connections; its threads are paho's."""

    mqtt: MqttConfig
    root: Root
    node: str
    purpose: Literal["control", "audio"]
    filters: Mapping[str, int]
    """Path in the table → QoS at which it is subscribed."""
    receive: Callable[[Incoming, bool], None]
    """Called with each message; False if it may have waited at the broker while we were away."""
    wake: threading.Event
    """Set when the connection is made or lost."""
    ups: int = 0
    """How often it was made."""
    heard_at: float = 0.0
    """When the broker gave a sign of life last (monotonic, s)."""
    failure: BrokerError | None = None
    """Why trying again is of no use."""
    _client: paho.Client = field(init=False)
    _tls: ssl.SSLContext | None = field(init=False)
    _subscribed: bool = False
    _was_up: bool = False
    _up_at: float = 0.0
    _quick_drops: int = 0
    _answered: bool = False
    """The broker has said yes or no."""
    _steady: bool = False
    _told_up: bool = False
    _logged: Recurring = field(default_factory=Recurring)

    def __post_init__(self) -> None:
        """Raises BrokerError if the file of the authority can't be used."""
        self._tls = tls_context(self.mqtt)

    @property
    def connected(self) -> bool:
        """Is the broker there, with all our subscriptions made?"""
        return self._subscribed

    def start(self) -> None:
        """Connect, and go on trying."""
        keeps = self.purpose == "control"
        client = self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=self._id(), protocol=paho.MQTTv5
        )
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_connect_fail, client.on_subscribe = self._on_connect_fail, self._on_subscribe
        client.on_message, client.on_publish = self._on_message, self._on_publish
        client.on_socket_open = _without_delay
        client.reconnect_delay_set(_FIRST_PAUSE_S, _LONGEST_PAUSE_S)
        client.max_queued_messages_set(_MOST_QUEUED)
        self._identify(client)
        if keeps:
            self._leave_will(client)
        expiry = _properties(PacketTypes.CONNECT)
        expiry.SessionExpiryInterval = SESSION_EXPIRY_S if keeps else 0
        client.connect_async(
            self.mqtt.host,
            self.mqtt.port,
            keepalive=KEEPALIVE_S,
            clean_start=not keeps,
            properties=expiry,
        )
        client.loop_start()

    def publish(self, path: str, value: Any) -> paho.MQTTMessageInfo:
        """Publish by the row of the table; while the broker is away, QoS 1 waits, QoS 0 is lost.

        Returns what tells whether it is on its way.
        """
        row = topic(path)
        return self._client.publish(
            self.root(path, node=self.node), row.encode(value), qos=row.qos, retain=row.retain
        )

    def stop(self) -> None:
        """Say good-bye."""
        was_up = self.connected
        if was_up and self.purpose == "control":
            where = self.root("node/{node}/availability", node=self.node)
            self._client.publish(where, b"offline", qos=1, retain=True).wait_for_publish(0.5)
        forget = _properties(PacketTypes.DISCONNECT)
        forget.SessionExpiryInterval = 0
        self._client.disconnect(properties=forget)
        if was_up:  # a connection attempt can't be cut short: it ends with the process
            self._client.loop_stop()

    def _id(self) -> str:
        name = f"{self.root.base}-{self.root.instance}-node-{self.node}"
        return name if self.purpose == "control" else f"{name}-{self.purpose}"

    def _identify(self, client: paho.Client) -> None:
        if self.mqtt.username:
            password = self.mqtt.password
            secret = password.get_secret_value() if password else None
            client.username_pw_set(self.mqtt.username, secret)
        if self._tls is not None:
            client.tls_set_context(self._tls)

    def _leave_will(self, client: paho.Client) -> None:
        delay = _properties(PacketTypes.WILLMESSAGE)
        delay.WillDelayInterval = WILL_DELAY_S
        where = self.root("node/{node}/availability", node=self.node)
        client.will_set(where, b"offline", qos=1, retain=True, properties=delay)

    def _on_connect(
        self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _: Any
    ) -> None:
        self._answered = True
        if reason.is_failure:
            cause = of_code(reason.value, str(reason), self.mqtt)
            if cause.bad_credentials and not self._was_up:
                self._fail(cause.text)
            else:
                self._tell(cause.text)
            return
        self.heard_at = time.monotonic()
        client.subscribe(
            [
                (self.root(path, node=self.node), SubscribeOptions(qos, retainAsPublished=True))
                for path, qos in self.filters.items()
            ]
        )

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, codes: Any, _: Any) -> None:
        if any(code.is_failure for code in codes):
            self._tell_refused(NOT_AUTHORIZED)
        self.heard_at = self._up_at = time.monotonic()
        self._subscribed = self._was_up = True
        self.ups += 1
        self._told_up = self._logged.due("up", self._up_at) is not None
        if self._told_up:
            self._say_up()
        self.wake.set()

    def _on_message(self, _client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        self.heard_at = time.monotonic()
        found = self.root.find(message.topic)
        if found is None or found[1] not in (None, self.node):
            return
        row, node = found
        incoming = Incoming(
            row,
            node,
            message.topic,
            bytes(message.payload),
            retain=message.retain,
            dup=message.dup,
        )
        self.receive(incoming, self._subscribed)

    def _on_publish(self, _client: Any, _data: Any, _mid: int, reason: Any, _: Any) -> None:
        self.heard_at = time.monotonic()
        if reason.is_failure:
            self._tell_refused(str(reason))

    def _on_connect_fail(self, _client: Any, _data: Any) -> None:
        if (error := sys.exception()) is not None:  # paho calls us while it handles it
            self._tell(explain(error, self.mqtt).text)

    def _on_disconnect(
        self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        was_up, answered = self._subscribed, self._answered
        self._subscribed = self._answered = self._steady = False
        quick = was_up and time.monotonic() - self._up_at < _QUICK_S
        self._quick_drops = self._quick_drops + 1 if quick and self._listens() else 0
        if reason.value == _TAKEN_OVER or self._quick_drops >= _MOST_QUICK_DROPS:
            self._fail(rival(self.node))
            self._client.disconnect()
        elif reason.value and (was_up or not answered):
            self._tell(of_code(reason.value, str(reason), self.mqtt, answered=answered).text)
        self.wake.set()

    def _listens(self) -> bool:
        """Is the broker still there, which has just dropped us? Then it was not it that ended."""
        try:
            socket.create_connection((self.mqtt.host, self.mqtt.port), _LISTENS_S).close()
        except OSError:
            return False
        return True

    def look(self, now: float) -> None:
        """Has the connection lasted by now? Then what came and went before it is over."""
        if self._steady or not self._subscribed or now - self._up_at < _STEADY_S:
            return
        self._steady = True
        if not self._told_up:
            self._say_up()

    def _say_up(self) -> None:
        log.info("%s: connected to %s:%d", self.purpose, self.mqtt.host, self.mqtt.port)

    def _tell_refused(self, reason: str) -> None:
        what = f"some topics of node {self.node}"
        self._log(refusal(reason, what, self.mqtt, self.root, node=self.node))

    def _tell(self, cause: str) -> None:
        self._log(f"{cause}; trying again")

    def _log(self, text: str) -> None:
        count = self._logged.due(text, time.monotonic())
        if count is not None:
            log.warning("%s: %s%s", self.purpose, text, times(count))

    def _fail(self, why: str) -> None:
        self.failure = BrokerError(why)
        self.wake.set()


def _properties(packet: int) -> Properties:
    return Properties(packet)  # type: ignore[no-untyped-call]  # paho leaves it bare


def _without_delay(_client: Any, _data: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
