"""A voice behind Wyoming, the protocol of Piper and other speech services of a smart home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import structlog
from pydantic import Field
from wyoming.audio import AudioChunk, AudioStop
from wyoming.error import Error
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize, SynthesizeVoice

from pickled.audio import SAMPLE_BYTES
from pickled.errors import VoiceError
from pickled.messages.base import Strict
from pickled.messages.state import Status
from pickled.plugins import Surroundings
from pickled.tts import UNHEARD_PERCENT, Synthesizer
from pickled.tts.pcm import Resampled
from pickled.tts.pcm.off_loop import OffLoop

DEFAULT_VOICE = "default"
"""The server's own choice; it is the only name until the server was asked."""

_MISSING_S = 300.0
"""So long a voice that could not speak is not asked again."""

_FETCHED = ("piper", "rhasspy")
"""Program and author of the voices that wyoming-piper fetches when they are asked for. It says of
all 175 that they are installed; that is true of those that somebody put on its disk himself."""

_PROBE_S = 1.5
_SEND_S = 2.0
_MOST_VOICES = 200
_LONGEST_LINE = 1 << 20
"""Bytes; older services tell all their voices in one line."""

_LONGEST_REASON = 200
_NOT_WYOMING = (AttributeError, EOFError, KeyError, RecursionError, TypeError, ValueError)
"""What the package raises on lines that aren't Wyoming's."""

log = structlog.get_logger()
T = TypeVar("T")


class Options(Strict):
    """Where the service is, and which of its voices speaks."""

    url: str = Field(default="tcp://127.0.0.1:10200", pattern=r"^tcp://[^\s/@]+:\d{1,5}/?$")
    voice: str | None = None
    """One of the names on the service's disk; without it, the service's own choice."""
    speaker: str | None = None
    """Of that voice, where it has several."""
    connect_timeout_s: float = Field(default=1.0, gt=0, le=60)
    first_byte_timeout_s: float = Field(default=5.0, gt=0, le=60)
    idle_timeout_s: float = Field(default=5.0, gt=0, le=60)
    """Between two pieces of sound."""
    unheard_percent: float = Field(default=UNHEARD_PERCENT, ge=0, le=100)
    """So many of a hundred clauses it may be asked for in vain, so that it is heard sooner."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Synthesizer]:
    """A voice of that service; whether it is there shows at the first probe."""
    yield WyomingVoice(options, surroundings.report)


class WyomingVoice:
    """Opens a connection for each text: to close it is the one way to make a server stop."""

    def __init__(
        self, options: Options, report: Callable[[Status, str], None] = lambda *_: None
    ) -> None:
        self.name = "wyoming"
        self.voices: tuple[str, ...] = (options.voice or DEFAULT_VOICE,)
        self.on_demand: tuple[str, ...] = ()
        self.unheard_percent = options.unheard_percent
        self._options = options
        self._report = report
        self._there: dict[str, None] = {}
        """In order: what is on its disk, and what spoke."""
        self._listed: tuple[str, ...] = ()
        """What it may have to fetch first."""
        self._missing: dict[str, float] = {}
        """Voice → when it may be asked again, s of the loop's clock."""

    async def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """Speech as it comes; the protocol has no speed.

        A voice that is not there after all is replaced by the configured one.
        """
        del speed
        own = self._options.voice
        known = voice in self.voices or voice in self.on_demand
        wanted = voice if known and voice != DEFAULT_VOICE else own
        try:
            first, pcm = await self._begun(text, wanted)
        except _AwayError:
            raise
        except VoiceError as error:
            if wanted is None or wanted == own:
                raise
            self._put_aside(wanted, error)
            first, pcm = await self._begun(text, own)
        else:
            if wanted in self.on_demand:
                self._there[wanted] = None
                self._offer()
        async with aclosing(pcm):
            yield first
            async for piece in pcm:
                yield piece

    async def probe(self) -> None:
        """Does it answer, and has it the voice that is wanted?"""
        async with _line(self._options) as line:
            await line.send(Describe().event())
            told = await line.voices(_PROBE_S)
        names = (*told.there, *told.fetched)
        if not names:
            raise VoiceError(f"the service at {self._options.url} has no voices; is it Piper?")
        wanted = self._options.voice
        if wanted is not None and wanted not in names:
            raise VoiceError(f"the service has no voice {wanted}; there is {', '.join(names[:5])}")
        spoke = (name for name in self._there if name in told.fetched)
        self._there, self._listed = dict.fromkeys((*told.there, *spoke)), told.fetched
        self._offer()

    def _offer(self) -> None:
        """The configured voice and what is surely there; the rest only to who asks for it."""
        now = asyncio.get_running_loop().time()
        self._missing = {name: until for name, until in self._missing.items() if until > now}
        first = self._options.voice or DEFAULT_VOICE
        there = (name for name in self._there if name != first and name not in self._missing)
        self.voices = (first, *there)
        hidden = {*self.voices, *self._missing}
        self.on_demand = tuple(name for name in self._listed if name not in hidden)

    def _put_aside(self, voice: str, error: VoiceError) -> None:
        """It could not speak: for some minutes nobody waits for it again."""
        self._missing[voice] = asyncio.get_running_loop().time() + _MISSING_S
        self._there.pop(voice, None)
        self._offer()
        why = (
            f"the Wyoming service can't speak with {voice} ({error}); {self.voices[0]} speaks. "
            f"Put it on the service's disk, as by `wyoming-piper --voice {voice}`; "
            f"it is tried again in {_MISSING_S / 60:g} minutes"
        )
        log.warning("a voice is not there", voice=voice, why=why)
        self._report("degraded", why)

    async def _begun(
        self, text: str, voice: str | None
    ) -> tuple[bytes, AsyncGenerator[bytes, None]]:
        """Its first sound, and the rest: close it."""
        pcm = self._spoken(text, voice)
        try:
            return await anext(pcm), pcm
        except BaseException:
            await pcm.aclose()
            raise

    async def _spoken(self, text: str, voice: str | None) -> AsyncGenerator[bytes, None]:
        speech: Resampled | None = None
        off_loop = OffLoop()
        async with _line(self._options) as line:
            await line.send(Synthesize(text, self._chosen(voice)).event())
            patience = self._options.first_byte_timeout_s
            while chunk := await line.sound(patience):
                patience = self._options.idle_timeout_s
                speech = speech or Resampled(chunk.rate, channels=chunk.channels)
                for piece in await off_loop.do(speech.feed, chunk.audio):
                    yield piece
        if speech is None:
            raise VoiceError("the Wyoming service gave no sound")
        last = speech.finish
        for piece in await off_loop.do(lambda _: last()):
            yield piece

    def _chosen(self, voice: str | None) -> SynthesizeVoice | None:
        if voice is None:
            return None
        speaker = self._options.speaker if voice == self._options.voice else None
        return SynthesizeVoice(name=voice, speaker=speaker)


class _AwayError(VoiceError):
    """The service does not answer at all: no voice of it is to blame."""


@dataclass(frozen=True)
class _Told:
    """The voices of a service: at most some hundred, of several thousand the first ones."""

    there: tuple[str, ...]
    """On its disk."""
    fetched: tuple[str, ...]
    """In its catalogue: fetched when they are asked for, if they are not there yet."""


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
        raise _AwayError(
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

    async def voices(self, seconds: float) -> _Told:
        """What it can speak with."""
        until = asyncio.get_running_loop().time() + seconds
        while not Info.is_type((event := await self._read(until)).type):
            pass
        return _understood(_told, event)

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


def _told(event: Event) -> _Told:
    there: dict[str, None] = {}
    fetched: dict[str, None] = {}
    for program in Info.from_event(event).tts:
        for each in program.voices:
            if each.installed:
                by = (program.name, each.attribution.name)
                (fetched if by == _FETCHED else there)[str(each.name)] = None
    return _Told(tuple(there)[:_MOST_VOICES], tuple(fetched)[:_MOST_VOICES])


def _understood(read: Callable[[Event], T], event: Event) -> T:
    try:
        return read(event)
    except _NOT_WYOMING as error:
        raise VoiceError("what answers does not speak Wyoming") from error
