"""A voice behind Wyoming, the protocol of Piper and other speech services of a smart home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import Field
from wyoming.audio import AudioChunk, AudioStop
from wyoming.error import Error
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize, SynthesizeVoice

from pickled.audio import SAMPLE_BYTES
from pickled.errors import VoiceError
from pickled.messages.base import Strict
from pickled.plugins import Surroundings
from pickled.tts import Synthesizer
from pickled.tts.pcm import Speech

DEFAULT_VOICE = "default"
"""The server's own choice; it is the only name until the server was asked."""

_PROBE_S = 1.5
_SEND_S = 2.0
_MOST_VOICES = 200
_LONGEST_LINE = 1 << 20
"""Bytes; older services tell all their voices in one line."""

_LONGEST_REASON = 200
_NOT_WYOMING = (AttributeError, EOFError, KeyError, RecursionError, TypeError, ValueError)
"""What the package raises on lines that aren't Wyoming's."""

T = TypeVar("T")


class Options(Strict):
    """Where the service is, and which of its voices speaks."""

    url: str = Field(default="tcp://127.0.0.1:10200", pattern=r"^tcp://[^\s/@]+:\d{1,5}/?$")
    voice: str | None = None
    """One of the service's names; without it, the service's own choice."""
    speaker: str | None = None
    """Of that voice, where it has several."""
    connect_timeout_s: float = Field(default=1.0, gt=0, le=60)
    first_byte_timeout_s: float = Field(default=5.0, gt=0, le=60)
    idle_timeout_s: float = Field(default=5.0, gt=0, le=60)
    """Between two pieces of sound."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Synthesizer]:
    """A voice of that service; whether it is there shows at the first probe."""
    del surroundings
    yield WyomingVoice(options)


class WyomingVoice:
    """Opens a connection for each text: to close it is the one way to make a server stop."""

    def __init__(self, options: Options) -> None:
        self.name = "wyoming"
        self.voices: tuple[str, ...] = (options.voice or DEFAULT_VOICE,)
        self._options = options

    async def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """Speech as it comes; the protocol has no speed."""
        del speed
        known = voice if voice in self.voices and voice != DEFAULT_VOICE else self._options.voice
        speech: Speech | None = None
        async with _line(self._options) as line:
            await line.send(Synthesize(text, self._chosen(known)).event())
            patience = self._options.first_byte_timeout_s
            while chunk := await line.sound(patience):
                patience = self._options.idle_timeout_s
                speech = speech or Speech(chunk.rate, channels=chunk.channels)
                for piece in speech.feed(chunk.audio):
                    yield piece
        if speech is None:
            raise VoiceError("the Wyoming service gave no sound")
        for piece in speech.finish():
            yield piece

    async def probe(self) -> None:
        """Does it answer, and has it the voice that is wanted?"""
        async with _line(self._options) as line:
            await line.send(Describe().event())
            names = await line.voices(_PROBE_S)
        if not names:
            raise VoiceError(f"the service at {self._options.url} has no voices; is it Piper?")
        wanted = self._options.voice
        if wanted is not None and wanted not in names:
            raise VoiceError(f"the service has no voice {wanted}; there is {', '.join(names[:5])}")
        first = wanted or DEFAULT_VOICE
        self.voices = (first, *(each for each in names if each != first))

    def _chosen(self, voice: str | None) -> SynthesizeVoice | None:
        if voice is None:
            return None
        speaker = self._options.speaker if voice == self._options.voice else None
        return SynthesizeVoice(name=voice, speaker=speaker)


@asynccontextmanager
async def _line(options: Options) -> AsyncIterator[_Line]:
    """A connection that is cut afterwards: nothing that is still on its way is waited for."""
    url = urlsplit(options.url)
    try:
        async with asyncio.timeout(options.connect_timeout_s):
            reader, writer = await asyncio.open_connection(
                url.hostname, url.port, limit=_LONGEST_LINE
            )
    except (OSError, ValueError) as error:
        raise VoiceError(
            f"no Wyoming service answers at {options.url}; start it, for instance wyoming-piper"
        ) from error
    try:
        yield _Line(reader, writer)
    finally:
        writer.transport.abort()


class _Line:
    """One conversation; each failure of it is a VoiceError."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._layout: tuple[int, int, int] | None = None

    async def send(self, event: Event) -> None:
        try:
            async with asyncio.timeout(_SEND_S):
                await async_write_event(event, self._writer)
        except OSError as error:
            raise VoiceError("the Wyoming service closed the connection") from error

    async def sound(self, seconds: float) -> AudioChunk | None:
        """The next piece of sound; None at its end."""
        until = asyncio.get_running_loop().time() + seconds
        while not AudioStop.is_type((event := await self._read(until)).type):
            if AudioChunk.is_type(event.type) and event.payload:
                return self._playable(_understood(AudioChunk.from_event, event))
        return None

    async def voices(self, seconds: float) -> tuple[str, ...]:
        """What it can speak with; of several thousand names, the first ones."""
        until = asyncio.get_running_loop().time() + seconds
        while not Info.is_type((event := await self._read(until)).type):
            pass
        info = _understood(Info.from_event, event)
        voices = (each for program in info.tts for each in program.voices if each.installed)
        return tuple(dict.fromkeys(str(each.name) for each in voices))[:_MOST_VOICES]

    def _playable(self, chunk: AudioChunk) -> AudioChunk:
        layout = (chunk.rate, chunk.width, chunk.channels)
        self._layout = self._layout or layout
        if layout != self._layout or chunk.width != SAMPLE_BYTES:
            raise VoiceError(f"sound with rate, width and channels {layout} can't be played")
        return chunk

    async def _read(self, until: float) -> Event:
        try:
            async with asyncio.timeout_at(until):
                event = await async_read_event(self._reader)
        except TimeoutError as error:
            raise VoiceError("the Wyoming service took too long") from error
        except (OSError, *_NOT_WYOMING) as error:
            raise VoiceError("the Wyoming service broke off, or is none") from error
        if event is None:
            raise VoiceError("the Wyoming service broke off, or is none")
        if Error.is_type(event.type):
            text = " ".join(str(_understood(Error.from_event, event).text).split())
            raise VoiceError(f"the Wyoming service failed: {text[:_LONGEST_REASON]}")
        return event


def _understood(read: Callable[[Event], T], event: Event) -> T:
    try:
        return read(event)
    except _NOT_WYOMING as error:
        raise VoiceError("what answers does not speak Wyoming") from error
