"""Voices behind OpenAI's speech interface: Kokoro-FastAPI, LocalAI, XTTS servers, the vendor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any, Literal

import openai
from pydantic import Field

from pickled.audio import SPEECH_RATE
from pickled.errors import ModelError, VoiceError
from pickled.messages.emotion import Emotion
from pickled.messages.word_end import WordEnd
from pickled.plugins import Surroundings
from pickled.services.cloud import MALFORMED, PROBE_S, WAY, Service, Standing
from pickled.services.openai_client import new_client, reason_of
from pickled.services.outside import URL_PATTERN, Account, sendable
from pickled.tts import Synthesizer
from pickled.tts.moods import told
from pickled.tts.pcm import HIGHEST_RATE, LOWEST_RATE, Resampled
from pickled.tts.pcm.wav_reader import WavReader

FAILURES = (openai.OpenAIError, *WAY, *MALFORMED)
_INSTRUCTED = ("gpt-", "-mini-tts")
"""Parts of the names of models that take `instructions`; tts-1 and its like do not."""
_SLOWEST, _FASTEST = 0.25, 4.0
_LONGEST_TEXT = 4096
_READ_BYTES = 4096
_MOST_VOICES = 200
_WITHOUT_A_LIST = frozenset({404, 405, 501})
_VENDORS = "https://api.openai.com/"
VENDORS_VOICES = (
    "alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse",
)  # fmt: skip
"""OpenAI lists them in its reference only (November 2026)."""


class Options(Account):
    """Where the server is, which of its voices speaks, and how long it is waited for."""

    base_url: str = Field(default="https://api.openai.com/v1", pattern=URL_PATTERN)
    """Up to /v1: `http://127.0.0.1:8880/v1` of Kokoro-FastAPI."""
    model: str = Field(default="gpt-4o-mini-tts", min_length=1, max_length=200)
    voice: str = Field(default="alloy", min_length=1, max_length=200)
    format: Literal["pcm", "wav"] = "pcm"
    """What is asked for; `wav` for servers that know no plain samples."""
    rate: int = Field(default=SPEECH_RATE, ge=LOWEST_RATE, le=HIGHEST_RATE)
    """Of plain samples, Hz; a WAV says it itself."""
    instructions: bool | None = None
    """Is it told in which mood to speak? Unsaid: models of which it is known that they take it."""
    connect_timeout_s: float = Field(default=2.0, gt=0, le=60)
    first_byte_timeout_s: float = Field(default=5.0, gt=0, le=60)
    idle_timeout_s: float = Field(default=5.0, gt=0, le=60)
    """Between two pieces of sound."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Synthesizer]:
    """A voice behind that address; whether the server is there shows at the first probe."""
    del surroundings
    service = Service(options.base_url, options.model, options.key)
    slowest = max(options.first_byte_timeout_s, options.idle_timeout_s)
    async with service.client(longest_s=slowest, connect_s=options.connect_timeout_s) as way:
        yield OpenaiVoice(options, service, way)


class OpenaiVoice:
    """One request a text; its sound is played as it comes."""

    def __init__(self, options: Options, service: Service, way: Any) -> None:
        self.name = f"openai {options.model}"
        vendors = f"{options.base_url}/".startswith(_VENDORS)
        self.voices: tuple[str, ...] = _first(options.voice, VENDORS_VOICES if vendors else ())
        self._options, self._service, self._way = options, service, way
        self._client = new_client(options.base_url, way)
        self._standing = Standing(options.base_url)

    def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """Speech as it comes; closing the generator makes the server stop."""
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
        """The same, in that mood where the model takes instructions; it tells no words."""
        del words
        chosen = voice if voice in self.voices else self._options.voice
        reader, speech = WavReader(self._options.rate), None
        try:
            async with AsyncExitStack() as stack:
                more = self._manner(speed, emotion)
                async for data in self._sound(stack, text, str(chosen), more):
                    if not (pcm := reader.feed(data)):
                        continue
                    speech = speech or Resampled(reader.rate, channels=reader.channels)
                    for piece in speech.feed(pcm):
                        yield piece
        except FAILURES as error:
            self._standing.forget()
            raise VoiceError(self._explained(error, str(chosen))) from error
        if rest := reader.finish():
            speech = speech or Resampled(reader.rate)
            for piece in speech.feed(rest):
                yield piece
        if speech is None:
            raise VoiceError(f"{self.name} gave no sound")
        for piece in speech.finish():
            yield piece

    async def probe(self) -> None:
        """Is the server there, and does it take the key? Costs no sound."""
        try:
            await self._standing.ask(self._ask)
        except ModelError as error:
            raise VoiceError(str(error)) from error

    def _manner(self, speed: float, emotion: Emotion) -> dict[str, Any]:
        """Pace and mood, as far as they are not as usual: other servers know only the first."""
        options, pace = self._options, round(min(max(speed, _SLOWEST), _FASTEST), 2)
        takes = options.instructions
        if takes is None:
            takes = any(each in options.model for each in _INSTRUCTED)
        mood = told("openai", emotion) if takes else ""
        return ({} if pace == 1.0 else {"speed": pace}) | ({"instructions": mood} if mood else {})

    async def _sound(
        self, stack: AsyncExitStack, text: str, voice: str, more: dict[str, Any]
    ) -> AsyncIterator[bytes]:
        options = self._options
        asked = self._client.audio.speech.with_streaming_response.create(
            model=options.model, voice=voice, input=sendable(text[:_LONGEST_TEXT]),
            response_format=options.format, extra_body=more,
        )  # fmt: skip
        async with asyncio.timeout(options.connect_timeout_s + options.first_byte_timeout_s):
            answer = await stack.enter_async_context(asked)
            pieces = answer.iter_bytes(_READ_BYTES)
            piece = await anext(pieces, None)
        while piece is not None:
            yield piece
            async with asyncio.timeout(options.idle_timeout_s):
                piece = await anext(pieces, None)

    async def _ask(self) -> None:
        """Its own list of voices, where it has one; else of models. Raises ModelError."""
        try:
            async with asyncio.timeout(PROBE_S):
                listed = await self._way.get(f"{self._options.base_url}/audio/voices")
                if listed.status_code in _WITHOUT_A_LIST:
                    await self._client.models.list()
                    return
        except openai.APIStatusError as error:
            if error.status_code not in _WITHOUT_A_LIST:
                raise ModelError(self._explained(error, self._options.voice)) from error
            return
        except FAILURES as error:
            raise ModelError(self._explained(error, self._options.voice)) from error
        if not listed.is_success:
            raise self._service.refusal(listed.status_code, listed.text)
        try:
            names = listed.json()["voices"]
            found = [each if isinstance(each, str) else str(each["id"]) for each in names]
        except MALFORMED:
            return  # a list in another form is none
        if found:
            self.voices = _first(self._options.voice, found[:_MOST_VOICES])

    def _explained(self, error: Exception, voice: str) -> str:
        service = replace(self._service, model=f"{self._options.model} ({voice})")
        if isinstance(error, openai.APIStatusError):
            return str(service.refusal(error.status_code, reason_of(error)))
        cause = error.__cause__ if isinstance(error, openai.APIError) else error
        return service.on_the_way(cause)


def _first(name: str, others: Any) -> tuple[str, ...]:
    return (name, *(each for each in others if each != name))
