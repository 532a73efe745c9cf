"""Answers that a model of Anthropic worded, through its own interface."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal

import anthropic
from anthropic.types import RawMessageStreamEvent
from pydantic import Field

from pickled.brain.answer_form import in_form
from pickled.llm import Model, WriterOptions
from pickled.messages.prompt import Prompt
from pickled.plugins import Surroundings
from pickled.services.cloud import MALFORMED, WAY
from pickled.services.cloud_model import CloudOptions, open_model
from pickled.services.dialect import Choices, Dialects
from pickled.services.outside import URL_PATTERN, sendable
from pickled.services.streaming import Piece

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


class Options(WriterOptions, CloudOptions):
    """Which model words the answers, with which key, and how long we wait for it."""

    base_url: str = Field(default="https://api.anthropic.com", pattern=URL_PATTERN)
    model: str = Field(default="claude-haiku-4-5", min_length=1, max_length=200)
    temperature: float | None = Field(default=None, ge=0, le=1)
    """Only older models take one."""
    answer_form: Literal["auto", "object", "text"] = "auto"


def start(options: Options, surroundings: Surroundings) -> AbstractAsyncContextManager[Model]:
    """A model behind that address; whether it is there shows at the first probe."""
    del surroundings
    return open_model("anthropic", options, lambda way: _Anthropic(options, _client(options, way)))


def _client(options: Options, way: Any) -> anthropic.AsyncAnthropic:
    """A key of our own keeps it from looking for others; the real one is added on the way."""
    return anthropic.AsyncAnthropic(
        base_url=options.base_url,
        api_key="-",
        http_client=way,
        max_retries=0,
        open_telemetry=False,
    )


class _Anthropic:
    """A model that can't be held to a schema is asked for JSON in words only."""

    failures: tuple[type[Exception], ...] = (anthropic.AnthropicError, *WAY, *MALFORMED)

    def __init__(self, options: Options, client: anthropic.AsyncAnthropic) -> None:
        self._options = options
        self._client = client

    async def ask(self, model: str) -> bool:
        try:
            found = await self._client.models.retrieve(model)
        except anthropic.APIStatusError as error:
            if error.status_code not in _WITHOUT_A_LIST or error.type == "not_found_error":
                raise
            return False
        return bool(found.id)

    async def pieces(
        self, prompt: Prompt, model: str, dialects: Dialects
    ) -> AsyncGenerator[Piece, None]:
        (form,) = self._options.forms("object")
        async with await self._opened(in_form(prompt, form), model, dialects) as events:
            async for event in events:
                yield _read(event)

    async def _opened(
        self, prompt: Prompt, model: str, dialects: Dialects
    ) -> anthropic.AsyncStream[RawMessageStreamEvent]:
        system, messages = _split(prompt)
        return await dialects.settle(
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

    def refusal(self, error: Exception) -> tuple[int, object] | None:
        if not isinstance(error, anthropic.APIStatusError):
            return None
        status = error.status_code
        if status == _OK:
            status = _STATUSES.get(str(error.type), 500)
        return status, error.api_message

    def cause(self, error: Exception) -> BaseException | None:
        return error.__cause__ if isinstance(error, anthropic.APIConnectionError) else error


def _split(prompt: Prompt) -> tuple[str, list[Any]]:
    """What the persona is, and the conversation, which holds no empty message."""
    said = [(each.role, sendable(each.content)) for each in prompt.messages if each.content]
    system = "\n\n".join(text for role, text in said if role == "system")
    return system, [{"role": role, "content": text} for role, text in said if role != "system"]


def _read(event: RawMessageStreamEvent) -> Piece:
    """Text and why it ended, if it did; thoughts are not for the air."""
    if event.type == "message_delta":
        match event.delta.stop_reason:
            case None:
                return Piece()
            case "refusal":
                return Piece(end="refused")
            case "max_tokens":
                return Piece(end="limit")
        return Piece(end="whole")
    if event.type == "content_block_delta" and event.delta.type == "thinking_delta":
        return Piece(thought=True)
    if event.type == "content_block_delta" and event.delta.type == "text_delta":
        if not isinstance(event.delta.text, str):
            raise TypeError("a piece that is no text")
        return Piece(event.delta.text)
    return Piece()
