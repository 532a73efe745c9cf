"""Follows a stream at the nodes that play it: one leads, and what it has played counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from pickled.errors import DeviceError
from pickled.messages.node import Played
from pickled.outputs.voice.nodes import Node, Nodes

log = structlog.get_logger()

STALL_S = 4.0
"""A node that has sound to play but reports no progress for so long is given up."""


@dataclass
class Progress:
    """How far one node has played."""

    played_ms: float = 0.0
    state: str = ""
    utterance: str = ""


@dataclass
class Lead:
    """The first by name of those that were given the stream and are still there."""

    nodes: Nodes
    stream: int
    target: str | None
    muted: bool = False
    """It swallowed the stream."""
    _given: dict[str, int | None] = field(default_factory=dict)
    """The nodes that have this stream, and in which of their sessions they got it."""
    _progress: dict[str, Progress] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def given(self) -> list[str]:
        """The names of the nodes that have this stream."""
        return sorted(self._given)

    def give(self, node: Node) -> None:
        """That node gets the stream now."""
        self._given[node.name] = _session_of(node)

    def take(self, node: Node, played: Played, *, clearing: bool) -> Progress | None:
        """Note a node's report; its progress, if it is the lead's."""
        if node.name not in self._given:
            return None
        progress = self._progress.setdefault(node.name, Progress())
        progress.played_ms = max(progress.played_ms, played.played_ms)
        progress.state, progress.utterance = played.state, played.utterance
        self.look_again()
        if played.state == "cleared" and not clearing:
            log.warning("a node has given the stream up", node=node.name, stream=self.stream)
            del self._given[node.name]
            return None
        if node is not self.node():
            return None
        self.muted = played.state == "muted"
        return progress

    def look_again(self) -> None:
        """Whoever waits for it looks again."""
        self._changed.set()

    async def wait(self, ready: Callable[[], bool]) -> None:
        """Wait for its reports; it must show progress, or another one takes the lead.

        Raises DeviceError if nobody is left.
        """
        while not ready():
            self._changed.clear()
            try:
                async with asyncio.timeout(STALL_S):
                    await self._changed.wait()
            except TimeoutError:
                self._give_up()

    def node(self) -> Node | None:
        """Who it is now; one that was started again has nothing of the stream any more."""
        for node in self.nodes.targets(self.target):
            if node.name in self._given and self._given[node.name] == _session_of(node):
                return node
        return None

    def progress(self) -> Progress:
        """How far it is; raises DeviceError if nobody is left who plays the stream."""
        node = self.node()
        if node is None:
            raise DeviceError("no audio-node plays this any more")
        return self._progress.get(node.name, Progress())

    def played_ms(self) -> float:
        """What counts as played: by the lead, or by whoever got furthest when none is left."""
        if node := self.node():
            return self._progress.get(node.name, Progress()).played_ms
        return max((each.played_ms for each in self._progress.values()), default=0.0)

    def _give_up(self) -> None:
        node = self.node()
        if node is not None:
            log.warning("a node reports no progress", node=node.name, stream=self.stream)
            del self._given[node.name]
        self.progress()


def _session_of(node: Node) -> int | None:
    return node.info.session if node.info else None
