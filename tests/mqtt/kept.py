"""Brokers that keep what instances of ours announced."""

from __future__ import annotations

from collections.abc import Mapping

from pickled.config import MqttConfig
from pickled.messages.node import NodeInfo
from pickled.mqtt.conversation import Conversation
from pickled.mqtt.discovery.devices import daemon_device, node_device
from pickled.mqtt.left_over import retained
from pickled.topics import Root
from tests.stand_ins.broker import Broker

HOME, STUDIO = Root(), Root(instance="studio")
NODE_INFO = NodeInfo(session=1)


def device(root: Root, prefix: str = "homeassistant") -> dict[str, bytes]:
    """What a daemon of that name announces."""
    found = daemon_device(root, prefix=prefix, personas=["a"], voices=["b"])
    return {found.topic: found.payload()}


def laptop(root: Root) -> dict[str, bytes]:
    """What it announces of a node."""
    found = node_device(root, prefix="homeassistant", name="laptop", info=NODE_INFO)
    return {found.topic: found.payload()}


def given(broker: Broker, there: Mapping[str, bytes]) -> MqttConfig:
    """A broker that keeps this."""
    config = MqttConfig(host=broker.host, port=broker.port)
    with Conversation(config, HOME) as talk:
        for topic, payload in there.items():
            talk.publish(topic, payload, retain=True)
    return config


def kept(broker: Broker) -> set[str]:
    """What it keeps by now."""
    config = MqttConfig(host=broker.host, port=broker.port)
    with Conversation(config, HOME) as talk:
        return set(retained(talk, config, HOME, ["#"], timeout_s=5))


ALIVE = {HOME("availability"): b"online"}
STOPPED = {STUDIO("availability"): b"offline", STUDIO("muted/state"): b"ON"}
