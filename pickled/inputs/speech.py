"""What the streamer says: the microphone of an audio-node, and who recognizes its speech."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime

import structlog
from pydantic import ValidationError, field_validator

from pickled.audio import MIC_RATE, duration_ms
from pickled.errors import ContractError, SourceError
from pickled.inputs import Emit, Source
from pickled.inputs.microphone.streams import MicStreams
from pickled.messages.base import NodeName, Strict
from pickled.messages.node import MicBegin, StreamEnd, Vad
from pickled.messages.recognized import Recognized
from pickled.messages.speech import Speech
from pickled.messages.state import Status
from pickled.mqtt import Incoming
from pickled.offers import MicrophoneBus, Recognizers
from pickled.plugins import Surroundings

MOST_WAITING = 500
"""Pieces of sound that wait to be taken, 10 s of 20 ms; then the oldest goes, and is counted."""

LOOK_S = 1.0
_MOST_STRETCHES = 64

FORGOTTEN_S = 8.0
"""A turn of which nothing more is told for so long has ended for whoever waits for it."""
_NODE_SOURCE = "node"

log = structlog.get_logger()


class Options(Strict):
    """Whose voice counts."""

    source: str = _NODE_SOURCE
    node: NodeName | None = None
    """The node whose microphone counts; without it, the first one by name that has one."""

    @field_validator("source")
    @classmethod
    def _known(cls, source: str) -> str:
        if source != _NODE_SOURCE:
            raise ValueError(
                f"can't be {source!r} yet: only `node`, the microphone of an audio-node, is taken; "
                "leave `source` out, and start `pickled node --input NAME` where you speak"
            )
        return source


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Source]:
    """The ear; a node's microphone is asked for from now on, and no longer than this lives."""
    offers = surroundings.offers
    ear = StreamersEar(options.node, offers.microphone, offers.recognizers, surroundings.report)
    if offers.microphone is not None and offers.recognizers is not None:
        offers.microphone.on("node/{node}/mic/begin", ear.begin)
        offers.microphone.on("node/{node}/mic/audio", ear.audio)
        offers.microphone.on("node/{node}/mic/end", ear.end)
    if offers.bus is not None and offers.recognizers is not None:
        offers.bus.on("node/{node}/vad", ear.vad)
    if offers.tap is not None:
        offers.tap.on("mic_muted/state", ear.mute)
    yield ear


class StreamersEar:
    """Takes the sound of one node at a time; what is recognized becomes events."""

    def __init__(
        self,
        node: str | None,
        microphone: MicrophoneBus | None,
        recognizers: Recognizers | None,
        report: Callable[[Status, str], None],
    ) -> None:
        self.dropped = 0
        """Pieces of sound that nobody took in time."""
        self._wanted = node
        self._microphone = microphone
        self._recognizers = recognizers
        self._report = report
        self._emit: Emit | None = None
        self._node = node or ""
        """Whose stream it is, or was last."""
        self._streams = MicStreams()
        self._muted = False
        self._talks = False
        """It was told that a turn began."""
        self._told_at = 0.0
        self._waiting: deque[bytes] = deque()
        self._heard_ms = 0.0
        """All sound that was taken."""
        self._began: deque[tuple[float, float]] = deque(maxlen=_MOST_STRETCHES)
        """Of each stretch of speech: where in that it begins, and when that came, Unix s."""
        self._paused = True
        self._more = asyncio.Event()

    async def run(self, emit: Emit) -> None:
        """Until cancelled."""
        if self._recognizers is None or self._microphone is None:
            raise SourceError(
                "nobody recognizes speech: name who does under `stt`, as `stt: {kind: deepgram}` "
                "with DEEPGRAM_API_KEY, `{kind: wyoming}` or `{kind: local}`",
                permanent=True,
            )
        self._emit = emit
        async with aclosing(self._recognizers.recognize(self._sound())) as turns:
            async for heard in turns:
                self._tell(heard)

    def begin(self, message: Incoming) -> None:
        """A node's microphone starts a stream."""
        if not self._counts(message):
            return
        if not self._streams.open and self._node != message.node:
            self._node, self._streams = message.node or "", MicStreams()
        try:
            begin = MicBegin.model_validate_json(message.payload)
            self._take(self._streams.begin(begin, now=self._now))
        except ValidationError as error:
            log.warning("a node's message is ignored", topic=message.topic, why=str(error)[:200])
        except ContractError as error:
            self._report("degraded", f"{message.node}: {error}")

    def audio(self, message: Incoming) -> None:
        """A frame."""
        if self._counts(message) and message.node == (self._node or message.node):
            self._take(self._streams.frame(message.payload, now=self._now))

    def end(self, message: Incoming) -> None:
        """The stream ends."""
        if message.node != self._node:
            return
        try:
            self._take(self._streams.end(StreamEnd.model_validate_json(message.payload)))
        except ValidationError as error:
            log.warning("a node's message is ignored", topic=message.topic, why=str(error)[:200])

    def vad(self, message: Incoming) -> None:
        """The node hears a voice, before there are words."""
        if not self._counts(message) or self._muted:
            return
        try:
            vad = Vad.model_validate_json(message.payload)
        except ValidationError as error:
            log.warning("a node's message is ignored", topic=message.topic, why=str(error)[:200])
            return
        if vad.speaking:
            self._tell(Recognized("started"), node=message.node)

    def mute(self, muted: bool) -> None:
        """The node obeys it at the source; what comes all the same is not heard."""
        self._muted = muted
        if muted:
            self._take(self._streams.close())

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _counts(self, message: Incoming) -> bool:
        """One that speaks is heard to its end; then it is the one that is wanted, or the first."""
        if message.retain:
            return False
        if self._streams.open:
            return message.node == self._node
        names = self._microphone.names() if self._microphone is not None else ()
        return message.node == (self._wanted or next(iter(names), message.node))

    def _take(self, pieces: list[bytes]) -> None:
        for piece in pieces:
            if self._muted and piece:
                continue
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self.dropped += 1
            self._waiting.append(piece)
        if pieces:
            self._more.set()

    async def _sound(self) -> AsyncIterator[bytes]:
        while True:
            while self._waiting:
                yield self._taken(self._waiting.popleft())
            self._more.clear()
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._more.wait()
            except TimeoutError:
                self._take(self._streams.look(now=self._now))
                self._look()

    def _taken(self, piece: bytes) -> bytes:
        if piece and self._paused:
            self._began.append((self._heard_ms, datetime.now(UTC).timestamp()))
        self._paused = not piece
        self._heard_ms += duration_ms(len(piece), MIC_RATE)
        return piece

    def _when(self, start_ms: int | None) -> int | None:
        """That place in the sound as Unix time, ms."""
        for sound_ms, moment in reversed(self._began):
            if start_ms is not None and sound_ms <= start_ms:
                return round(moment * 1000 + start_ms - sound_ms)
        return None

    def _look(self) -> None:
        """Who is heard, or why nobody is."""
        names = self._microphone.names() if self._microphone is not None else ()
        wanted = self._wanted
        if wanted in names or (wanted is None and names):
            self._report("up", wanted or names[0])
        elif wanted is not None:
            self._report("degraded", f"{wanted} is not there, or has no microphone")
        else:
            self._report(
                "degraded", "no node has a microphone; start `pickled node --input NAME` there"
            )

    def _tell(self, heard: Recognized, *, node: str | None = None) -> None:
        if self._emit is None:
            return
        if heard.state == "started":
            if self._talks and self._now - self._told_at < FORGOTTEN_S:
                return
            self._talks = True
        elif heard.state == "final":
            if not heard.text and not self._talks:
                return
            self._talks = False
        else:
            self._talks = True
        self._told_at, confidence = self._now, heard.confidence
        self._emit(
            Speech(
                ts=datetime.now(UTC),
                event_type=heard.state,
                text=heard.text,
                eager=heard.eager,
                confidence=None if confidence is None else min(max(confidence, 0.0), 1.0),
                start_ms=self._when(heard.start_ms),
                node=node or self._node or None,
            )
        )
