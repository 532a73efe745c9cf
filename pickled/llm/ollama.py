"""Answers that a model worded by Ollama's own API, on this machine or another one of the house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing
from functools import partial
from typing import Literal

import httpx
import ollama
from pydantic import Field

from pickled.brain.answer_form import opening
from pickled.errors import ModelError, NoSuchModelError
from pickled.llm import Model, WriterOptions
from pickled.messages.prompt import Form, Prompt
from pickled.plugins import Surroundings
from pickled.recent import Seen
from pickled.services.dialect import NEGOTIABLE, Dialect, Dialects
from pickled.services.ollama import FAILURES, Readiness, Server, chat, explain, load, part
from pickled.services.streaming import Piece, answered

_BEST: Form = "object"
"""What `auto` asks for. The string costs less before the first word, but the one small model that
was tried (135M) was angry in it nearly always, and larger ones were not at hand."""

MOST_WITHOUT = 50
"""Names of models that are remembered to take no openers."""

_FORMAT = "format"
_FORM_REFUSED = ("format", "grammar", "schema", "pattern")
"""What a refusal speaks of that another form of the answer may mend."""


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
    slowest = max(options.first_token_timeout_s, options.idle_timeout_s)
    return part(options, lambda client: OllamaModel(options, client), longest_s=slowest)


class OllamaModel:
    """Streams answers, and has the model loaded before it is needed."""

    def __init__(self, options: Options, client: ollama.AsyncClient) -> None:
        self.name = f"ollama {options.model}"
        self.bounded = False
        self._options = options
        self._client = client
        self._dialects = Dialects()
        self._without: Seen[str] = Seen(MOST_WITHOUT)
        """Models with which the server took a form, but not its openers."""
        loading = partial(ModelError, loading=True)
        self._ready = Readiness(client, options, options.model, self._load, ModelError, loading)

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer as it is written; closing it makes Ollama stop."""
        model = prompt.model or self._options.model
        return answered(
            self._pieces(prompt, model),
            patience=self._options,
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
        except FAILURES as error:
            raise self._explained(error, model) from error

    async def _pieces(self, prompt: Prompt, model: str) -> AsyncGenerator[Piece, None]:
        """All pieces, also those without text; raises ModelError at every way to fail."""
        try:
            async with aclosing(self._parts(prompt, model)) as parts:
                async for each in parts:
                    yield _read(each)
                    if each.done:
                        return
        except FAILURES as error:
            self._ready.forget()
            raise self._explained(error, model) from error
        self._ready.forget()

    async def _parts(self, prompt: Prompt, model: str) -> AsyncGenerator[ollama.ChatResponse, None]:
        """The answer in the best form that the server takes; which that is, is remembered."""
        forms = self._options.forms(_BEST)
        now = asyncio.get_running_loop().time()
        step = self._dialects.of(model, now).steps.get(_FORMAT, 0)
        asked = self._offering(prompt, model)
        while True:
            begun = False
            try:
                async with aclosing(self._chat(asked, model, forms[step])) as parts:
                    async for each in parts:
                        if not begun and asked.openers != prompt.openers:
                            self._without.add(model)
                        if not begun and step:
                            self._dialects.keep(model, Dialect({_FORMAT: step}), now)
                        begun = True
                        yield each
                return
            except ollama.ResponseError as error:
                if begun or not _refuses_the_form(error):
                    raise
                if asked.openers:
                    asked = prompt.model_copy(update={"openers": ()})
                    continue
                if step + 1 == len(forms):
                    raise
                step, asked = step + 1, self._offering(prompt, model)

    def _offering(self, prompt: Prompt, model: str) -> Prompt:
        """The prompt, without openers where they were refused."""
        return prompt.model_copy(update={"openers": ()}) if model in self._without else prompt

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
                "num_predict": self._options.max_tokens,
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


def _refuses_the_form(error: ollama.ResponseError) -> bool:
    said = str(error.error).lower()
    return error.status_code in NEGOTIABLE and any(each in said for each in _FORM_REFUSED)


def _read(answer: ollama.ChatResponse) -> Piece:
    end: Literal["", "whole", "limit"] = ""
    if answer.done:
        end = "limit" if answer.done_reason == "length" else "whole"
    return Piece(answer.message.content or "", thought=bool(answer.message.thinking), end=end)
