"""Who is there: the daemon, or two of one name, and the audio-nodes, as far as they are heard."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field

from pydantic import ValidationError

from pickled.errors import ContractError
from pickled.messages.node import NodeInfo, NodeState
from pickled.messages.state import Health, Info
from pickled.mqtt.conversation import Conversation
from pickled.topic_rows import Topic
from pickled.topics import Root

LIFE_S = 3.5
"""The daemon asks each node every second, and two of one name take turns about as often."""

_FLIPS = 3
BUSY = ("speaking/state", "thinking/state")
_TOPICS = ("availability", "info", "health/state", *BUSY)
_OF_NODES = ("availability", "info", "state", "pong")


@dataclass
class SeenNode:
    """What a node has told, and what was heard of it meanwhile."""

    online: bool = False
    info: NodeInfo | None = None
    state: NodeState = field(default_factory=NodeState)
    pongs: int = 0


@dataclass
class Presence:
    """What was seen in a few seconds."""

    daemon: bool = False
    """It is online."""
    info: Info | None = None
    info_as_sent: bytes = b""
    """The same, to the byte; empty if there is none."""
    health: Health | None = None
    nodes: dict[str, SeenNode] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    """States of `BUSY` that are ON."""
    watched_s: float = 0.0
    _sessions: set[int] = field(default_factory=set)
    _flips: int = 0

    @property
    def online(self) -> list[str]:
        """Names of the nodes that are online: they say so, or answer."""
        return sorted(name for name, each in self.nodes.items() if each.online or each.pongs)

    @property
    def rivals(self) -> bool:
        """Do two daemons of one name kick each other out?"""
        return len(self._sessions) > 1 or self._flips >= _FLIPS

    @property
    def silent(self) -> list[str]:
        """Nodes that are called online and answered no ping, though the daemon asked."""
        if not self.daemon or self.rivals or self.watched_s < LIFE_S:
            return []
        return [name for name in self.online if not self.nodes[name].pongs]

    def take(self, found: tuple[Topic, str | None], payload: bytes) -> None:
        """Note what a message tells; of one that is not as in the contract, nothing."""
        row, name = found
        with contextlib.suppress(ContractError, ValidationError):
            value = row.decode(payload)
            if name is not None:
                _note(self.nodes.setdefault(name, SeenNode()), row, value)
            elif row.path == "availability":
                self._flips += self.daemon != (value == "online")
                self.daemon = value == "online"
            elif row.path == "info":
                self.info, self.info_as_sent = value, payload
                self._sessions.add(value.session)
            elif row.path == "health/state":
                self.health = value
            elif value == "ON":
                self.busy.add(row.path)
            else:
                self.busy.discard(row.path)


def _note(node: SeenNode, row: Topic, value: object) -> None:
    if row.path.endswith("/availability"):
        node.online = value == "online"
    elif isinstance(value, NodeInfo):
        node.info = value
    elif isinstance(value, NodeState):
        node.state = value
    elif row.path.endswith("/pong"):
        node.pongs += 1


def watch(talk: Conversation, root: Root, *, settle_s: float, life_s: float = LIFE_S) -> Presence:
    """Look for a moment, and longer where there is somebody; raises BrokerError."""
    nodes = (root(f"node/{{node}}/{each}", node="+") for each in _OF_NODES)
    talk.subscribe(*(root(each) for each in _TOPICS), *nodes)
    found, began = Presence(), time.monotonic()
    end = began + settle_s
    while (left := end - time.monotonic()) > 0:
        if (message := talk.next(left)) is None:
            continue
        if (row := root.find(message.topic)) and message.payload:
            unknown = row[1] is not None and row[1] not in found.nodes
            found.take(row, message.payload)
            if row[0].path == "availability":
                end = began + life_s
            if unknown and row[0].path.endswith("/pong"):  # wildcards get nothing retained here
                told = (f"node/{{node}}/{each}" for each in _OF_NODES[:-1])
                talk.subscribe(*(root(each, node=row[1] or "") for each in told))
    found.watched_s = time.monotonic() - began
    return found
