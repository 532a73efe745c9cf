"""Recognizers behind OpenAI's transcription interface: speaches, LocalAI, vLLM, the vendor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
from pydantic import Field

from pickled.errors import ModelError, RecognizerError
from pickled.messages.recognized import Recognized
from pickled.plugins import Surroundings
from pickled.services.cloud import MALFORMED, PROBE_S, WAY, Service, Standing
from pickled.services.openai_client import new_client, reason_of
from pickled.services.outside import URL_PATTERN, Account
from pickled.stt import Recognizer
from pickled.stt.stretches import StretchReader, as_wav, is_too_short

FAILURES = (openai.OpenAIError, *WAY, *MALFORMED)
_WITHOUT_A_LIST = frozenset({404, 405, 501})
_LONGEST_TEXT = 4000


class Options(Account):
    """Where the server is, and which of its models hears."""

    base_url: str = Field(default="https://api.openai.com/v1", pattern=URL_PATTERN)
    """Up to /v1: `http://127.0.0.1:8000/v1` of speaches."""
    model: str = Field(default="gpt-4o-mini-transcribe", min_length=1, max_length=200)
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{2,8})*$")
    hint: str = Field(default="", max_length=1000)
    """Names and words that it would else not know, as a text."""
    connect_timeout_s: float = Field(default=2.0, gt=0, le=60)
    answer_timeout_s: float = Field(default=10.0, gt=0, le=120)
    """From the end of a stretch of speech to its words."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Recognizer]:
    """A recognizer behind that address; whether the server is there shows at the first probe."""
    del surroundings
    service = Service(options.base_url, options.model, options.key)
    longest = options.answer_timeout_s
    async with service.client(longest_s=longest, connect_s=options.connect_timeout_s) as way:
        yield OpenaiEar(options, service, way)


class OpenaiEar:
    """One request for each stretch of speech."""

    def __init__(self, options: Options, service: Service, way: Any) -> None:
        self.name = f"openai {options.model}"
        self._options, self._service = options, service
        self._client = new_client(options.base_url, way)
        self._standing = Standing(options.base_url)

    async def recognize(self, sound: AsyncIterator[bytes]) -> AsyncGenerator[Recognized, None]:
        """As `Recognizer.recognize`; a turn is a stretch."""
        stretches = StretchReader(sound)
        while (pcm := await stretches.whole()) is not None:
            text = "" if is_too_short(pcm) else await self._words(pcm)
            yield Recognized("final", text, start_ms=stretches.start_ms)

    async def probe(self) -> None:
        """Is the server there, and does it take the key? Costs no sound."""
        try:
            await self._standing.ask(self._ask)
        except ModelError as error:
            raise RecognizerError(str(error)) from error

    async def _words(self, pcm: bytes) -> str:
        options = self._options
        more: dict[str, Any] = {"language": options.language} if options.language else {}
        if options.hint:
            more["prompt"] = options.hint
        try:
            async with asyncio.timeout(options.connect_timeout_s + options.answer_timeout_s):
                answer = await self._client.audio.transcriptions.create(
                    model=options.model, file=("speech.wav", as_wav(pcm), "audio/wav"),
                    response_format="json", **more,
                )  # fmt: skip
            return " ".join(str(answer.text).split())[:_LONGEST_TEXT]
        except FAILURES as error:
            self._standing.forget()
            raise RecognizerError(self._explained(error)) from error

    async def _ask(self) -> None:
        """Of a server without a list of models it is enough that it answers. Raises ModelError."""
        try:
            async with asyncio.timeout(PROBE_S):
                await self._client.models.list()
        except openai.APIStatusError as error:
            if error.status_code not in _WITHOUT_A_LIST:
                raise ModelError(self._explained(error)) from error
        except FAILURES as error:
            raise ModelError(self._explained(error)) from error

    def _explained(self, error: Exception) -> str:
        if isinstance(error, openai.APIStatusError):
            return str(self._service.refusal(error.status_code, reason_of(error)))
        cause = error.__cause__ if isinstance(error, openai.APIError) else error
        return self._service.on_the_way(cause)
