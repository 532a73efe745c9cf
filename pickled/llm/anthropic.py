"""Answers that a model of Anthropic worded, through its own interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anthropic
from anthropic.types import RawMessageStreamEvent
from pydantic import Field

from pickled.errors import ModelError
from pickled.llm import Model, Wording
from pickled.messages.prompt import Prompt
from pickled.plugins import Surroundings
from pickled.services.cloud import MALFORMED, PROBE_S, WAY, Service, Standing, streamed
from pickled.services.dialect import Choices, Dialects
from pickled.services.outside import URL_PATTERN, Account, sendable

_FAILURES = (anthropic.AnthropicError, *WAY, *MALFORMED)
_OK = 200
_WITHOUT_A_LIST = frozenset({404, 405, 501})
"""How servers that only forward answers say that they know nothing about models."""

_STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""An error in the middle of an answer comes with status 200: its type says what it is."""


class Options(Account, Wording):
    """Which model words the answers, with which key, and how long we wait for it."""

    base_url: str = Field(default="https://api.anthropic.com", pattern=URL_PATTERN)
    model: str = Field(default="claude-haiku-4-5", min_length=1, max_length=200)
    temperature: float | None = Field(default=None, ge=0, le=1)
    """Only older models take one."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Model]:
    """A model behind that address; whether it is there shows at the first probe."""
    del surroundings
    service = Service(options.base_url, options.model, options.key)
    slowest = max(options.first_token_timeout_s, options.idle_timeout_s)
    async with service.client(longest_s=slowest, connect_s=options.connect_timeout_s) as way:
        # A key of our own keeps it from looking for others; the real one is added on the way.
        client = anthropic.AsyncAnthropic(
            base_url=options.base_url,
            api_key="-",
            http_client=way,
            max_retries=0,
            open_telemetry=False,
        )
        yield AnthropicModel(options, service, client)


class AnthropicModel:
    """Streams answers; a model that can't be held to a schema is asked for JSON in words only."""

    def __init__(
        self, options: Options, service: Service, client: anthropic.AsyncAnthropic
    ) -> None:
        self.name = f"anthropic {options.model}"
        self.bounded = False
        self._options = options
        self._service = service
        self._client = client
        self._dialects = Dialects()
        self._standing = Standing(options.base_url)

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer as it is written; closing it makes the model stop."""
        return streamed(
            self._parts(prompt),
            patience=self._options,
            name=self.name,
            service=self._service,
            standing=self._standing,
        )

    async def probe(self) -> None:
        """Is it there, does it take the key, and has it the model? Costs no generation."""
        await self._standing.ask(self._probe)

    async def _probe(self) -> None:
        try:
            async with asyncio.timeout(PROBE_S):
                await self._client.models.retrieve(self._options.model)
        except anthropic.APIStatusError as error:
            if error.status_code not in _WITHOUT_A_LIST or error.type == "not_found_error":
                raise self._explained(error) from error
        except _FAILURES as error:
            raise self._explained(error) from error

    async def _parts(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """All pieces, also those without text; raises ModelError at every way to fail."""
        ended = None
        try:
            async with await self._opened(prompt) as events:
                async for event in events:
                    text, reason = _read(event)
                    ended = reason or ended
                    yield text
        except _FAILURES as error:
            raise self._explained(error) from error
        if ended is None:
            raise ModelError(f"the answer of {self.name} broke off")
        if ended == "refusal":
            raise ModelError(f"{self.name} refused to answer")

    async def _opened(self, prompt: Prompt) -> anthropic.AsyncStream[RawMessageStreamEvent]:
        model = prompt.model or self._options.model
        system, messages = _split(prompt)
        return await self._dialects.settle(
            model,
            self._choices(prompt),
            lambda more: self._client.messages.create(
                model=model,
                system=system or anthropic.omit,
                messages=messages,
                max_tokens=self._options.max_tokens,
                stream=True,
                extra_body=more,
            ),
            refusal=anthropic.APIStatusError,
        )

    def _choices(self, prompt: Prompt) -> Choices:
        """Models differ in whether they take a schema, can do without thinking, and are warm."""
        form = {"format": {"type": "json_schema", "schema": prompt.answer_schema}}
        warmth = {"temperature": self._options.temperature}
        return {
            "output_config": (*(({"output_config": form},) if prompt.answer_schema else ()), {}),
            "thinking": ({"thinking": {"type": "disabled"}}, {}),
            "temperature": (*((warmth,) if self._options.temperature is not None else ()), {}),
        }

    def _explained(self, error: Exception) -> ModelError:
        match error:
            case anthropic.APIStatusError():
                status = error.status_code
                if status == _OK:
                    status = _STATUSES.get(str(error.type), 500)
                text = self._service.refusal(status, error.api_message)
            case anthropic.APIConnectionError():
                text = self._service.on_the_way(error.__cause__ or error)
            case _:
                text = self._service.on_the_way(error)
        return ModelError(text)


def _split(prompt: Prompt) -> tuple[str, list[Any]]:
    """What the persona is, and the conversation, which holds no empty message."""
    said = [(each.role, sendable(each.content)) for each in prompt.messages if each.content]
    system = "\n\n".join(text for role, text in said if role == "system")
    return system, [{"role": role, "content": text} for role, text in said if role != "system"]


def _read(event: RawMessageStreamEvent) -> tuple[str, str | None]:
    """Text and why it ended, if it did; thoughts are not for the air."""
    if event.type == "message_delta":
        return "", event.delta.stop_reason
    if event.type == "content_block_delta" and event.delta.type == "text_delta":
        if not isinstance(event.delta.text, str):
            raise TypeError("a piece that is no text")
        return event.delta.text, None
    return "", None
