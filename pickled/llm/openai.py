"""Answers that a model worded behind OpenAI's interface: OpenAI, or any server that speaks so."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import openai
from openai.types.chat import ChatCompletionChunk
from pydantic import Field

from pickled.brain.answer_form import in_form, opening
from pickled.llm import Model, WriterOptions
from pickled.messages.prompt import Form, Prompt
from pickled.plugins import Surroundings
from pickled.recent import Seen
from pickled.services.cloud import MALFORMED, WAY
from pickled.services.cloud_model import CloudOptions, open_model
from pickled.services.dialect import OPENERS, Choices, Dialects
from pickled.services.openai_client import new_client, reason_of
from pickled.services.outside import URL_PATTERN, is_outside, sendable
from pickled.services.streaming import Piece, ServerFigures, figure

_WITHOUT_A_LIST = frozenset({404, 405, 501})
"""How servers answer that can't tell which models they have."""

_IN_THE_STREAM = 500
"""An error in the middle of an answer has no status of its own."""

_FORM, _MERGED = "answer_form", "merged_roles"
"""What a choice says about the messages; no server is sent that."""

_TEMPLATE_OFF = {"chat_template_kwargs": {"enable_thinking": False}}
"""How llama.cpp's server and vLLM are told."""

_ROOT_IS_AN_OBJECT = "https://api.openai.com/"
"""The vendor's own schemas have an object at their root, and no choice."""

MOST_THINK = 50
"""Names of models that were seen to think are remembered."""


class Options(WriterOptions, CloudOptions):
    """Where the server is, which model words the answers, and how long we wait for it."""

    base_url: str = Field(default="https://api.openai.com/v1", pattern=URL_PATTERN)
    """Of llama.cpp's server, vLLM or LM Studio: `http://127.0.0.1:8080/v1`."""
    model: str = Field(default="gpt-4o-mini", min_length=1, max_length=200)
    temperature: float = Field(default=0.8, ge=0, le=2)


def start(options: Options, surroundings: Surroundings) -> AbstractAsyncContextManager[Model]:
    """A model behind that address; whether the server is there shows at the first probe."""
    del surroundings
    return open_model(
        "openai",
        options,
        lambda way: _Openai(options, new_client(options.base_url, way)),
        gauged=True,
    )


class _Openai:
    """Asks for the best form of an answer that the server takes."""

    failures: tuple[type[Exception], ...] = (openai.OpenAIError, *WAY, *MALFORMED)

    def __init__(self, options: Options, client: openai.AsyncOpenAI) -> None:
        self._options = options
        self._client = client
        self._think: Seen[str] = Seen(MOST_THINK)
        """Models that were seen to think."""
        self._best: Form = (
            "object" if f"{options.base_url}/".startswith(_ROOT_IS_AN_OBJECT) else "key"
        )

    async def ask(self, model: str) -> bool:
        try:
            listed = await self._client.models.list()
        except openai.APIStatusError as error:
            if error.status_code not in _WITHOUT_A_LIST:
                raise
            return True
        return model in {each.id for each in listed.data}

    async def pieces(
        self, prompt: Prompt, model: str, dialects: Dialects
    ) -> AsyncGenerator[Piece, None]:
        async with await self._opened(prompt, model, dialects) as chunks:
            if "json" in chunks.response.headers.get("content-type", ""):
                yield _read_whole((await chunks.response.aread()).decode())
                return
            async for chunk in chunks:
                piece = _read(chunk)
                if piece.thought:
                    self._think.add(model)
                yield piece

    async def _opened(
        self, prompt: Prompt, model: str, dialects: Dialects
    ) -> openai.AsyncStream[ChatCompletionChunk]:
        return await dialects.settle(
            model,
            self._choices(prompt, model),
            lambda more: self._client.chat.completions.create(
                model=model, messages=[], stream=True, extra_body=_said(prompt, more)
            ),
            refusal=openai.APIStatusError,
        )

    def _choices(self, prompt: Prompt, model: str) -> Choices:
        """Newer models of OpenAI know another name for the limit, and no temperature; templates
        of Gemma and Mistral know no system role."""
        limit = 1 if prompt.warming else self._options.max_tokens
        return {
            **({OPENERS: ({OPENERS: True}, {OPENERS: False})} if prompt.openers else {}),
            "response_format": tuple(self._forms(prompt)),
            "max_tokens": ({"max_tokens": limit}, {"max_completion_tokens": limit}),
            "temperature": ({"temperature": self._options.temperature}, {}),
            "thinking": self._ways_not_to_think(model),
            "system role": ({_MERGED: False}, {_MERGED: True}),
        }

    def _forms(self, prompt: Prompt) -> Iterator[Mapping[str, object]]:
        for form in self._options.forms(self._best):
            if schema := in_form(prompt, form).answer_schema:
                held = {"name": "answer", "strict": True, "schema": schema}
                asked = {"type": "json_schema", "json_schema": held}
                yield {_FORM: form, "response_format": asked}
            if form == "text":
                yield {_FORM: form}
                return
        yield {_FORM: "object", "response_format": {"type": "json_object"}}
        yield {_FORM: "object"}

    def _ways_not_to_think(self, model: str) -> tuple[dict[str, Any], ...]:
        """A server of the house is told at once, where a refusal costs nothing; one outside only
        if the model was seen to think, since most there refuse what they don't know."""
        efforts = [{"reasoning_effort": each} for each in ("none", "minimal", "low")]
        if not is_outside(self._options.base_url):
            return (*({**_TEMPLATE_OFF, **each} for each in (efforts[0], efforts[2], {})), {})
        return (*efforts, {}) if model in self._think else ({},)

    def refusal(self, error: Exception) -> tuple[int, object] | None:
        if isinstance(error, openai.APIStatusError):
            return error.status_code, reason_of(error)
        if isinstance(error, openai.APIError) and not isinstance(error, openai.APIConnectionError):
            return _IN_THE_STREAM, error.message
        return None

    def cause(self, error: Exception) -> BaseException | None:
        return error.__cause__ if isinstance(error, openai.APIConnectionError) else error


def _said(prompt: Prompt, more: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with the messages that fit them."""
    form, sent = more[_FORM], dict(more)
    given = more.get("response_format", {})
    held = more.get(OPENERS) and "json_schema" in given
    asked = opening(prompt, form) if held else in_form(prompt, form)
    if held:
        schema = {**given["json_schema"], "schema": asked.answer_schema}
        sent["response_format"] = {**given, "json_schema": schema}
    messages = _merged(asked) if more[_MERGED] else _messages(asked)
    ours = (_FORM, _MERGED, OPENERS)
    return {name: each for name, each in sent.items() if name not in ours} | {"messages": messages}


def _messages(prompt: Prompt) -> list[dict[str, str]]:
    return [{"role": each.role, "content": sendable(each.content)} for each in prompt.messages]


def _merged(prompt: Prompt) -> list[dict[str, str]]:
    """The same for a model without a system role: the rules stand in front of what is asked."""
    rules = [each["content"] for each in _messages(prompt) if each["role"] == "system"]
    said = [each for each in _messages(prompt) if each["role"] != "system"]
    if not said:
        return [{"role": "user", "content": "\n\n".join(rules)}]
    first = {**said[0], "content": "\n\n".join([*rules, said[0]["content"]])}
    return [first, *said[1:]]


def _read(chunk: ChatCompletionChunk) -> Piece:
    """Text and why it ended, if it did; the last chunk of some servers counts tokens only."""
    told = _told(chunk)
    if not chunk.choices:
        return Piece(told=told)
    choice = chunk.choices[0]
    end = choice.finish_reason
    if choice.delta is None:  # some servers have none in their last piece
        return Piece(end=_end(end), told=told)
    if choice.delta.refusal:
        return Piece(end="refused")
    more = choice.delta.model_extra or {}
    thought = bool(more.get("reasoning_content") or more.get("reasoning"))
    return Piece(_text(choice.delta.content), thought=thought, end=_end(end), told=told)


def _told(chunk: ChatCompletionChunk) -> ServerFigures | None:
    """What llama.cpp's server says in its last piece, and others where they count tokens."""
    timings = (chunk.model_extra or {}).get("timings")
    if not isinstance(timings, dict) and chunk.usage is None:
        return None
    timed = timings if isinstance(timings, dict) else {}
    return ServerFigures(
        read=figure(chunk.usage and chunk.usage.prompt_tokens),
        read_s=figure(timed.get("prompt_ms"), a=0.001),
        written=figure(timed.get("predicted_n")),
        written_s=figure(timed.get("predicted_ms"), a=0.001),
    )


def _read_whole(body: str) -> Piece:
    """A server that does not stream gives the whole answer at once."""
    answer = json.loads(body)["choices"][0]
    return Piece(_text(answer["message"]["content"]), end=_end(answer["finish_reason"]) or "whole")


def _text(content: Any) -> str:
    """Of a piece: a text, or a list of parts."""
    if isinstance(content, list):
        return "".join(_text(each.get("text")) for each in content)
    if content is not None and not isinstance(content, str):
        raise TypeError("a piece that is no text")
    return content or ""


def _end(reason: str | None) -> Any:
    match reason:
        case None | "":
            return ""
        case "content_filter":
            return "refused"
        case "length":
            return "limit"
    return "whole"
