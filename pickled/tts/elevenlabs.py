"""ElevenLabs' voices, clause by clause as they stream, with the moments at which words end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar

import aiohttp
from pydantic import Field

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE
from pickled.errors import VoiceError
from pickled.messages.emotion import Emotion
from pickled.messages.word_end import WordEnd
from pickled.plugins import Surroundings
from pickled.services.elevenlabs import (
    WAY,
    ElevenLabsAccount,
    Sounded,
    SpokenSocket,
    close_later,
    explain,
    open_socket,
    session_of,
)
from pickled.side_tasks import SideTasks
from pickled.tts import Synthesizer
from pickled.tts.moods import told
from pickled.tts.pcm import Resampled

_SLOWEST, _FASTEST = 0.7, 1.2
_LONGEST_TEXT = 2000
_LISTED_S = 600.0
_ASKED_S = 2.5
_MOST_VOICES = 200
_IDLE_S = 180
"""The longest that the service lets a connection wait for its text."""
_FRESH_S = 150.0

T = TypeVar("T")


class Options(ElevenLabsAccount):
    """Which voice speaks, how, and how long it is waited for."""

    voice: str = Field(default="21m00Tcm4TlvDq8ikWAM", pattern=r"^[A-Za-z0-9]{8,64}$")
    """Its id, as the address of its page has it."""
    model: str = Field(default="eleven_flash_v2_5", pattern=r"^[a-z0-9_.]{3,64}$")
    stability: float = Field(default=0.5, ge=0, le=1)
    similarity: float = Field(default=0.75, ge=0, le=1)
    style: float = Field(default=0.0, ge=0, le=1)
    first_byte_timeout_s: float = Field(default=2.0, gt=0, le=60)
    """From when a clause is wanted, with a connection that has to be made first."""
    idle_timeout_s: float = Field(default=2.0, gt=0, le=60)
    """Between two pieces of sound."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Synthesizer]:
    """A voice of ElevenLabs; whether it is there, and takes the key, shows at the first probe."""
    del surroundings
    async with session_of(options) as session:
        voice = ElevenLabsVoice(options, session)
        try:
            yield voice
        finally:
            await voice.close()


class ElevenLabsVoice:
    """A connection a clause; the next clause's is made while this one is spoken."""

    def __init__(self, options: Options, session: aiohttp.ClientSession) -> None:
        self.name = "elevenlabs"
        self.voices: tuple[str, ...] = (options.voice,)
        self.languages: dict[str, str] = {}
        self._options, self._session = options, session
        self._ids: dict[str, str] = {}
        """Name → id."""
        self._spare: tuple[str, float, asyncio.Task[SpokenSocket]] | None = None
        """Voice, since when, and the connection."""
        self._listed_at = float("-inf")
        self._ending = SideTasks()

    def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """Speech as it comes; closing the generator makes the service stop."""
        return self.perform(text, voice=voice, speed=speed)

    async def perform(
        self,
        text: str,
        *,
        voice: str | None = None,
        speed: float = 1.0,
        emotion: Emotion = "neutral",
        words: list[WordEnd] | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """The same, in that mood, with the ends of words."""
        name = voice if voice in self.voices else self._options.voice
        chosen = self._ids.get(str(name), self._options.voice)
        text, speech = text[:_LONGEST_TEXT], Resampled(SPEECH_RATE)
        ends = _Ends(text)
        async with aclosing(self._sound(text, chosen, self._settings(speed, emotion))) as sound:
            async for sounded in sound:
                ends.take(sounded)
                pieces = list(speech.feed(sounded.pcm))
                if words is not None and pieces:
                    words += ends.due(speech.skipped_s)
                for piece in pieces:
                    yield piece
        if words is not None:
            words += ends.due(speech.skipped_s)
        for piece in speech.finish():
            yield piece

    async def probe(self) -> None:
        """Does it take the key, and has it the voice? Opens the connection for the next clause."""
        now = asyncio.get_running_loop().time()
        if now - self._listed_at >= _LISTED_S:
            await self._list()
            self._listed_at = now
        opening = self._warm(self._options.voice)
        try:
            async with asyncio.timeout(_ASKED_S):
                await asyncio.shield(opening)
        except (*WAY, TimeoutError) as error:
            self._drop_spare()
            raise VoiceError(self._explained(error)) from error

    async def close(self) -> None:
        """Cut what is open."""
        self._drop_spare()
        await self._ending.over()

    async def _sound(
        self, text: str, voice: str, settings: dict[str, Any]
    ) -> AsyncGenerator[Sounded, None]:
        until = asyncio.get_running_loop().time() + self._options.first_byte_timeout_s
        for last in (False, True):
            socket = await self._taken(voice, until)
            try:
                await self._within(until, socket.say(text, settings))
                sounded = await self._within(until, socket.next())
                if sounded == "cut" and not socket.heard and not last:
                    continue  # it was let go while it waited for its text
                self._warm(voice)
                while isinstance(sounded, Sounded):
                    yield sounded
                    patience = asyncio.get_running_loop().time() + self._options.idle_timeout_s
                    sounded = await self._within(patience, socket.next())
                if sounded == "cut":
                    raise VoiceError("the connection to ElevenLabs was cut")
            finally:
                self._ending.start(socket.close(), name="elevenlabs ends")
            return

    async def _taken(self, voice: str, until: float) -> SpokenSocket:
        """The connection that is ready, or one that is made now; raises VoiceError."""
        opening = self._warm(voice)
        self._spare = None
        try:
            return await self._within(until, asyncio.shield(opening))
        except BaseException:
            self._ending.start(close_later(opening), name="elevenlabs is given up")
            raise

    def _warm(self, voice: str) -> asyncio.Task[SpokenSocket]:
        """A connection for the next clause of that voice; made, if there is none that is good."""
        now = asyncio.get_running_loop().time()
        if self._spare is not None:
            of, since, opening = self._spare
            if of == voice and now - since < _FRESH_S and _may_serve(opening):
                return opening
            self._drop_spare()
        asked = {
            "model_id": self._options.model, "output_format": f"pcm_{SPEECH_RATE}",
            "inactivity_timeout": str(_IDLE_S), "auto_mode": "true", "sync_alignment": "true",
        }  # fmt: skip
        opening = asyncio.create_task(
            open_socket(self._session, self._options, voice, asked), name="elevenlabs connects"
        )
        opening.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._spare = (voice, now, opening)
        return opening

    def _drop_spare(self) -> None:
        if self._spare is not None:
            self._ending.start(close_later(self._spare[2]), name="elevenlabs is let go")
            self._spare = None

    async def _within(self, until: float, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout_at(until):
                return await work
        except (*WAY, TimeoutError) as error:
            raise VoiceError(self._explained(error)) from error

    def _settings(self, speed: float, emotion: Emotion) -> dict[str, Any]:
        options = self._options
        steadier, more = (float(each) for each in (told("elevenlabs", emotion) or "0 0").split())
        return {
            "stability": round(min(max(options.stability + steadier, 0), 1), 2),
            "similarity_boost": options.similarity,
            "style": round(min(max(options.style + more, 0), 1), 2),
            "speed": round(min(max(speed, _SLOWEST), _FASTEST), 2),
        }

    async def _list(self) -> None:
        """Which voices there are; raises VoiceError."""
        url = f"{self._options.base_url.rstrip('/')}/v1/voices"
        try:
            async with (
                asyncio.timeout(_ASKED_S),
                self._session.get(url, raise_for_status=True) as answer,
            ):
                listed = (await answer.json())["voices"][:_MOST_VOICES]
                found = {str(each["name"]): each for each in listed}
                self._ids = {name: str(each["voice_id"]) for name, each in found.items()}
        except (*WAY, TimeoutError) as error:
            raise VoiceError(self._explained(error)) from error
        except (KeyError, TypeError, ValueError) as error:
            raise VoiceError("what answers does not speak as ElevenLabs does") from error
        own = self._options.voice
        self.voices = (own, *(name for name, id_ in self._ids.items() if id_ != own))
        tags = {name: (each.get("labels") or {}).get("language") for name, each in found.items()}
        self.languages = {name: tag for name, tag in tags.items() if isinstance(tag, str)}

    def _explained(self, error: BaseException) -> str:
        if getattr(error, "status", None) is not None:
            self._listed_at = float("-inf")  # something changed: ask anew
        return explain(error, self._options, f"voice {self._options.voice}")


class _Ends:
    """From ends of characters, message by message, to ends of words in the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._before_s = 0.0
        self._found: list[WordEnd] = []

    def take(self, sounded: Sounded) -> None:
        """One message; its times count from its own first sample."""
        text = self._text
        for char, end in sounded.characters:
            if text[self._at : self._at + 1] != char:
                continue  # it leads in, or is not as we wrote it
            self._at += 1
            if not char.isspace() and not text[self._at : self._at + 1].strip():
                self._found.append(WordEnd(self._at, self._before_s + end))
        self._before_s += len(sounded.pcm) / SAMPLE_BYTES / SPEECH_RATE

    def due(self, skipped_s: float) -> list[WordEnd]:
        """Those found since, without the silence that is left out at the beginning."""
        found, self._found = self._found, []
        return [WordEnd(each.chars, max(0.0, each.seconds - skipped_s)) for each in found]


def _may_serve(opening: asyncio.Task[SpokenSocket]) -> bool:
    if not opening.done():
        return True
    if opening.cancelled() or opening.exception() is not None:
        return False
    return not opening.result().closed
