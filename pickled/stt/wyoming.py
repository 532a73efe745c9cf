"""A recognizer behind Wyoming: Whisper and other speech services of a smart home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from pydantic import Field
from wyoming.asr import Transcribe, Transcript, TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.info import Describe, Info

from pickled.audio import MIC_RATE, SAMPLE_BYTES
from pickled.errors import RecognizerError
from pickled.messages.base import Strict
from pickled.messages.recognized import Recognized
from pickled.plugins import Surroundings
from pickled.services.wyoming import URL, WyomingLine, wyoming_line
from pickled.stt import Recognizer
from pickled.stt.stretches import StretchReader

_EXAMPLE = "wyoming-faster-whisper"
_FORM = (MIC_RATE, SAMPLE_BYTES, 1)
_PROBE_S = 1.5
_LONGEST_TEXT = 4000


class Options(Strict):
    """Where the service is, and with which of its models it hears."""

    url: str = Field(default="tcp://127.0.0.1:10300", pattern=URL)
    model: str | None = None
    """Without it, the service's own choice."""
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*$")
    keyterms: tuple[str, ...] = Field(default=(), max_length=100)
    """Names and words that it would else not know; not every service looks at them."""
    connect_timeout_s: float = Field(default=1.0, gt=0, le=60)
    answer_timeout_s: float = Field(default=10.0, gt=0, le=120)
    """From the end of a stretch of speech to its words."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Recognizer]:
    """A recognizer of that service; whether it is there shows at the first probe."""
    del surroundings
    yield WyomingEar(options)


class WyomingEar:
    """A connection for each stretch of speech, which is sent while it is spoken."""

    def __init__(self, options: Options) -> None:
        self.name = "wyoming"
        self._options = options

    async def recognize(self, sound: AsyncIterator[bytes]) -> AsyncGenerator[Recognized, None]:
        """As `Recognizer.recognize`; a turn is a stretch."""
        stretches = StretchReader(sound)
        while (piece := await stretches.first()) is not None:
            start_ms = stretches.start_ms
            async with self._line() as line:
                await line.send(self._asked())
                await line.send(AudioStart(*_FORM).event())
                more: bytes | None = piece
                while more is not None:
                    await line.send(AudioChunk(*_FORM, more).event())
                    more = await stretches.more()
                await line.send(AudioStop().event())
                async for text, over in self._answer(line):
                    said = text[:_LONGEST_TEXT]
                    yield Recognized("final" if over else "interim", said, start_ms=start_ms)

    async def probe(self) -> None:
        """Does it answer, and does it hear?"""
        until = asyncio.get_running_loop().time() + _PROBE_S
        async with self._line() as line:
            await line.send(Describe().event())
            while not Info.is_type((event := await line.read(until)).type):
                pass
            told = line.understood(_models, event)
        if not told:
            raise RecognizerError(
                f"the service at {self._options.url} recognizes no speech; is it {_EXAMPLE}?"
            )
        wanted = self._options.model
        if wanted is not None and wanted not in told:
            raise RecognizerError(
                f"the service has no model {wanted}; there is {', '.join(told[:5])}"
            )

    def _line(self) -> AbstractAsyncContextManager[WyomingLine]:
        return wyoming_line(
            self._options.url,
            connect_s=self._options.connect_timeout_s,
            error=RecognizerError,
            example=_EXAMPLE,
        )

    def _asked(self) -> Event:
        terms = list(self._options.keyterms) or None
        return Transcribe(
            name=self._options.model, language=self._options.language, transcript_terms=terms
        ).event()

    async def _answer(self, line: WyomingLine) -> AsyncGenerator[tuple[str, bool], None]:
        """The words so far, and whether they are all."""
        until = asyncio.get_running_loop().time() + self._options.answer_timeout_s
        text, streams = "", False
        while True:
            event = await line.read(until)
            if TranscriptStart.is_type(event.type):
                text, streams = "", True
            elif TranscriptChunk.is_type(event.type):
                text += str(line.understood(TranscriptChunk.from_event, event).text)
                yield _tidy(text), False
            elif Transcript.is_type(event.type):
                text = str(line.understood(Transcript.from_event, event).text)
                if not streams:
                    break
            elif TranscriptStop.is_type(event.type):
                break
        yield _tidy(text), True


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _models(event: Event) -> tuple[str, ...]:
    programs = Info.from_event(event).asr
    return tuple(str(model.name) for each in programs for model in each.models if model.installed)
