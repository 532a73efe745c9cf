"""What an instance publishes, decoded and in order, for a command that shows it."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from pydantic import ValidationError

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.topics import Root

LONGEST_QUEUE = 20_000
"""Messages that wait to be shown; beyond that the newest are dropped."""

_OF_A_NODE = ("availability", "info", "state")
_FILTERS = ("availability", "info", "+/state", "event/#", *(f"node/+/{x}" for x in _OF_A_NODE))


class Listener:
    """A queue that a connection fills from its own thread."""

    def __init__(self, client: paho.Client, root: Root) -> None:
        self.values: dict[str, Any] = {}
        """Topic below the instance → its last value."""
        self.refused = ""
        """Why the broker doesn't let us in; empty if it does."""
        self._client = client
        self._root = root
        self._queue: queue.Queue[paho.MQTTMessage] = queue.Queue(LONGEST_QUEUE)

    def next(self, timeout_s: float) -> tuple[str, Any] | None:
        """The next topic below the instance, and its value; None if nothing came."""
        try:
            message = self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return None
        found = self._root.find(message.topic)
        if found is None or not message.payload:
            return None
        try:
            value = found[0].decode(bytes(message.payload))
        except ValidationError:
            return None
        path = message.topic.removeprefix(self._root(""))
        self.values[path] = value
        return path, value

    def forget(self, *, node: str) -> None:
        """Remove the retained messages of the daemon, and of that node, from the broker."""
        for path in self.values:
            if not path.startswith(("event/", "node/")) or path.startswith(f"node/{node}/"):
                self._client.publish(self._root(path), b"", qos=1, retain=True).wait_for_publish(2)

    def on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _: Any) -> None:
        """Called by the connection, in its thread."""
        self.refused = str(reason) if reason.is_failure else ""
        self._client.subscribe([(self._root(path), 1) for path in _FILTERS])

    def on_message(self, _client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        """Called by the connection, in its thread."""
        if not self._queue.full():
            self._queue.put_nowait(message)


@contextmanager
def listening(mqtt: MqttConfig, root: Root) -> Iterator[Listener]:
    """A connection that hears all states and events; raises BrokerError if there is no broker."""
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    listener = Listener(client, root)
    client.on_connect = listener.on_connect
    client.on_message = listener.on_message
    if mqtt.username:
        password = mqtt.password.get_secret_value() if mqtt.password else None
        client.username_pw_set(mqtt.username, password)
    if mqtt.tls:
        client.tls_set(ca_certs=str(mqtt.ca_file) if mqtt.ca_file else None)
    client.connect_timeout = 5.0
    try:
        client.connect(mqtt.host, mqtt.port, keepalive=15)
    except OSError as error:
        raise BrokerError(
            f"The broker at {mqtt.host}:{mqtt.port} does not answer: {error}. Is it running there?"
        ) from error
    client.loop_start()
    try:
        yield listener
    finally:
        client.disconnect()
        client.loop_stop()
