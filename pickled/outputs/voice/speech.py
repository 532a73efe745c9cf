"""One stream of speech to the nodes: sent ahead of real time, followed by what was played."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import structlog

from pickled.audio import FRAME_MS, SAMPLE_BYTES, SPEECH_RATE, Frame, bytes_for
from pickled.errors import DeviceError, VoiceError
from pickled.messages.base import TurnId
from pickled.messages.decision import Priority
from pickled.messages.node import Played, StreamEnd, TtsBegin
from pickled.mqtt import Bus
from pickled.outputs.voice.nodes import Node, Nodes
from pickled.outputs.voice.utterance import Utterance

log = structlog.get_logger()

WINDOW_MS = 2000
"""So much may be sent beyond what was played: it bridges a stall of the network."""

EAGER_MS = 120
"""Of each clause so much is sent in frames as short as the contract allows."""

SHORT_FRAME_MS = 20

STALL_S = 4.0
"""A node that has sound to play but reports no progress for so long is given up."""

RECONNECT_S = 4.0
"""So long a clause waits for the connection to be made again, at most every 3 s."""
ASK_AGAIN_S = 0.05

LAST_WORD_S = 0.3
"""How long a cleared stream waits for the lead to say how far it played."""


@dataclass
class _Progress:
    """How far one node has played."""

    played_ms: float = 0.0
    state: str = ""
    utterance: str = ""


@dataclass(frozen=True)
class Sound:
    """Called when something becomes audible: all on the loop, all quick."""

    started: Callable[[Played], None]
    """The first sample of the stream is at the device."""
    utterance: Callable[[Utterance], None]
    """A clause begins to sound."""


@dataclass
class Speech:
    """One stream; `say` each clause, then `finish`, or `clear` at any moment."""

    bus: Bus
    """The audio connection."""
    nodes: Nodes
    session: int
    stream: int
    turn: TurnId
    sound: Sound
    wall_ms: Callable[[], float]
    target: str | None = None
    priority: Priority = "normal"
    unfinished: int = 0
    """An earlier stream that was not heard to its end: it is cleared before this one begins."""
    over: bool = field(default=False, init=False)
    """It was heard to its end, or cleared."""
    utterances: list[Utterance] = field(default_factory=list)
    muted: bool = False
    """The lead node swallowed it: it is muted."""
    _began: dict[str, int | None] = field(default_factory=dict)
    """The nodes that have this stream, and in which of their sessions they got it."""
    _clearing: bool = False
    _progress: dict[str, _Progress] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: int = 0
    _seq: int = 0
    _sounding: int = -1

    async def say(self, index: int, text: str, pcm: AsyncIterator[bytes]) -> None:
        """Send a clause as its sound becomes ready; returns when all of it is sent.

        Raises DeviceError if no node is left, and VoiceError if there was no sound.
        """
        utterance = Utterance(index, f"{self.turn}.{index}", text, self._sent)
        targets: list[Node] = []
        waiting = bytearray()
        async for chunk in pcm:
            if not targets:
                targets = await self._begin(utterance)
            waiting += chunk
            while len(waiting) > (size := self._frame_bytes(utterance)):
                await self._send(utterance, targets, bytes(waiting[:size]))
                del waiting[:size]
        if not targets:
            raise VoiceError("the voice gave no sound")
        await self._send(utterance, targets, bytes(waiting), last=True)
        utterance.complete = True

    def _frame_bytes(self, utterance: Utterance) -> int:
        """The first frames of a clause are short: the node starts as soon as it may."""
        begins = utterance.samples < EAGER_MS / 1000 * SPEECH_RATE
        return bytes_for(SHORT_FRAME_MS if begins else FRAME_MS, SPEECH_RATE)

    async def finish(self) -> None:
        """No further clause comes: wait until the lead has played all.

        Raises DeviceError if it has not, and never will.
        """
        end = StreamEnd(session=self.session, stream=self.stream)
        for name in sorted(self._began):
            await self.bus.publish("node/{node}/tts/end", end, node=name)
        if self.utterances:
            await self._wait(self._is_finished)
        self.over = True

    async def clear(self) -> None:
        """Stop now: nothing of this stream or an earlier one sounds any more."""
        self._clearing = True
        self._changed.set()
        end = StreamEnd(session=self.session, stream=self.stream)
        for name in sorted(self._began):
            await self.nodes.clear(name, end)
        with contextlib.suppress(TimeoutError, DeviceError):
            async with asyncio.timeout(LAST_WORD_S):
                await self._wait(self._is_silent)
                self.over = True

    def take(self, node: Node, played: Played) -> None:
        """Note a node's report."""
        if (played.session, played.stream) != (self.session, self.stream):
            return
        if node.name not in self._began:
            return
        progress = self._progress.setdefault(node.name, _Progress())
        first = progress.state == ""
        progress.played_ms = max(progress.played_ms, played.played_ms)
        progress.state, progress.utterance = played.state, played.utterance
        self._changed.set()
        if played.state == "cleared" and not self._clearing:
            log.warning("a node has given the stream up", node=node.name, stream=self.stream)
            del self._began[node.name]
            return
        if node is not self._lead():
            return
        self.muted = played.state == "muted"
        if played.state in ("started", "progress", "finished"):
            self._report_sound(played, first=first)

    def look_again(self) -> None:
        """A node came or went: whoever waits for it looks again."""
        self._changed.set()

    def heard(self) -> str:
        """The words that were played; a cut clause ends at its last whole word."""
        played = self._played_ms() / 1000 * SPEECH_RATE
        parts = [each.heard(played) for each in self.utterances]
        return " ".join(part for part in parts if part)

    def _report_sound(self, played: Played, *, first: bool) -> None:
        if first:
            self.sound.started(played)
        sample = played.played_ms / 1000 * SPEECH_RATE
        while (
            self._sounding + 1 < len(self.utterances)
            and self.utterances[self._sounding + 1].start <= sample
        ):
            self._sounding += 1
            self.sound.utterance(self.utterances[self._sounding])

    async def _begin(self, utterance: Utterance) -> list[Node]:
        """Announce a clause to all who are there now, and count on them until its end."""
        targets = self.nodes.targets(self.target)
        if not targets:
            raise DeviceError("no audio-node is online; start `pickled node`")
        begin = TtsBegin(
            session=self.session,
            stream=self.stream,
            utterance=utterance.name,
            turn=self.turn,
            rate=SPEECH_RATE,
            priority=self.priority,
        )
        for node in targets:
            if self.unfinished and node.name not in self._began:
                end = StreamEnd(session=self.session, stream=self.unfinished)
                await self.nodes.clear(node.name, end)
            self._began[node.name] = _session_of(node)
        await self._announce(begin, targets)
        self.utterances.append(utterance)
        return targets

    async def _announce(self, begin: TtsBegin, targets: list[Node]) -> None:
        """Publish the beginning; after a fault this connection may be the last to be back."""
        try:
            async with asyncio.timeout(RECONNECT_S):
                while True:
                    begin = begin.model_copy(update={"sent_ms": self.wall_ms()})
                    arrived = [
                        await self.bus.publish("node/{node}/tts/begin", begin, node=node.name)
                        for node in targets
                    ]
                    if any(arrived):
                        return
                    await asyncio.sleep(ASK_AGAIN_S)
        except TimeoutError as error:
            raise DeviceError("the broker does not take the sound") from error

    async def _send(
        self, utterance: Utterance, targets: list[Node], data: bytes, *, last: bool = False
    ) -> None:
        await self._wait(self._has_room)
        frame = Frame(self.session & 0xFFFF, self.stream, self._seq, self._sent, data, last)
        payload = frame.encode()
        arrived = [
            await self.bus.publish("node/{node}/tts/audio", payload, node=node.name)
            for node in targets
        ]
        if not any(arrived):
            raise DeviceError("the broker does not take the sound")
        self._seq += 1
        self._sent += len(data) // SAMPLE_BYTES
        utterance.samples = self._sent - utterance.start

    async def _wait(self, ready: Callable[[], bool]) -> None:
        """Wait for the lead's reports; it must show progress, or another one takes the lead."""
        while not ready():
            self._changed.clear()
            try:
                async with asyncio.timeout(STALL_S):
                    await self._changed.wait()
            except TimeoutError:
                self._give_up_lead()

    def _give_up_lead(self) -> None:
        lead = self._lead()
        if lead is not None:
            log.warning("a node reports no progress", node=lead.name, stream=self.stream)
            del self._began[lead.name]
        self._player()

    def _has_room(self) -> bool:
        """May more be sent? Raises DeviceError if nobody is left who plays it."""
        self._player()
        return self._ahead_ms() < WINDOW_MS

    def _player(self) -> Node:
        """The lead; raises DeviceError if there is none."""
        lead = self._lead()
        if lead is None:
            raise DeviceError("no audio-node plays this any more")
        return lead

    def _lead(self) -> Node | None:
        """The first by name of those that were given this stream and are still there.

        One that was started again has nothing of it any more.
        """
        for node in self.nodes.targets(self.target):
            if node.name in self._began and self._began[node.name] == _session_of(node):
                return node
        return None

    def _is_finished(self) -> bool:
        """Has the lead played the last clause? Raises DeviceError if nobody is left who could."""
        progress = self._progress.get(self._player().name, _Progress())
        last = progress.utterance == self.utterances[-1].name
        return last and progress.state in ("finished", "muted")

    def _is_silent(self) -> bool:
        """Has the lead stopped, or is nobody left?"""
        lead = self._lead()
        if lead is None or not self.utterances:
            return True
        return self._progress.get(lead.name, _Progress()).state == "cleared" or self._is_finished()

    def _played_ms(self) -> float:
        if lead := self._lead():
            return self._progress.get(lead.name, _Progress()).played_ms
        return max((each.played_ms for each in self._progress.values()), default=0.0)

    def _ahead_ms(self) -> float:
        if self.muted:
            return 0.0  # the lead swallows all of it: there is nothing to wait for
        return self._sent / SPEECH_RATE * 1000 - self._played_ms()


def _session_of(node: Node) -> int | None:
    return node.info.session if node.info else None
