"""One stream of speech to the nodes: sent ahead of real time, and what of it was heard."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from pickled.audio import FRAME_MS, SAMPLE_BYTES, SPEECH_RATE, Frame, bytes_for
from pickled.errors import DeviceError, VoiceError
from pickled.messages.base import TurnId
from pickled.messages.decision import Priority
from pickled.messages.node import Played, StreamEnd, TtsBegin
from pickled.messages.word_end import WordEnd
from pickled.mqtt import Bus
from pickled.outputs.voice.lead import Lead
from pickled.outputs.voice.nodes import Node, Nodes
from pickled.outputs.voice.utterance import CHARS_PER_S, Utterance

WINDOW_MS = 2000
"""So much may be sent beyond what was played: it bridges a stall of the network."""

EAGER_MS = 120
"""Of each clause so much is sent in frames as short as the contract allows."""

SHORT_FRAME_MS = 20

AT_ONCE_MS = 40
"""Of each clause so much is sent as soon as it is there: with that in hand a node may start."""

RECONNECT_S = 4.0
"""So long a clause waits for the connection to be made again, at most every 3 s."""
ASK_AGAIN_S = 0.05

LAST_WORD_S = 0.3
"""How long a cleared stream waits for the lead to say how far it played."""


@dataclass(frozen=True)
class PlaybackListener:
    """Called when something becomes audible: all on the loop, all quick."""

    started: Callable[[Played], None]
    """The first sample of the stream is at the device."""
    utterance: Callable[[Utterance], None]
    """A clause begins to sound."""


@dataclass(frozen=True)
class Begun:
    """A clause that was announced, and the nodes that know of it."""

    name: str
    targets: list[Node]
    sessions: list[int | None]
    """Those that they had then: who is started again knows nothing of it."""


@dataclass
class SpeechStream:
    """One stream; `say` each clause, then `finish`, or `clear` at any moment."""

    bus: Bus
    """The audio connection."""
    nodes: Nodes
    session: int
    stream: int
    turn: TurnId
    listener: PlaybackListener
    wall_ms: Callable[[], float]
    target: str | None = None
    priority: Priority = "normal"
    unfinished: int = 0
    """An earlier stream that was not heard to its end: it is cleared before this one begins."""
    over: bool = field(default=False, init=False)
    """It was heard to its end, or cleared."""
    utterances: list[Utterance] = field(default_factory=list)
    _clearing: bool = False
    _sent: int = 0
    _seq: int = 0
    _started: bool = False
    _sounding: int = -1
    _begun: Begun | None = None
    """The clause that was announced last."""
    _beginning: asyncio.Lock = field(default_factory=asyncio.Lock)
    _lead: Lead = field(init=False)

    def __post_init__(self) -> None:
        self._lead = Lead(self.nodes, self.stream, self.target)

    @property
    def muted(self) -> bool:
        """The lead node swallowed it: it is muted."""
        return self._lead.muted

    async def say(
        self, index: int, text: str, pcm: AsyncIterator[bytes], *, words: Sequence[WordEnd] = ()
    ) -> None:
        """Send a clause as its sound becomes ready; returns when all of it is sent.

        `words` may grow meanwhile: where they end, as far as the voice tells it.
        Raises DeviceError if no node is left, and VoiceError if there was no sound.
        """
        utterance = Utterance(index, self._name(index), text, self._sent, words=words)
        targets: list[Node] = []
        waiting = bytearray()
        async for chunk in pcm:
            if not targets:
                targets = await self.begin(index)
                self.utterances.append(utterance)
            waiting += chunk
            while self._is_enough(waiting, size := self._frame_bytes(utterance), utterance):
                await self._send(utterance, targets, bytes(waiting[:size]))
                del waiting[:size]
        if not targets:
            raise VoiceError("the voice gave no sound")
        await self._send(utterance, targets, bytes(waiting), last=True)
        utterance.complete = True

    def _is_enough(self, waiting: bytearray, size: int, utterance: Utterance) -> bool:
        """May a frame go out? Something is kept for the last one, but for the beginning."""
        begins = utterance.samples < AT_ONCE_MS / 1000 * SPEECH_RATE
        return len(waiting) >= size if begins else len(waiting) > size

    def _frame_bytes(self, utterance: Utterance) -> int:
        """The first frames of a clause are short: the node starts as soon as it may."""
        begins = utterance.samples < EAGER_MS / 1000 * SPEECH_RATE
        return bytes_for(SHORT_FRAME_MS if begins else FRAME_MS, SPEECH_RATE)

    async def begin(self, index: int) -> list[Node]:
        """Announce a clause to all who are there now, and count on them until its end.

        `say` does it when there is sound; before that, it saves the way to the nodes and back.
        Raises DeviceError if no node is left.
        """
        async with self._beginning:
            targets, begun = self.nodes.targets(self.target), self._begun
            sessions = [each.info.session if each.info else None for each in targets]
            now = Begun(self._name(index), targets, sessions)
            if now != begun:
                await self._announce(now)
                self._begun = now
            return targets

    async def abandon(self) -> None:
        """It was begun, and has no sound: the nodes forget it."""
        self.over = True
        end = StreamEnd(session=self.session, stream=self.stream)
        for name in self._lead.given:
            await self.nodes.clear(name, end)

    async def finish(self) -> None:
        """No further clause comes: wait until the lead has played all.

        Raises DeviceError if it has not, and never will.
        """
        end = StreamEnd(session=self.session, stream=self.stream)
        for name in self._lead.given:
            await self.bus.publish("node/{node}/tts/end", end, node=name)
        if self.utterances:
            await self._lead.wait(self._is_finished)
        self.over = True

    async def clear(self) -> None:
        """Stop now: nothing of this stream or an earlier one sounds any more."""
        self._clearing = True
        self._lead.look_again()
        end = StreamEnd(session=self.session, stream=self.stream)
        for name in self._lead.given:
            await self.nodes.clear(name, end)
        with contextlib.suppress(TimeoutError, DeviceError):
            async with asyncio.timeout(LAST_WORD_S):
                await self._lead.wait(self._is_silent)
                self.over = True

    def take(self, node: Node, played: Played) -> None:
        """Note a node's report."""
        if (played.session, played.stream) != (self.session, self.stream):
            return
        progress = self._lead.take(node, played, clearing=self._clearing)
        if progress is not None and played.state in ("started", "progress", "finished"):
            self._report_sound(played)

    @property
    def ahead_ms(self) -> float:
        """So much of it is sent and not yet played."""
        return self._sent / SPEECH_RATE * 1000 - self._lead.played_ms()

    def look_again(self) -> None:
        """A node came or went: whoever waits for it looks again."""
        self._lead.look_again()

    def heard(self) -> str:
        """The words that were played; a cut clause ends at its last whole word."""
        played = self._lead.played_ms() / 1000 * SPEECH_RATE
        pace = self._chars_per_s()
        parts = [each.heard(played, pace) for each in self.utterances]
        return " ".join(part for part in parts if part)

    def tear(self, index: int) -> float | None:
        """No more sound of that clause comes from who speaks it: what was sent stays said.

        Returns which share of its text may have been said; None if nothing of it was sent.
        """
        if not self.utterances or self.utterances[-1].index != index:
            return None
        pace = self._chars_per_s()
        return self.utterances[-1].tear(pace)

    def _chars_per_s(self) -> float:
        """How fast this voice speaks, once that is known."""
        whole = [each for each in self.utterances if each.complete]
        samples = sum(each.samples for each in whole)
        if samples < SPEECH_RATE:
            return CHARS_PER_S
        return sum(len(each.text) for each in whole) / samples * SPEECH_RATE

    def _report_sound(self, played: Played) -> None:
        if not self.utterances:
            return  # it was begun, and ended without a sound
        if not self._started:  # whoever leads by now: it may have sounded before it did
            self._started = True
            self.listener.started(played)
        sample = played.played_ms / 1000 * SPEECH_RATE
        while (
            self._sounding + 1 < len(self.utterances)
            and self.utterances[self._sounding + 1].start <= sample
        ):
            self._sounding += 1
            self.listener.utterance(self.utterances[self._sounding])

    def _name(self, index: int) -> str:
        return f"{self.turn}.{index}"

    async def _announce(self, begun: Begun) -> None:
        """Publish the beginning; after a fault this connection may be the last to be back."""
        if not begun.targets:
            raise DeviceError(self.nodes.why_none(self.target))
        for node in begun.targets:
            if self.unfinished and node.name not in self._lead.given:
                end = StreamEnd(session=self.session, stream=self.unfinished)
                await self.nodes.clear(node.name, end)
            self._lead.give(node)
        begin = TtsBegin(
            session=self.session,
            stream=self.stream,
            utterance=begun.name,
            turn=self.turn,
            rate=SPEECH_RATE,
            priority=self.priority,
        )
        try:
            async with asyncio.timeout(RECONNECT_S):
                while True:
                    begin = begin.model_copy(update={"sent_ms": self.wall_ms()})
                    arrived = [
                        await self.bus.publish("node/{node}/tts/begin", begin, node=node.name)
                        for node in begun.targets
                    ]
                    if any(arrived):
                        return
                    await asyncio.sleep(ASK_AGAIN_S)
        except TimeoutError as error:
            raise DeviceError("the broker does not take the sound") from error

    async def _send(
        self, utterance: Utterance, targets: list[Node], data: bytes, *, last: bool = False
    ) -> None:
        await self._lead.wait(self._has_room)
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

    def _has_room(self) -> bool:
        """May more be sent? Raises DeviceError if nobody is left who plays it."""
        played_ms = self._lead.progress().played_ms
        if self.muted:
            return True  # the lead swallows all of it: there is nothing to wait for
        return self._sent / SPEECH_RATE * 1000 - played_ms < WINDOW_MS

    def _is_finished(self) -> bool:
        """Has the lead played the last clause? Raises DeviceError if nobody is left who could."""
        progress = self._lead.progress()
        names = (self.utterances[-1].name, self._begun.name if self._begun else "")
        return progress.utterance in names and progress.state in ("finished", "muted")

    def _is_silent(self) -> bool:
        """Has the lead stopped, or is nobody left?"""
        if self._lead.node() is None or not self.utterances:
            return True
        return self._lead.progress().state == "cleared" or self._is_finished()
