"""Which audio-nodes there are, which of them leads, and how their clocks differ from ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from pydantic import ValidationError

from pickled.messages.node import NodeInfo, NodeState, Ping, Played, Pong, StreamEnd
from pickled.mqtt import Bus, Incoming

log = structlog.get_logger()

PING_S = 1.0
LOST_AFTER_S = 3.0
"""Without a pong for so long, a node that is called online is not counted on any more."""

MOST_NODES = 64
"""More names than that are ignored: somebody is making them up."""


@dataclass
class Node:
    """One audio-node, as far as it has told us about itself."""

    name: str
    info: NodeInfo | None = None
    state: NodeState = field(default_factory=NodeState)
    announced: bool = False
    """Its availability says `online`."""
    heard_at: float = float("-inf")
    """When it last gave a sign of life, in seconds of the loop's clock."""
    clock_offset_ms: float | None = None
    silent: bool = False
    """It gave no sign of life for too long."""
    known: set[str] = field(default_factory=set)
    """What it has told since it appeared: `availability`, `info`, `state`."""

    @property
    def online(self) -> bool:
        """It is there, and we know what it is."""
        return self.announced and self.info is not None and not self.silent

    @property
    def public(self) -> bool:
        return self.info is not None and self.info.role == "public"


class Nodes:
    """The nodes by name; tells listeners what changes."""

    def __init__(self, bus: Bus, *, wall_ms: Callable[[], float]) -> None:
        self._bus = bus
        self._wall_ms = wall_ms
        self._nodes: dict[str, Node] = {}
        self._ping_id = 0
        self.on_played: list[Callable[[Node, Played], None]] = []
        self.on_change: list[Callable[[Node], None]] = []
        self.on_appear: list[Callable[[Node], None]] = []
        """Called once when a node is there and has told all about itself."""

    def listen(self) -> None:
        """Subscribe; before the bus starts."""
        self._bus.on("node/{node}/availability", self._availability)
        self._bus.on("node/{node}/info", self._info)
        self._bus.on("node/{node}/state", self._state)
        self._bus.on("node/{node}/played", self._played)
        self._bus.on("node/{node}/pong", self._pong)

    def forget_what_was_told(self) -> None:
        """We were away from the broker: every node appears anew."""
        for node in self._nodes.values():
            node.known.clear()

    @property
    def online(self) -> list[Node]:
        """All nodes that are there, by name."""
        return sorted((n for n in self._nodes.values() if n.online), key=lambda n: n.name)

    def targets(self, target: str | None) -> list[Node]:
        """The nodes that get speech for `public` (None), `private`, or a name; the first leads.

        Who has no sound gets none.
        """
        return [node for node in self._meant(target) if node.state.has_sound]

    def why_none(self, target: str | None) -> str:
        """What to say where there is no target."""
        for node in self._meant(target):
            return f"{node.name} can't be heard: {node.state.last_error}"
        return "no audio-node is online; start `pickled node`"

    def _meant(self, target: str | None) -> list[Node]:
        if target in (None, "public"):
            return [node for node in self.online if node.public]
        if target == "private":
            return [node for node in self.online if not node.public]
        return [node for node in self.online if node.name == target]

    async def clear(self, name: str, end: StreamEnd) -> None:
        """Let a node drop everything up to that stream; no sound is in this message's way."""
        await self._bus.publish("node/{node}/tts/clear", end, node=name)

    async def run(self) -> None:
        """Ping every node each second, and notice those that fall silent."""
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            await asyncio.sleep(PING_S)
            stood_still = loop.time() - begun > LOST_AFTER_S  # then it was us who fell silent
            for node in list(self._nodes.values()):
                if node.announced and node.info is not None:
                    await self._ping(node)
                    silent = loop.time() - node.heard_at > LOST_AFTER_S
                    self._set_silent(node, silent and not stood_still)

    async def _ping(self, node: Node) -> None:
        self._ping_id += 1
        sent = self._wall_ms()
        ping = Ping(id=self._ping_id, sent_ms=sent, offset_ms=node.clock_offset_ms)
        await self._bus.publish("node/{node}/ping", ping, node=node.name)

    def _set_silent(self, node: Node, silent: bool) -> None:
        if silent == node.silent:
            return
        node.silent = silent
        log.warning("node fell silent" if silent else "node answers again", node=node.name)
        self._changed(node)

    def _node(self, message: Incoming) -> Node | None:
        name = message.node or ""
        if name not in self._nodes:
            if len(self._nodes) >= MOST_NODES:
                log.warning("too many nodes, one is ignored", node=name)
                return None
            self._nodes[name] = Node(name)
        return self._nodes[name]

    def _alive(self, node: Node) -> None:
        node.heard_at = asyncio.get_running_loop().time()
        self._set_silent(node, False)

    def _availability(self, message: Incoming) -> None:
        if node := self._node(message):
            was = node.announced
            node.announced = message.payload == b"online"
            if node.announced:
                self._alive(node)
                self._told(node, "availability")
            else:
                node.known.clear()
            if node.announced != was:
                self._changed(node)

    def _info(self, message: Incoming) -> None:
        if not message.payload:
            if gone := self._nodes.pop(message.node or "", None):
                gone.info, gone.announced = None, False
                self._changed(gone)
            return
        with _forgiving(message), _known(self._node(message)) as node:
            node.info = NodeInfo.model_validate_json(message.payload)
            self._alive(node)
            self._told(node, "info")
            self._changed(node)

    def _state(self, message: Incoming) -> None:
        if not message.payload:
            return
        with _forgiving(message), _known(self._node(message)) as node:
            node.state = NodeState.model_validate_json(message.payload)
            self._told(node, "state")
            self._changed(node)

    def _played(self, message: Incoming) -> None:
        with _forgiving(message), _known(self._node(message)) as node:
            played = Played.model_validate_json(message.payload)
            self._alive(node)
            for listener in self.on_played:
                listener(node, played)

    def _pong(self, message: Incoming) -> None:
        with _forgiving(message), _known(self._node(message)) as node:
            pong = Pong.model_validate_json(message.payload)
            middle = (pong.sent_ms + self._wall_ms()) / 2
            node.clock_offset_ms = middle - pong.node_ms
            self._alive(node)

    def _told(self, node: Node, what: str) -> None:
        if what in node.known:
            return
        node.known.add(what)
        if len(node.known) == len(("availability", "info", "state")):
            for listener in self.on_appear:
                listener(node)

    def _changed(self, node: Node) -> None:
        for listener in self.on_change:
            listener(node)


class _UnknownNode(ValueError):
    pass


@contextmanager
def _known(node: Node | None) -> Iterator[Node]:
    if node is None:
        raise _UnknownNode
    yield node


@contextmanager
def _forgiving(message: Incoming) -> Iterator[None]:
    """A node that sends something else than the contract says is ignored, and named in the log."""
    try:
        yield
    except (ValidationError, _UnknownNode) as error:
        log.warning("a node's message is ignored", topic=message.topic, why=str(error)[:200])
