"""An audio-node on the in-memory bus: plays on the loop's clock, and acknowledges like a device."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE, Frame
from pickled.errors import CommandRefused
from pickled.messages.command import Switch, parse
from pickled.messages.node import NodeInfo, NodeState, Ping, Played, Pong, StreamEnd, TtsBegin
from pickled.mqtt import Incoming
from pickled.mqtt.in_process import MemoryBroker, MemoryBus
from pickled.side_tasks import SideTasks

PREBUFFER_S = 0.06
"""From the first frames to the first sample at the device."""

PROGRESS_S = 0.1
"""Between two reports."""


PlayedState = Literal["started", "progress", "finished", "cleared", "muted"]


@dataclass
class VirtualStream:
    """What it was given of one stream, and how far it has played."""

    session: int
    stream: int
    utterances: list[tuple[str, int]] = field(default_factory=list)
    """Name, and the first sample."""
    samples: int = 0
    ended: bool = False
    played: float = 0.0
    said: set[str] = field(default_factory=set)


class VirtualNode:
    """Answers pings, plays what it gets in real (virtual) time, obeys clear and mute."""

    def __init__(
        self,
        broker: MemoryBroker,
        name: str = "laptop",
        *,
        role: Literal["public", "private"] = "public",
        muted: bool = False,
    ) -> None:
        self.name = name
        self.muted = muted
        self.alone = False
        """That mute is of this node only."""
        self.prebuffer_s = PREBUFFER_S
        """May be changed for the next stream."""
        self.played: list[Played] = []
        """What it acknowledged."""
        self._info = NodeInfo(session=7, role=role)
        self._bus: MemoryBus = broker.bus(announce=False)
        self._stream: VirtualStream | None = None
        self._cleared = 0
        self._changed = asyncio.Event()
        self._later = SideTasks()

    async def run(self) -> None:
        """Appear, play until cancelled, and vanish."""
        bus = self._bus
        bus.on("node/{node}/tts/begin", self._begin)
        bus.on("node/{node}/tts/audio", self._audio)
        bus.on("node/{node}/tts/end", self._end)
        bus.on("node/{node}/tts/clear", self._clear)
        bus.on("node/{node}/ping", self._ping)
        bus.on("node/{node}/muted/set", self._mute)
        bus.on("muted/set", self._mute)
        bus.on("cmd/panic", self._panic)
        running = asyncio.create_task(bus.run())
        try:
            self.appear()
            await self._play()
        finally:
            self.vanish()
            await asyncio.sleep(0)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def appear(self) -> None:
        self._bus.retain("node/{node}/info", self._info, node=self.name)
        self._bus.retain("node/{node}/state", self._state(), node=self.name)
        self._bus.retain("node/{node}/availability", "online", node=self.name)

    def vanish(self) -> None:
        self._bus.retain("node/{node}/availability", "offline", node=self.name)

    async def _play(self) -> None:
        while True:
            stream = self._stream
            if stream is not None and stream.ended and stream.said and self._is_played(stream):
                await self._report(stream, "finished")  # its end came after its last sample
                self._stream = None
                continue
            if stream is None or not self._available(stream):
                self._changed.clear()
                await self._changed.wait()
                continue
            if not stream.said:
                await asyncio.sleep(self.prebuffer_s)
            if self.muted:
                stream.said.add("muted")
                stream.samples, ended = 0, stream.ended
                if ended:
                    await self._report(stream, "muted")
                    self._stream = None
                continue
            if "started" not in stream.said:
                stream.said.add("started")
                await self._report(stream, "started")
            step = min(PROGRESS_S, self._available(stream) / SPEECH_RATE)
            await asyncio.sleep(step)
            if self._stream is not stream:
                continue
            stream.played += step * SPEECH_RATE
            over = stream.ended and self._available(stream) < 1
            await self._report(stream, "finished" if over else "progress")
            if over:
                self._stream = None

    def _is_played(self, stream: VirtualStream) -> bool:
        return not self.muted and stream.samples - stream.played < 1

    def _available(self, stream: VirtualStream) -> float:
        """Samples that may be played now; while it is muted, anything above 0 once all came."""
        return stream.samples - stream.played if not self.muted else float(stream.ended)

    async def _report(self, stream: VirtualStream, state: PlayedState) -> None:
        current = [name for name, start in stream.utterances if start <= stream.played]
        name = stream.utterances[-1][0] if state in ("finished", "muted") else current[-1]
        played = Played(
            session=stream.session,
            stream=stream.stream,
            utterance=name,
            state=state,
            played_ms=stream.played / SPEECH_RATE * 1000,
        )
        self.played.append(played)
        await self._bus.publish("node/{node}/played", played, node=self.name)

    def _begin(self, message: Incoming) -> None:
        begin = TtsBegin.model_validate_json(message.payload)
        if message.node != self.name or begin.stream <= self._cleared:
            return
        if self._stream is None or begin.stream > self._stream.stream:
            self._stream = VirtualStream(begin.session, begin.stream)
        self._stream.utterances.append((begin.utterance, self._stream.samples))

    def _audio(self, message: Incoming) -> None:
        frame = Frame.decode(message.payload)
        if message.node == self.name and self._stream and frame.stream == self._stream.stream:
            self._stream.samples += len(frame.data) // SAMPLE_BYTES
            self._changed.set()

    def _end(self, message: Incoming) -> None:
        end = StreamEnd.model_validate_json(message.payload)
        if message.node == self.name and self._stream and end.stream == self._stream.stream:
            self._stream.ended = True
            self._changed.set()

    def _clear(self, message: Incoming) -> None:
        end = StreamEnd.model_validate_json(message.payload)
        if message.node == self.name:
            self._cleared = max(self._cleared, end.stream)
            self._fall_silent(up_to=end.stream)

    def _fall_silent(self, *, up_to: int) -> None:
        if self._stream and self._stream.stream <= up_to:
            stream, self._stream = self._stream, None
            self._later.start(self._report(stream, "cleared"), name="cleared")

    def _ping(self, message: Incoming) -> None:
        if message.node == self.name:
            ping = Ping.model_validate_json(message.payload)
            pong = Pong(id=ping.id, sent_ms=ping.sent_ms, node_ms=ping.sent_ms)
            sent = self._bus.publish("node/{node}/pong", pong, node=self.name)
            self._later.start(sent, name="pong")

    def _mute(self, message: Incoming) -> None:
        if message.node in (None, self.name):
            try:
                value = parse(Switch, message.payload).value
            except CommandRefused:
                return
            if value != "TOGGLE":
                general = self.muted and not self.alone
                self.muted = value == "ON"
                self.alone = self.muted and message.node is not None and not general
            self._tell()

    def _panic(self, _message: Incoming) -> None:
        self.muted, self.alone = True, False
        self._tell()

    def _tell(self) -> None:
        self._bus.retain("node/{node}/state", self._state(), node=self.name)
        self._changed.set()

    def _state(self) -> NodeState:
        return NodeState(muted=self.muted, muted_alone=self.alone)
