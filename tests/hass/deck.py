"""A Stream Deck as its plug-ins are: MQTT 3.1.1 over WebSocket, fixed strings, QoS 0."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

import paho.mqtt.client as paho

from tests.hass.printed_broker import SECRETS, PrintedBroker

_PATIENCE_S = 20.0


def _client(broker: PrintedBroker, client_id: str) -> paho.Client:
    client = paho.Client(
        paho.CallbackAPIVersion.VERSION2,
        client_id=client_id,
        protocol=paho.MQTTv311,
        transport="websockets",
    )
    client.username_pw_set("deck", SECRETS["deck"])
    client.ws_set_options(path="/mqtt")
    connected = threading.Event()
    client.on_connect = lambda *_: connected.set()
    client.connect(broker.host, broker.web_port)
    client.loop_start()
    assert connected.wait(_PATIENCE_S), "the broker does not let the deck in over WebSocket"
    return client


def press(broker: PrintedBroker, topic: str, payload: str) -> None:
    """A key of the plug-in that connects anew at each press."""
    client = _client(broker, "deck-key")
    client.publish(topic, payload, qos=0, retain=False).wait_for_publish(_PATIENCE_S)
    client.disconnect()
    client.loop_stop()


class Deck:
    """The plug-in with a lasting connection: it hears what keys show, and presses over it."""

    def __init__(self, client: paho.Client) -> None:
        self._client = client
        self._heard: dict[str, list[str]] = {}
        self._more = threading.Condition()
        client.on_message = self._take

    def _take(self, _client: paho.Client, _: object, message: paho.MQTTMessage) -> None:
        with self._more:
            self._heard.setdefault(message.topic, []).append(message.payload.decode())
            self._more.notify_all()

    def watch(self, topic: str) -> None:
        """A key shows that."""
        self._client.subscribe(topic, qos=0)

    def press(self, topic: str, payload: str) -> None:
        """A key is pressed."""
        self._client.publish(topic, payload, qos=0)

    def shown(self, topic: str) -> str | None:
        """What the key shows."""
        with self._more:
            return self._heard.get(topic, [None])[-1]

    def forget(self, topic: str) -> None:
        """From now on only what is new counts."""
        with self._more:
            self._heard.pop(topic, None)

    def until(self, topic: str, shows: Callable[[str], bool]) -> None:
        """Wait until that was heard."""
        end = time.monotonic() + _PATIENCE_S
        with self._more:
            while not any(map(shows, self._heard.get(topic, []))):
                left = end - time.monotonic()
                assert left > 0, f"{topic} showed only {self._heard.get(topic, [])[-5:]}"
                self._more.wait(left)


@contextlib.contextmanager
def deck(broker: PrintedBroker) -> Iterator[Deck]:
    """It is connected, until the block ends."""
    client = _client(broker, "deck")
    try:
        yield Deck(client)
    finally:
        client.disconnect()
        client.loop_stop()
