"""Answers that a model worded by Ollama's own API, on this machine or another one of the house."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Literal

import httpx
import ollama
from pydantic import Field

from pickled.errors import ModelError, NoSuchModelError
from pickled.llm import Model, WriterOptions
from pickled.messages.prompt import Prompt
from pickled.plugins import Surroundings
from pickled.services.ollama import FAILURES, Readiness, Server, chat, explain, load, part
from pickled.services.streaming import Piece, answered


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
        self._ready = Readiness(client, options, options.model, self._load, ModelError, ModelError)

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
        parts = chat(
            self._client,
            model,
            [each.model_dump() for each in prompt.messages],
            format=prompt.answer_schema or "json",
            keep_alive=self._options.keep_alive,
            options={
                "num_ctx": self._options.num_ctx,
                "num_predict": self._options.max_tokens,
                "temperature": self._options.temperature,
            },
        )
        try:
            async with aclosing(parts):
                async for each in parts:
                    yield _read(each)
                    if each.done:
                        return
        except FAILURES as error:
            self._ready.forget()
            raise self._explained(error, model) from error
        self._ready.forget()

    def _late(self, model: str) -> str:
        self._ready.forget()
        return str(self._explained(TimeoutError(), model))

    def _explained(self, error: Exception, model: str) -> ModelError:
        text = explain(error, host=self._options.host, model=model)
        if isinstance(error, ollama.ResponseError) and error.status_code == httpx.codes.NOT_FOUND:
            return NoSuchModelError(text)
        return ModelError(text)


def _read(answer: ollama.ChatResponse) -> Piece:
    end: Literal["", "whole", "limit"] = ""
    if answer.done:
        end = "limit" if answer.done_reason == "length" else "whole"
    return Piece(answer.message.content or "", thought=bool(answer.message.thinking), end=end)
