"""Opens streams of speech, one at a time, numbered so that nothing old can ever sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.messages.base import TurnId
from pickled.messages.decision import Priority
from pickled.messages.node import Played
from pickled.mqtt import Bus
from pickled.outputs.voice.nodes import Node, Nodes
from pickled.outputs.voice.speech_stream import PlaybackListener, SpeechStream

RESERVED = 4096
"""So many numbers are set aside at once, so that a number is saved rarely and never used twice."""


@dataclass
class StreamNumbers:
    """Numbers that start at Unix seconds and only rise, also over restarts and clock jumps."""

    saved: int
    """The highest number that an earlier run may have used."""
    save: Callable[[int], None]
    _last: int = 0

    def next(self, unix_s: float) -> int:
        """The next number, above all earlier ones."""
        number = max(self._last + 1, self.saved + 1 if not self._last else 0, int(unix_s))
        if number > self.saved:
            self.saved = number + RESERVED
            self.save(self.saved)
        self._last = number
        return number


@dataclass
class Speaker:
    """The mouth: knows the nodes, and the stream that is being spoken."""

    bus: Bus
    """The audio connection."""
    nodes: Nodes
    session: int
    numbers: StreamNumbers
    wall_ms: Callable[[], float]
    current: SpeechStream | None = field(default=None, init=False)
    _unfinished: int = field(default=0, init=False)

    def listen(self) -> None:
        """Follow what the nodes report."""
        self.nodes.on_played.append(self._played)
        self.nodes.on_change.append(self._node_changed)

    def open(
        self,
        turn: TurnId,
        *,
        listener: PlaybackListener,
        target: str | None = None,
        priority: Priority = "normal",
    ) -> SpeechStream:
        """A new stream for a turn."""
        self.current = SpeechStream(
            bus=self.bus,
            nodes=self.nodes,
            session=self.session,
            stream=self.numbers.next(self.wall_ms() / 1000),
            turn=turn,
            listener=listener,
            wall_ms=self.wall_ms,
            target=target,
            priority=priority,
            unfinished=self._unfinished,
        )
        return self.current

    def close(self, speech: SpeechStream) -> None:
        """Nothing more is said in that stream."""
        self._unfinished = 0 if speech.over else speech.stream
        self.forget(speech)

    def forget(self, speech: SpeechStream) -> None:
        """Nothing was said in that stream: it is none that a later one has to end."""
        if self.current is speech:
            self.current = None

    def age_s(self, played: Played, target: str | None) -> float:
        """How long ago that sample was at the device, by the clock of the node that leads."""
        node = next(iter(self.nodes.targets(target)), None)
        if played.at_ms is None or node is None or node.clock_offset_ms is None:
            return 0.0
        age = (self.wall_ms() - (played.at_ms + node.clock_offset_ms)) / 1000
        return min(max(age, 0.0), 1.0)

    def _played(self, node: Node, played: Played) -> None:
        if self.current is not None:
            self.current.take(node, played)

    def _node_changed(self, _node: Node) -> None:
        if self.current is not None:
            self.current.look_again()
