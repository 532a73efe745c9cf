"""How a command ended, and a stand-in for the daemon that it talks to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from pickled.topics import Root
from tests.stand_ins.broker import Broker

TURN = "k5q2mz7abcde"
AT = "2026-05-01T18:30:00.000Z"


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@dataclass
class StandInDaemon:
    """Answers commands like the daemon: `with StandInDaemon(broker) as daemon:`."""

    broker: Broker
    code: str = "ok"
    turn: bool = True
    """Does the answer name the turn?"""
    with_id: bool = True
    """Does the answer carry the id, on the event topic?"""
    on_reply_topic: bool = True
    outcome: str = "finished"
    removed: dict[str, int] = field(default_factory=dict)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    root: Root = field(default_factory=Root)

    def __enter__(self) -> StandInDaemon:
        ready = threading.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.on_message = self._answer
        self._client.connect(self.broker.host, self.broker.port)
        self._client.loop_start()
        self._client.subscribe([(self.root("cmd/+"), 1), (self.root("+/set"), 1)])
        assert ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        self._client.reinitialise()  # closes the sockets by which paho wakes its thread

    def event(self, topic: str, **fields: Any) -> None:
        """Publish an event."""
        self._client.publish(self.root(f"event/{topic}"), json.dumps({"ts": AT, **fields}), 1)

    def _answer(self, _client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        path = message.topic.removeprefix(self.root(""))
        fields = json.loads(message.payload)
        self.heard.append((path, fields))
        accepted = self.code == "ok"
        answer: dict[str, Any] = {
            "event_type": "accepted" if accepted else "rejected",
            "command": path,
            "code": self.code,
            "message": "" if accepted else "not today",
        }
        if self.turn and path.startswith("cmd/") and accepted:
            answer["turn"] = TURN
        if self.removed and accepted:
            answer["removed"] = self.removed
        self.event("command", **answer, **({"id": fields["id"]} if self.with_id else {}))
        assert message.properties
        if self.on_reply_topic:
            properties = Properties(PacketTypes.PUBLISH)
            properties.CorrelationData = message.properties.CorrelationData
            whole = json.dumps({"ts": AT, **answer})
            self._client.publish(message.properties.ResponseTopic, whole, 1, properties=properties)
        if accepted and path.startswith("cmd/"):
            self._speak()

    def _speak(self) -> None:
        self.event("response", event_type="clause", turn="aaaaaaaaaaaa", text="somebody else's")
        self.event("response", event_type="started", turn=TURN)
        self.event("response", event_type="clause", turn=TURN, text="Hello \x1b[31mall.", index=0)
        self.event("response", event_type="finished", turn=TURN, outcome=self.outcome)
