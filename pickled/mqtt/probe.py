"""What a broker lets us do, and who is there: asked without leaving a trace."""

from __future__ import annotations

import contextlib
import secrets
import time
from dataclasses import dataclass, field

from pydantic import ValidationError

from pickled.config import MqttConfig
from pickled.errors import BrokerError, ContractError
from pickled.messages.node import NodeState
from pickled.mqtt.causes import too_small
from pickled.mqtt.conversation import Conversation, reply_topic
from pickled.mqtt.discovery.devices import daemon_device
from pickled.mqtt.rules import PACKET_ROOM
from pickled.topics import REPLIES, Root

DOCTOR = "doctor"
"""The last level of its own retained topic."""

_SETTLE_S = 0.5
"""How long retained messages may take to come after the last probe has."""


@dataclass
class Findings:
    """What was found out about a broker that let us in."""

    refused: str = ""
    """Why we may not publish; empty if we may."""
    heard: bool = False
    """Did what we published come back?"""
    open_to_all: bool = False
    """It lets in whoever doesn't say who he is."""
    guarded: bool = False
    """An access list keeps users apart."""
    daemon: bool = False
    """The daemon of this instance is online."""
    nodes: set[str] = field(default_factory=set)
    """Names of the nodes that are online."""
    unheard: dict[str, str] = field(default_factory=dict)
    """Nodes that say they have no sound, and why."""
    too_small: str = ""
    """Why it does not take our largest message, Home Assistant's discovery; empty if it does."""


def look(config: MqttConfig, root: Root, *, timeout_s: float = 5.0) -> Findings:
    """Connect as the daemon does, and find out; raises BrokerError if it doesn't let us in."""
    found = Findings()
    mark = secrets.token_hex(4)
    own = reply_topic(config, root, mark=mark)
    foreign = f"{root(REPLIES)}/somebody-else/{mark}"
    will = reply_topic(config, root, mark=DOCTOR)
    with Conversation(config, root, timeout_s=timeout_s, will=will) as talk:
        if talk.largest_packet is not None and talk.largest_packet < _largest(config, root):
            found.too_small = too_small(talk.largest_packet, config)
        everyone = (root(f"node/{{node}}/{each}", node="+") for each in ("availability", "state"))
        talk.subscribe(own, foreign, root("availability"), *everyone)
        try:
            talk.publish(foreign, b"", expiry_s=1)
            talk.publish(own, b"", expiry_s=1)
        except BrokerError as error:
            found.refused = str(error)
        came = _listen(talk, root, found, until=own, timeout_s=timeout_s)
    found.heard, found.guarded = own in came, foreign not in came
    found.open_to_all = config.username is None or _lets_in_anybody(config, root, timeout_s)
    return found


def _largest(config: MqttConfig, root: Root) -> int:
    """Bytes of the largest packet that the daemon sends."""
    device = daemon_device(root, prefix=config.discovery_prefix, personas=(), voices=())
    return len(device.payload()) + PACKET_ROOM


def _listen(
    talk: Conversation, root: Root, found: Findings, *, until: str, timeout_s: float
) -> set[str]:
    came: set[str] = set()
    end = time.monotonic() + (_SETTLE_S if found.refused else timeout_s)
    while (left := end - time.monotonic()) > 0:
        message = talk.next(left)
        if message is None:
            break
        came.add(message.topic)
        if message.topic == until:
            end = time.monotonic() + _SETTLE_S
        _note(root, message.topic, message.payload, found)
    return came


def _note(root: Root, topic: str, payload: bytes, found: Findings) -> None:
    row = root.find(topic)
    node = row[1] if row else None
    if row and payload == b"online":
        found.daemon |= node is None
        found.nodes |= {node} if node else set()
    elif row and node and row[0].path == "node/{node}/state":
        with contextlib.suppress(ContractError, ValidationError):
            state: NodeState = row[0].decode(payload)
            if not state.has_sound:
                found.unheard[node] = state.last_error


def _lets_in_anybody(config: MqttConfig, root: Root, timeout_s: float) -> bool:
    nobody = config.model_copy(update={"username": None, "password": None})
    try:
        with Conversation(nobody, root, timeout_s=timeout_s):
            return True
    except BrokerError:
        return False
