"""Embeds with a model of Ollama, on this machine or another one of the house."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING

from pydantic import Field

from pickled.errors import EmbedderError
from pickled.memory import Embedder
from pickled.memory.embed import batches, unit_vector, with_meaning
from pickled.plugins import Surroundings
from pickled.services.ollama import Readiness, Server, explain, failures, part

if TYPE_CHECKING:
    import ollama

_FLOAT = 4


class Options(Server):
    """Where Ollama is, which model embeds, and how long we wait for it."""

    model: str = Field(default="all-minilm", min_length=1, max_length=200)
    query_timeout_s: float = Field(default=0.5, gt=0, le=60)
    """How long a query waits for its vector."""
    batch_timeout_s: float = Field(default=30.0, gt=0, le=600)
    """For eight texts."""


def start(options: Options, surroundings: Surroundings) -> AbstractAsyncContextManager[Embedder]:
    """A model of Ollama; whether Ollama is there shows at the first probe."""
    del surroundings
    slowest = options.batch_timeout_s
    return part(options, lambda client: OllamaEmbedder(options, client), longest_s=slowest)


class OllamaEmbedder:
    """Has at most one batch embedded that isn't urgent, so that queries don't queue behind them."""

    def __init__(self, options: Options, client: ollama.AsyncClient) -> None:
        self.name = f"ollama {options.model}"
        self.dimensions = 0
        self._options = options
        self._client = client
        self._backfill = asyncio.Lock()
        self._ready = Readiness(
            client,
            options,
            options.model,
            self._load,
            EmbedderError,
            partial(EmbedderError, loading=True),
            once=False,
        )

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        """A unit vector for each text, None for one without a letter or a digit."""
        asked = [with_meaning(text) for text in texts]
        found: list[bytes] = []
        for batch in batches([text for text in asked if text]):
            if urgent:
                found += await self._embed(batch, self._options.query_timeout_s)
            else:
                async with self._backfill:
                    found += await self._embed(batch, self._options.batch_timeout_s)
        vectors = iter(found)
        return [next(vectors) if text else None for text in asked]

    async def probe(self) -> None:
        """Is Ollama there, and has it the model loaded? Loads it, if it isn't."""
        await self._ready.probe()

    async def stop_loading(self) -> None:
        """Don't wait for it any longer."""
        await self._ready.stop()

    async def _load(self) -> None:
        await self._embed(("Is anybody there?",), self._options.load_timeout_s)

    async def _embed(self, texts: Sequence[str], limit_s: float) -> list[bytes]:
        try:
            async with asyncio.timeout(limit_s):
                answer = await self._client.embed(
                    self._options.model, texts, truncate=True, keep_alive=self._options.keep_alive
                )
            vectors = [unit_vector(each) for each in answer.embeddings]
        except failures() as error:
            raise self._explained(error) from error
        return self._checked(vectors, len(texts))

    def _checked(self, vectors: Sequence[bytes | None], count: int) -> list[bytes]:
        usable = [each for each in vectors if each]
        sizes = {len(each) // _FLOAT for each in usable}
        if not len(usable) == len(vectors) == count or len(sizes) != 1:
            raise EmbedderError(f"{self.name} gives vectors that are of no use")
        dimensions = sizes.pop()
        if self.dimensions not in (0, dimensions):
            raise EmbedderError(
                f"{self.name} has another model of that name now ({dimensions} dimensions, "
                f"{self.dimensions} before); start pickled again"
            )
        self.dimensions = dimensions
        return usable

    def _explained(self, error: Exception) -> EmbedderError:
        return EmbedderError(explain(error, host=self._options.host, model=self._options.model))
