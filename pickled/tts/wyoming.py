"""A voice behind Wyoming, the protocol of Piper and other speech services of a smart home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

import structlog
from pydantic import Field
from wyoming.tts import SynthesizeVoice

from pickled.errors import ServiceAwayError, VoiceError
from pickled.messages.base import Strict
from pickled.messages.state import Status
from pickled.plugins import Surroundings
from pickled.services.wyoming_speaking import voice_line
from pickled.tts import UNHEARD_PERCENT, Synthesizer
from pickled.tts.pcm import Resampled
from pickled.tts.pcm.off_loop import OffLoop

DEFAULT_VOICE = "default"
"""The server's own choice; it is the only name until the server was asked."""

_MISSING_S = 300.0
"""So long a voice that could not speak is not asked again."""

_PROBE_S = 1.5

log = structlog.get_logger()


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
        self._streaming: frozenset[str | None] = frozenset()
        """Voices that can be given a text as it streams; None: whichever the service chooses."""
        self._whole_only: set[str | None] = set()
        """Those of which it says so, and gave no sound."""
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
        except ServiceAwayError:
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
        options = self._options
        async with voice_line(options.url, options.connect_timeout_s) as line:
            told = await line.voices(_PROBE_S)
        names = (*told.there, *told.fetched)
        if not names:
            raise VoiceError(f"the service at {self._options.url} has no voices; is it Piper?")
        wanted = self._options.voice
        if wanted is not None and wanted not in names:
            raise VoiceError(f"the service has no voice {wanted}; there is {', '.join(names[:5])}")
        spoke = (name for name in self._there if name in told.fetched)
        self._there, self._listed = dict.fromkeys((*told.there, *spoke)), told.fetched
        can = told.streaming | ({None} if told.streams else set())
        self._streaming = frozenset(can - self._whole_only)
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
        streams = voice in self._streaming
        pcm = self._spoken(text, voice, streams=streams)
        try:
            return await anext(pcm), pcm
        except VoiceError as error:
            if streams and not isinstance(error, ServiceAwayError):
                self._whole_only.add(voice)
                self._streaming -= self._whole_only
            raise
        except BaseException:
            await pcm.aclose()
            raise

    async def _spoken(
        self, text: str, voice: str | None, *, streams: bool
    ) -> AsyncGenerator[bytes, None]:
        speech: Resampled | None = None
        off_loop = OffLoop()
        options = self._options
        async with voice_line(options.url, options.connect_timeout_s) as line:
            await line.say(text, self._chosen(voice), streams=streams)
            patience = options.first_byte_timeout_s
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
