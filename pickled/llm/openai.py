"""Answers that a model worded behind OpenAI's interface: OpenAI, or any server that speaks so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
from openai.types.chat import ChatCompletionChunk
from pydantic import Field

from pickled.errors import ModelError
from pickled.llm import Model, Wording
from pickled.messages.prompt import Prompt
from pickled.plugins import Surroundings
from pickled.services.cloud import MALFORMED, PROBE_S, WAY, Service, Standing, streamed
from pickled.services.dialect import Choices, Dialects
from pickled.services.outside import URL_PATTERN, Account, readable, sendable

_FAILURES = (openai.OpenAIError, *WAY, *MALFORMED)
_NOT_FOUND = 404
_WITHOUT_A_LIST = frozenset({404, 405, 501})
"""How servers answer that can't tell which models they have."""


class Options(Account, Wording):
    """Where the server is, which model words the answers, and how long we wait for it."""

    base_url: str = Field(default="https://api.openai.com/v1", pattern=URL_PATTERN)
    """Of llama.cpp's server, vLLM or LM Studio: `http://127.0.0.1:8080/v1`."""
    model: str = Field(default="gpt-4o-mini", min_length=1, max_length=200)
    temperature: float = Field(default=0.8, ge=0, le=2)


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Model]:
    """A model behind that address; whether the server is there shows at the first probe."""
    del surroundings
    service = Service(options.base_url, options.model, options.key)
    slowest = max(options.first_token_timeout_s, options.idle_timeout_s)
    async with service.client(longest_s=slowest, connect_s=options.connect_timeout_s) as way:
        yield OpenaiModel(options, service, _client(options, way))


def _client(options: Options, way: Any) -> openai.AsyncOpenAI:
    """With values for all that it would take from the environment; the key is added on the way."""
    client = openai.AsyncOpenAI(
        base_url=options.base_url, api_key="-", http_client=way, max_retries=0
    )
    client.organization = client.project = client.admin_api_key = None
    return client


class OpenaiModel:
    """Streams answers, in the form that the server can give them."""

    def __init__(self, options: Options, service: Service, client: openai.AsyncOpenAI) -> None:
        self.name = f"openai {options.model}"
        self.bounded = False
        self._options = options
        self._service = service
        self._client = client
        self._dialects = Dialects()
        self._standing = Standing(options.base_url)
        self._not_found = False

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer as it is written; closing it makes the server stop."""
        return streamed(
            self._parts(prompt),
            patience=self._options,
            name=self.name,
            service=self._service,
            standing=self._standing,
        )

    async def probe(self) -> None:
        """Is the server there, and does it take the key? Costs no generation."""
        await self._standing.ask(self._probe)

    async def _probe(self) -> None:
        try:
            async with asyncio.timeout(PROBE_S):
                listed = await self._client.models.list()
            names = {each.id for each in listed.data}
        except openai.APIStatusError as error:
            if error.status_code not in _WITHOUT_A_LIST:
                raise self._explained(error) from error
            return
        except _FAILURES as error:
            raise self._explained(error) from error
        # A server may take names that it doesn't list; but not one that it refused already.
        if self._not_found and self._options.model not in names:
            raise ModelError(self._service.refusal(_NOT_FOUND, "no such model"))
        self._not_found = False

    async def _parts(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """All pieces, also those without text; raises ModelError at every way to fail."""
        ended = None
        try:
            async with await self._opened(prompt) as chunks:
                async for chunk in chunks:
                    text, reason = _read(chunk)
                    ended = reason or ended
                    yield text
        except _FAILURES as error:
            raise self._explained(error) from error
        if ended is None:
            raise ModelError(f"the answer of {self.name} broke off")
        if ended == "content_filter":
            raise ModelError(f"{self.name} refused to answer")

    async def _opened(self, prompt: Prompt) -> openai.AsyncStream[ChatCompletionChunk]:
        model = prompt.model or self._options.model
        messages: list[Any] = [
            {"role": each.role, "content": sendable(each.content)} for each in prompt.messages
        ]
        try:
            return await self._dialects.settle(
                model,
                self._choices(prompt),
                lambda more: self._client.chat.completions.create(
                    model=model, messages=messages, stream=True, extra_body=more
                ),
                refusal=openai.APIStatusError,
            )
        except openai.APIStatusError as error:
            self._not_found = error.status_code == _NOT_FOUND and not prompt.model
            raise

    def _choices(self, prompt: Prompt) -> Choices:
        """Newer models of OpenAI know another name for the limit, and no temperature."""
        form = {"name": "answer", "strict": True, "schema": prompt.answer_schema}
        schema = {"response_format": {"type": "json_schema", "json_schema": form}}
        limit = self._options.max_tokens
        return {
            "response_format": (
                *((schema,) if prompt.answer_schema else ()),
                {"response_format": {"type": "json_object"}},
                {},
            ),
            "max_tokens": ({"max_tokens": limit}, {"max_completion_tokens": limit}),
            "temperature": ({"temperature": self._options.temperature}, {}),
        }

    def _explained(self, error: Exception) -> ModelError:
        match error:
            case openai.APIStatusError():
                text = self._service.refusal(error.status_code, _reason(error))
            case openai.APIConnectionError():
                text = self._service.on_the_way(error.__cause__ or error)
            case openai.APIError():
                text = f"{self.name} failed: {readable(error.message, self._service.key)}"
            case _:
                text = self._service.on_the_way(error)
        return ModelError(text)


def _read(chunk: ChatCompletionChunk) -> tuple[str, str | None]:
    """Text and why it ended, if it did; the last chunk of some servers counts tokens only."""
    if not chunk.choices:
        return "", None
    choice = chunk.choices[0]
    if choice.delta.refusal:
        return "", "content_filter"
    text = choice.delta.content or ""
    if not isinstance(text, str):
        raise TypeError("a piece that is no text")
    return text, choice.finish_reason


def _reason(error: openai.APIStatusError) -> object:
    body = error.body
    if isinstance(body, dict):
        return next((body[key] for key in ("message", "detail", "error") if key in body), "")
    return body
