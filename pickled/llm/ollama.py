"""Answers that a model worded by Ollama's own API, on this machine or another one of the house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from functools import partial
from typing import Literal, cast

import structlog
from pydantic import Field

from pickled.brain.answer_form import opening
from pickled.errors import ModelError, NoSuchModelError
from pickled.llm import Model, WriterOptions
from pickled.messages.prompt import Form, Prompt, PromptMessage
from pickled.plugins import Surroundings
from pickled.services import form_trial
from pickled.services.dialect import OPENERS, Choices, Dialects
from pickled.services.gauge import Gauge
from pickled.services.ollama import (
    Readiness,
    Server,
    chat,
    explain,
    failures,
    httpx,
    load,
    ollama,
    part,
)
from pickled.services.streaming import WARMING_S, Piece, ServerFigures, answered, figure

log = structlog.get_logger()

_NANOSECOND = 1e-9
_FORMAT, _WITH_OPENERS, _FORM = "format", "format with openers", "answer form"
"""The choices, and what they say; no server is sent any of it."""


class Options(Server, WriterOptions):
    """Where Ollama is, which model words the answers, and how long we wait for it."""

    model: str = Field(default="phi3.5:latest", min_length=1, max_length=200)
    temperature: float = Field(default=0.8, ge=0, le=2)
    num_ctx: int = Field(default=4096, ge=512, le=1_048_576)
    """Tokens that prompt and answer have room in; the same for all that use the model on that
    server, because another value makes it load the model again."""


def start(options: Options, surroundings: Surroundings) -> AbstractAsyncContextManager[Model]:
    """A model of Ollama; whether Ollama is there shows at the first probe."""
    del surroundings
    slowest = max(options.first_token_timeout_s, options.idle_timeout_s, WARMING_S)
    return part(options, lambda client: OllamaModel(options, client), longest_s=slowest)


class OllamaModel:
    """Streams answers, and has the model loaded before it is needed."""

    def __init__(self, options: Options, client: ollama.AsyncClient) -> None:
        self.name = f"ollama {options.model}"
        self.bounded = False
        self._options = options
        self._client = client
        self.gauge = Gauge(options.model)
        self._dialects = Dialects()
        self._best: Form | None = None
        """What `auto` asks for; None: the model was not tried yet, it is asked for an object."""
        self._ready = Readiness(
            client,
            options,
            options.model,
            self._load,
            ModelError,
            partial(ModelError, loading=True),
            on_size=partial(self.gauge.weigh, options.model),
        )

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer as it is written; closing it makes Ollama stop."""
        model = prompt.model or self._options.model
        return answered(
            self.gauge.measured(self._pieces(prompt, model), prompt),
            patience=self._options.with_(prompt),
            name=f"ollama {model}",
            most_tokens=self._options.max_tokens,
            late=lambda: self._late(model),
        )

    async def probe(self) -> None:
        """Is Ollama there, and has it the model loaded? Loads it, if it isn't."""
        await self._ready.probe()

    async def probe_model(self, model: str) -> None:
        """Is Ollama there, and has it that model? Loads nothing."""
        await self._ready.ask(model)

    async def stop_loading(self) -> None:
        """Don't wait for it any longer."""
        await self._ready.stop()

    async def _load(self) -> None:
        model = self._options.model
        try:
            await load(self._client, self._options, model, num_ctx=self._options.num_ctx)
        except failures() as error:
            raise self._explained(error, model) from error
        if self._options.answer_form == "auto" and self._best is None:
            await self._try(model)

    async def _try(self, model: str) -> None:
        """Which form it is asked for; nothing is lost where that can't be told."""
        try:
            async with asyncio.timeout(form_trial.LONGEST_S):
                able = await form_trial.feels(partial(self._beginning, model))
        except failures() as error:
            able = False
            why = str(self._explained(error, model))
            log.debug("was not tried for strings", part=self.name, why=why)
        self._best = "string" if able else "object"
        log.info("answers are asked for", part=self.name, form=self._best)

    async def _beginning(self, model: str, messages: list[PromptMessage]) -> str:
        parts = chat(
            self._client,
            model,
            [each.model_dump() for each in messages],
            format=form_trial.asked_for(),
            keep_alive=self._options.keep_alive,
            options={
                "num_ctx": self._options.num_ctx,
                "num_predict": form_trial.TOKENS,
                "temperature": 0.0,
            },
        )
        async with aclosing(parts):
            return "".join([each.message.content or "" async for each in parts])

    async def _pieces(self, prompt: Prompt, model: str) -> AsyncGenerator[Piece, None]:
        """All pieces, also those without text; raises ModelError at every way to fail."""
        try:
            async with aclosing(self._parts(prompt, model)) as parts:
                async for each in parts:
                    yield _read(each)
                    if each.done:
                        return
        except GeneratorExit:
            self._ready.reopen()
            raise
        except failures() as error:
            self._ready.forget()
            raise self._explained(error, model) from error
        self._ready.forget()

    async def _parts(self, prompt: Prompt, model: str) -> AsyncGenerator[ollama.ChatResponse, None]:
        """The answer in the best form that the server takes; which that is, is remembered."""
        first, parts = await self._dialects.settle(
            model,
            self._choices(prompt),
            lambda asked: _begun(self._chat(_offering(prompt, asked), model, _form(asked))),
            refusal=ollama.ResponseError,
        )
        async with aclosing(parts):
            if first is not None:
                yield first
            async for each in parts:
                yield each

    def _choices(self, prompt: Prompt) -> Choices:
        """Where openers are offered, each form is tried without them, too, before the next one."""
        tried = prompt.model in (None, self._options.model)
        forms = self._options.forms((self._best if tried else None) or "object")
        if not prompt.openers:
            return {_FORMAT: tuple({_FORM: each} for each in forms)}
        ways = ((form, offered) for form in forms for offered in (True, False))
        return {_WITH_OPENERS: tuple({_FORM: form, OPENERS: it} for form, it in ways)}

    def _chat(
        self, prompt: Prompt, model: str, form: Form
    ) -> AsyncGenerator[ollama.ChatResponse, None]:
        asked = opening(prompt, form)
        return chat(
            self._client,
            model,
            [each.model_dump() for each in asked.messages],
            format=asked.answer_schema or (None if form == "text" else "json"),
            keep_alive=self._options.keep_alive,
            options={
                "num_ctx": self._options.num_ctx,
                "num_predict": 1 if prompt.warming else self._options.max_tokens,
                "temperature": self._options.temperature,
            },
        )

    def _late(self, model: str) -> str:
        self._ready.forget()
        return str(self._explained(TimeoutError(), model))

    def _explained(self, error: Exception, model: str) -> ModelError:
        text = explain(error, host=self._options.host, model=model)
        if isinstance(error, ollama.ResponseError) and error.status_code == httpx.codes.NOT_FOUND:
            return NoSuchModelError(text)
        return ModelError(text)


def _form(asked: Mapping[str, object]) -> Form:
    return cast("Form", asked[_FORM])


def _offering(prompt: Prompt, asked: Mapping[str, object]) -> Prompt:
    """The prompt, without openers where they are refused."""
    return prompt if asked.get(OPENERS, True) else prompt.model_copy(update={"openers": ()})


async def _begun(
    parts: AsyncGenerator[ollama.ChatResponse, None],
) -> tuple[ollama.ChatResponse | None, AsyncGenerator[ollama.ChatResponse, None]]:
    """The first part, with which the server takes what was asked, and the others."""
    try:
        return await anext(parts, None), parts
    except BaseException:
        await parts.aclose()
        raise


def _read(answer: ollama.ChatResponse) -> Piece:
    end: Literal["", "whole", "limit"] = ""
    if answer.done:
        end = "limit" if answer.done_reason == "length" else "whole"
    text, thought = answer.message.content or "", bool(answer.message.thinking)
    return Piece(text, thought, end, _told(answer) if answer.done else None)


def _told(answer: ollama.ChatResponse) -> ServerFigures:
    """The last part's figures; some versions leave out those of a prompt that they knew."""
    return ServerFigures(
        read=figure(answer.prompt_eval_count),
        read_s=figure(answer.prompt_eval_duration, a=_NANOSECOND),
        written=figure(answer.eval_count),
        written_s=figure(answer.eval_duration, a=_NANOSECOND),
        loaded_s=figure(answer.load_duration, a=_NANOSECOND),
    )
