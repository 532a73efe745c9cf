"""Answers that a model worded by Ollama's own API, on this machine or another one of the house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import ollama
from pydantic import Field

from pickled.errors import ModelError
from pickled.llm import Model, Wording
from pickled.messages.prompt import Prompt
from pickled.plugins import Surroundings
from pickled.services.ollama import (
    FAILURES,
    Server,
    chat,
    explain,
    has,
    missing,
    new_client,
)
from pickled.services.streaming import paced

_PROBE_S = 2.0
_LOADED_ALREADY_S = 0.7
"""How long a probe waits for the model to be loaded; if it was, that takes a few ms."""

_SERVER_ERROR = 500


class Options(Server, Wording):
    """Where Ollama is, which model words the answers, and how long we wait for it."""

    model: str = Field(default="phi3.5:latest", min_length=1, max_length=200)
    temperature: float = Field(default=0.8, ge=0, le=2)
    num_ctx: int = Field(default=4096, ge=512, le=1_048_576)
    """Tokens that prompt and answer have room in; the same for all that use the model on that
    server, because another value makes it load the model again."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Model]:
    """A model of Ollama; whether Ollama is there shows at the first probe."""
    del surroundings
    slowest = max(options.load_timeout_s, options.first_token_timeout_s, options.idle_timeout_s)
    client = new_client(options.host, longest_s=slowest, connect_s=options.connect_timeout_s)
    async with client:
        model = OllamaModel(options, client)
        try:
            yield model
        finally:
            await model.stop_loading()


class OllamaModel:
    """Streams answers, and has the model loaded before it is needed."""

    def __init__(self, options: Options, client: ollama.AsyncClient) -> None:
        self.name = f"ollama {options.model}"
        self.bounded = False
        self._options = options
        self._client = client
        self._loading: asyncio.Task[ModelError | None] | None = None

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer as it is written; closing it makes Ollama stop."""
        return paced(self._parts(prompt), patience=self._options, name=self.name, late=self._late)

    async def probe(self) -> None:
        """Is Ollama there, and has it the model loaded? Loads it, if it isn't."""
        try:
            async with asyncio.timeout(_PROBE_S):
                listed = await self._client.list()
        except FAILURES as error:
            raise self._explained(error) from error
        if not has(listed, self._options.model):
            raise ModelError(missing(self._options.model))
        if self._loading is None:
            self._loading = asyncio.create_task(self._load(), name=f"load {self.name}")
        await asyncio.wait({self._loading}, timeout=_LOADED_ALREADY_S)
        if not self._loading.done():
            raise ModelError(f"Ollama is loading {self._options.model}")
        if failure := self._loading.result():
            self._loading = None
            raise failure

    async def stop_loading(self) -> None:
        """Don't wait for it any longer."""
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait({self._loading})

    async def _load(self) -> ModelError | None:
        """An empty request loads the model, with the room that answers need, and keeps it."""
        try:
            async with asyncio.timeout(self._options.load_timeout_s):
                await self._client.generate(
                    self._options.model,
                    keep_alive=self._options.keep_alive,
                    options={"num_ctx": self._options.num_ctx},
                )
        except ollama.ResponseError as error:
            # A server without this call loads the model with the first answer.
            return self._explained(error) if error.status_code >= _SERVER_ERROR else None
        except FAILURES as error:
            return self._explained(error)
        return None

    async def _parts(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """All pieces, also those without text; raises ModelError at every way to fail."""
        parts = chat(
            self._client,
            prompt.model or self._options.model,
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
                async for part in parts:
                    yield part.message.content or ""
                    if part.done:
                        return
        except FAILURES as error:
            self.forget_loaded()
            raise self._explained(error) from error
        self.forget_loaded()
        raise ModelError(f"the answer of {self.name} broke off")

    def _late(self) -> str:
        self.forget_loaded()
        return str(self._explained(TimeoutError()))

    def forget_loaded(self) -> None:
        """After a failure the next probe makes sure again that the model is loaded."""
        if self._loading is not None and self._loading.done():
            self._loading = None

    def _explained(self, error: Exception) -> ModelError:
        return ModelError(explain(error, host=self._options.host, model=self._options.model))
