"""A connection to a Wyoming voice: what it can, and the sound of a text, whole or as it streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from wyoming.audio import AudioChunk, AudioStop
from wyoming.error import Error
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import Describe, Info
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

from pickled.audio import SAMPLE_BYTES
from pickled.errors import ServiceAwayError, VoiceError

_FETCHED = ("piper", "rhasspy")
"""Program and author of the voices that wyoming-piper fetches when they are asked for. It says of
all 175 that they are installed; that is true of those that somebody put on its disk himself."""

_SEND_S = 2.0
_MOST_VOICES = 200
_LONGEST_LINE = 1 << 20
"""Bytes; older services tell all their voices in one line."""

_LONGEST_REASON = 200
_NOT_WYOMING = (AttributeError, EOFError, KeyError, RecursionError, TypeError, ValueError)
"""What the package raises on lines that aren't Wyoming's."""

T = TypeVar("T")


@dataclass(frozen=True)
class ToldVoices:
    """The voices of a service: at most some hundred, of several thousand the first ones."""

    there: tuple[str, ...]
    """On its disk."""
    fetched: tuple[str, ...]
    """In its catalogue: fetched when they are asked for, if they are not there yet."""
    streaming: frozenset[str]
    """Those whose program gives the sound of a text that streams in."""
    streams: bool
    """All of its programs do."""


@asynccontextmanager
async def voice_line(url: str, connect_s: float) -> AsyncIterator[VoiceLine]:
    """A connection that is cut afterwards: nothing that is still on its way is waited for."""
    place = urlsplit(url)
    try:
        async with asyncio.timeout(connect_s):
            reader, writer = await asyncio.open_connection(
                place.hostname, place.port, limit=_LONGEST_LINE
            )
    except (OSError, ValueError) as error:
        raise ServiceAwayError(
            f"no Wyoming service answers at {url}; start it, for instance wyoming-piper"
        ) from error
    try:
        yield VoiceLine(reader, writer)
    finally:
        writer.transport.abort()


class VoiceLine:
    """One conversation, of one text at most; each failure of it is a VoiceError."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._layout: tuple[int, int, int] | None = None
        self._streams = False

    async def say(self, text: str, voice: SynthesizeVoice | None, *, streams: bool) -> None:
        """Ask for the sound of a text; `streams`: as one that comes in pieces, of which it is the
        only one, so that the service gives the sound of its beginning before that of its end."""
        self._streams = streams
        if not streams:
            await self._send(Synthesize(text, voice).event())
            return
        for event in (SynthesizeStart(voice=voice), SynthesizeChunk(text=text), SynthesizeStop()):
            await self._send(event.event())

    async def sound(self, seconds: float) -> AudioChunk | None:
        """The next piece of sound; None at its end.

        What streams has an end for each sentence, and one of its own for all.
        """
        over = SynthesizeStopped if self._streams else AudioStop
        until = asyncio.get_running_loop().time() + seconds
        while not over.is_type((event := await self._read(until)).type):
            if AudioChunk.is_type(event.type) and event.payload:
                return self._playable(_understood(AudioChunk.from_event, event))
        return None

    async def voices(self, seconds: float) -> ToldVoices:
        """What it can speak with."""
        await self._send(Describe().event())
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

    async def _send(self, event: Event) -> None:
        try:
            async with asyncio.timeout(_SEND_S):
                await async_write_event(event, self._writer)
        except OSError as error:
            raise VoiceError("the Wyoming service closed the connection") from error


def _told(event: Event) -> ToldVoices:
    there: dict[str, None] = {}
    fetched: dict[str, None] = {}
    streaming: set[str] = set()
    programs = Info.from_event(event).tts
    for program in programs:
        for each in program.voices:
            if each.installed:
                by = (program.name, each.attribution.name)
                (fetched if by == _FETCHED else there)[str(each.name)] = None
                if program.supports_synthesize_streaming is True:
                    streaming.add(str(each.name))
    return ToldVoices(
        tuple(there)[:_MOST_VOICES],
        tuple(fetched)[:_MOST_VOICES],
        frozenset(streaming),
        bool(programs) and all(each.supports_synthesize_streaming is True for each in programs),
    )


def _understood(read: Callable[[Event], T], event: Event) -> T:
    try:
        return read(event)
    except _NOT_WYOMING as error:
        raise VoiceError("what answers does not speak Wyoming") from error
