"""A Wyoming voice: real words where flite is installed, else a tone; scripted in how it fails.

`python -m tests.stand_ins.wyoming --port P --first-byte-ms 150 --speed 4` runs it alone.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

from tests.stand_ins.served import HOST
from tests.stand_ins.wyoming_server import listening
from tests.stand_ins.wyoming_sound import RATE, tone_of, words_of

_CHUNK_MS = 40

Failure = Literal[
    "refuse",  # takes the connection and closes it
    "hang",  # takes the text, and says nothing
    "hang in the middle",
    "cut",  # closes the connection in the middle
    "error",
    "garbage",
    "no audio",
    "silence",
    "odd format",  # 8 bit samples
    "endless",
]


@dataclass
class WyomingStandIn:
    """Script it by its fields, at any time; what it was asked is in `requests`."""

    voices: tuple[str, ...] = ("en_US-amy-medium", "en_GB-alba-medium")
    """On its disk."""
    catalogue: tuple[str, ...] = ()
    """As wyoming-piper lists them: installed, it says, but fetched when they are asked for."""
    streaming: bool = False
    """It takes a text as it streams in, and gives the sound sentence by sentence."""
    deaf_to_streams: bool = False
    """Says that it does, and gives nothing."""
    streamed: list[str] = field(default_factory=list)
    """Texts that came that way."""
    stops: int = 0
    """How many ends of sound it sent."""
    fetches: bool = False
    """It has a network to fetch them by; without one that is an error."""
    first_byte_ms: float = 0.0
    speed: float | None = None
    """How many times as fast as real time the sound comes; None: as fast as it goes."""
    tone: bool = False
    """A tone also where flite is installed."""
    lead_ms: int = 0
    """Silence before the sound."""
    failure: Failure | None = None
    requests: list[Synthesize] = field(default_factory=list)
    sent_ms: float = 0.0
    """Sound sent, in all."""
    aborted: int = 0
    """Texts that were given up because the client went away."""
    port: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at the first text."""
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while nobody is connected."""
    note: Callable[[str, str, float], None] = lambda *_: None
    """Called with `asked` and the text, and with `sound` and how many ms of it are sent so far."""

    @property
    def url(self) -> str:
        """As `tts.url` takes it."""
        return f"tcp://{HOST}:{self.port}"

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[WyomingStandIn]:
        """Answer on a free port, or the given one."""
        async with listening(self._converse, port, idle=self.idle) as self.port:
            yield self

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.failure != "refuse":
            await _Conversation(self, reader, writer).run()


class _Conversation(AsyncEventHandler):
    def __init__(
        self, stand_in: WyomingStandIn, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super().__init__(reader, writer)
        self._is = stand_in
        self._voice: SynthesizeVoice | None = None
        self._text = ""

    async def handle_event(self, event: Event) -> bool:
        if Describe.is_type(event.type):
            await self.write_event(_info(self._is).event())
            return True
        if self._is.streaming and not Synthesize.is_type(event.type):
            return await self._streams(event)
        if not Synthesize.is_type(event.type):
            return False
        return await self._whole(Synthesize.from_event(event))

    async def _streams(self, event: Event) -> bool:
        """As wyoming-piper 2.5.2: each sentence has a beginning and an end, and all one end."""
        if SynthesizeStart.is_type(event.type):
            self._voice, self._text = SynthesizeStart.from_event(event).voice, ""
        elif SynthesizeChunk.is_type(event.type):
            self._text += SynthesizeChunk.from_event(event).text
        elif SynthesizeStop.is_type(event.type):
            if self._is.deaf_to_streams:
                return True
            self._is.streamed.append(self._text)
            for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", self._text):
                if not await self._whole(Synthesize(sentence, self._voice)):
                    return False
            await self.write_event(SynthesizeStopped().event())
        else:
            return False
        return True

    async def _whole(self, asked: Synthesize) -> bool:
        name = asked.voice.name if asked.voice else None
        if name in self._is.catalogue and self._is.fetches:
            self._is.voices += (name,)
        if name not in (None, *self._is.voices):
            return await self._refuse("<urlopen error [Errno -3] Temporary failure>")
        if not asked.text.replace("*", "").strip():
            await self.write_event(AudioStop().event())
            return True
        if not any(map(str.isalnum, asked.text)):
            return await self._refuse("# channels not specified")
        self._is.requests.append(asked)
        self._is.note("asked", asked.text, 0.0)
        self._is.asked.set()
        return await self._watched(asked)

    async def _refuse(self, why: str) -> bool:
        """As wyoming-piper 2.5.2 does: it says why, and closes the connection."""
        await self.write_event(Error(why).event())
        return False

    async def _watched(self, asked: Synthesize) -> bool:
        """Speak until done, or until the client goes away: a real server notices that late."""
        speaking = asyncio.create_task(self._speak(asked.text), name="stand-in speaks")
        gone = asyncio.create_task(self.reader.read(1), name="stand-in listens")
        try:
            await asyncio.wait({speaking, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not speaking.done():
                self._is.aborted += 1
                return False
            return await speaking
        finally:
            for each in (speaking, gone):
                each.cancel()
            await asyncio.gather(speaking, gone, return_exceptions=True)

    async def _speak(self, text: str) -> bool:
        failure, clock = self._is.failure, asyncio.get_running_loop().time
        due = clock() + self._is.first_byte_ms / 1000
        rate, pcm = await self._sound(text)
        await asyncio.sleep(due - clock())
        if failure == "hang":
            await asyncio.Event().wait()
        if failure == "garbage":
            self.writer.write(b'{"type": "audio-chunk", "data_length": 4}\n[1,]{"mess\n')
            return False
        if failure == "error":
            await self.write_event(Error("the model is gone").event())
            return True
        start = partial(AudioStart, rate=rate, channels=1)
        await self.write_event(start(width=1 if failure == "odd format" else 2).event())
        if failure != "no audio" and not await self._send(text, rate, pcm):
            return False
        self._is.stops += 1
        await self.write_event(AudioStop().event())
        return True

    async def _send(self, text: str, rate: int, pcm: bytes) -> bool:
        failure, size = self._is.failure, rate * _CHUNK_MS // 1000 * 2
        width = 1 if failure == "odd format" else 2
        starts = list(range(0, len(pcm), size))
        number, clock = 0, asyncio.get_running_loop().time
        begun = clock()
        while number < len(starts) or failure == "endless":
            if number == len(starts) // 2 and failure == "hang in the middle":
                await asyncio.Event().wait()
            if number == len(starts) // 2 and failure == "cut":
                self.writer.transport.abort()
                return False
            at = starts[number % len(starts)]
            piece = pcm[at : at + size]
            await self.write_event(AudioChunk(rate, width, 1, piece).event())
            self._is.sent_ms += len(piece) / 2 / rate * 1000
            number += 1
            self._is.note("sound", text, number * _CHUNK_MS)
            due = begun + number * _CHUNK_MS / 1000 / self._is.speed if self._is.speed else 0
            await asyncio.sleep(due - clock())
        return True

    async def _sound(self, text: str) -> tuple[int, bytes]:
        if self._is.failure == "silence":
            return RATE, bytes(RATE)
        flite = None if self._is.tone else shutil.which("flite")
        rate, pcm = await words_of(flite, text) if flite else (RATE, tone_of(text))
        return rate, bytes(rate * self._is.lead_ms // 1000 * 2) + pcm


def _info(stand_in: WyomingStandIn) -> Info:
    def listed(name: str, author: str) -> TtsVoice:
        by = Attribution(author, "")
        return TtsVoice(name, by, True, name, "1", languages=[name[:2]])

    fetched = [listed(each, "rhasspy") for each in stand_in.catalogue]
    own = [each for each in stand_in.voices if each not in stand_in.catalogue]
    voices = fetched + [listed(each, "") for each in own]
    program = TtsProgram("piper", Attribution("rhasspy", ""), True, "", "2", voices=voices)
    program.supports_synthesize_streaming = stand_in.streaming
    return Info(tts=[program])


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=10200)
    parser.add_argument("--first-byte-ms", type=float, default=150.0)
    parser.add_argument("--speed", type=float, default=4.0, help="times real time")
    parser.add_argument("--tone", action="store_true")
    given = parser.parse_args()
    voice = WyomingStandIn(first_byte_ms=given.first_byte_ms, speed=given.speed, tone=given.tone)
    async with voice.serve(given.port):
        print(voice.url, flush=True)  # noqa: T201 - whoever started it waits for this
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
