"""A node's connection to the broker: it comes back by itself, and never kicks its like for ever."""

from __future__ import annotations

import logging
import socket
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
_NOT_LET_IN = {133, 134, 135, 138}

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
    _subscribed: bool = False
    _was_up: bool = False
    _up_at: float = 0.0
    _quick_drops: int = 0
    _complained: bool = False

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

    def publish(self, path: str, value: Any) -> None:
        """Publish by the row of the table; while the broker is away, QoS 1 waits, QoS 0 is lost."""
        row = topic(path)
        self._client.publish(
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
        if self.mqtt.tls:
            client.tls_set(ca_certs=str(self.mqtt.ca_file) if self.mqtt.ca_file else None)

    def _leave_will(self, client: paho.Client) -> None:
        delay = _properties(PacketTypes.WILLMESSAGE)
        delay.WillDelayInterval = WILL_DELAY_S
        where = self.root("node/{node}/availability", node=self.node)
        client.will_set(where, b"offline", qos=1, retain=True, properties=delay)

    def _on_connect(
        self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _: Any
    ) -> None:
        if reason.is_failure:
            self._complain(f"does not let us in ({reason})")
            if reason.value in _NOT_LET_IN and not self._was_up:
                self._fail(
                    f"The broker at {self._where()} does not let us in ({reason}): "
                    "check the user name and the password (PICKLED_MQTT__PASSWORD)."
                )
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
            self._complain("refuses some of our subscriptions: check its access list")
        self.heard_at = time.monotonic()
        self._subscribed = self._was_up = True
        self._complained = False
        self.ups += 1
        self._up_at = time.monotonic()
        log.info("%s: connected to %s", self.purpose, self._where())
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
            self._complain(f"refuses what we publish ({reason}): check its access list")

    def _on_connect_fail(self, _client: Any, _data: Any) -> None:
        self._complain("is not there; trying again")

    def _on_disconnect(
        self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        lasted_s = time.monotonic() - self._up_at
        self._quick_drops = self._quick_drops + 1 if self._subscribed and lasted_s < _QUICK_S else 0
        self._subscribed = False
        if reason.value == _TAKEN_OVER or self._quick_drops >= _MOST_QUICK_DROPS:
            self._fail(
                f"Another node is called {self.node} and takes our place at {self._where()} "
                "again and again: give one of them another name with --name."
            )
            self._client.disconnect()
        elif reason.value:
            self._complain(f"is gone ({reason}); trying again")
        self.wake.set()

    def _complain(self, what: str) -> None:
        if not self._complained:
            log.warning("%s: the broker at %s %s", self.purpose, self._where(), what)
        self._complained = True

    def _fail(self, why: str) -> None:
        self.failure = BrokerError(why)
        self.wake.set()

    def _where(self) -> str:
        return f"{self.mqtt.host}:{self.mqtt.port}"


def _properties(packet: int) -> Properties:
    return Properties(packet)  # type: ignore[no-untyped-call]  # paho leaves it bare


def _without_delay(_client: Any, _data: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
