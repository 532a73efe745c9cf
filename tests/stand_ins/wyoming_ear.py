"""A Wyoming service that recognizes `tests.stand_ins.spoken`; scripted in how it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from wyoming.asr import Transcribe, Transcript, TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import AsrModel, AsrProgram, Attribution, Describe, Info
from wyoming.server import AsyncEventHandler

from tests.stand_ins.served import HOST
from tests.stand_ins.spoken import understood
from tests.stand_ins.wyoming_server import listening

Failure = Literal["refuse", "hang", "cut", "error", "garbage"]


def _words(pcm: bytes) -> str:
    return " ".join(word for word, _, _ in understood(pcm))


@dataclass
class WyomingEarStandIn:
    """Script it by its fields, at any time."""

    models: tuple[str, ...] = ("tiny-int8", "base-int8")
    words: Callable[[bytes], str] = _words
    streams: bool = False
    """It tells words piece by piece."""
    failure: Failure | None = None
    failures: int = 1000
    asked: list[Transcribe] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """As `stt.url` takes it."""
        return f"tcp://{HOST}:{self.port}"

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[WyomingEarStandIn]:
        """Answer on a free port, or the given one."""
        async with listening(self._converse, port) as self.port:
            yield self

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.failure != "refuse":
            await _Conversation(self, reader, writer).run()


class _Conversation(AsyncEventHandler):
    """As wyoming-faster-whisper holds it: strict in its order."""

    def __init__(
        self,
        stand_in: WyomingEarStandIn,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        super().__init__(reader, writer)
        self._is = stand_in
        self._pcm: bytearray | None = None

    async def handle_event(self, event: Event) -> bool:
        if Describe.is_type(event.type):
            await self.write_event(_info(self._is).event())
        elif Transcribe.is_type(event.type):
            self._is.asked.append(Transcribe.from_event(event))
        elif AudioStart.is_type(event.type):
            start = AudioStart.from_event(event)
            assert (start.rate, start.width, start.channels) == (16_000, 2, 1)
            self._pcm = bytearray()
        elif AudioChunk.is_type(event.type) and self._pcm is not None:
            self._pcm += AudioChunk.from_event(event).audio
        elif AudioStop.is_type(event.type) and self._pcm is not None:
            return await self._answer(bytes(self._pcm))
        else:
            return False
        return True

    async def _answer(self, pcm: bytes) -> bool:
        failure = self._is.failure if self._is.failures > 0 else None
        self._is.failures -= failure is not None
        match failure:
            case "hang":
                await asyncio.Event().wait()
            case "cut":
                self.writer.transport.abort()
                return False
            case "error":
                await self.write_event(Error("the model is gone").event())
                return False
            case "garbage":
                self.writer.write(b'{"type": "transcript", "data": [1]}\n[1,]{"mess\n')
                return False
        text = self._is.words(pcm)
        self._is.heard.append(text)
        if self._is.streams:
            await self.write_event(TranscriptStart().event())
            for word in text.split():
                await self.write_event(TranscriptChunk(f" {word}").event())
            await self.write_event(Transcript(f" {text}").event())
            await self.write_event(TranscriptStop().event())
        else:
            await self.write_event(Transcript(f" {text}").event())
        return False


def _info(stand_in: WyomingEarStandIn) -> Info:
    by = Attribution("", "")
    models = [AsrModel(each, by, True, each, "1", languages=["en"]) for each in stand_in.models]
    return Info(asr=[AsrProgram("whisper", by, True, "", "2", models=models)] if models else [])
