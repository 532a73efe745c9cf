"""Embeds with a model of Ollama, on this machine or another one of the house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import ollama
from pydantic import Field

from pickled.errors import EmbedderError
from pickled.memory import Embedder
from pickled.memory.embed import batches, unit_vector, with_meaning
from pickled.plugins import Surroundings
from pickled.services.ollama import FAILURES, Server, explain, has, missing, new_client

_FLOAT = 4
_PROBE_S = 2.0
_LOADED_ALREADY_S = 0.7
"""How long a probe waits for the model to be loaded; if it was, that takes a few ms."""


class Options(Server):
    """Where Ollama is, which model embeds, and how long we wait for it."""

    model: str = Field(default="all-minilm", min_length=1, max_length=200)
    connect_timeout_s: float = Field(default=2.0, gt=0, le=60)
    query_timeout_s: float = Field(default=0.5, gt=0, le=60)
    """How long a query waits for its vector."""
    batch_timeout_s: float = Field(default=30.0, gt=0, le=600)
    """For eight texts."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Embedder]:
    """A model of Ollama; whether Ollama is there shows at the first probe."""
    del surroundings
    slowest = max(options.batch_timeout_s, options.load_timeout_s)
    client = new_client(options.host, longest_s=slowest, connect_s=options.connect_timeout_s)
    async with client:
        embedder = OllamaEmbedder(options, client)
        try:
            yield embedder
        finally:
            await embedder.stop_loading()


class OllamaEmbedder:
    """Has at most one batch embedded that isn't urgent, so that queries don't queue behind them."""

    def __init__(self, options: Options, client: ollama.AsyncClient) -> None:
        self.name = f"ollama {options.model}"
        self.dimensions = 0
        self._options = options
        self._client = client
        self._backfill = asyncio.Lock()
        self._loading: asyncio.Task[EmbedderError | None] | None = None

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
        try:
            async with asyncio.timeout(_PROBE_S):
                listed = await self._client.list()
        except FAILURES as error:
            raise self._explained(error) from error
        if not has(listed, self._options.model):
            raise EmbedderError(missing(self._options.model))
        if self._loading is None:
            self._loading = asyncio.create_task(self._load(), name=f"load {self.name}")
        await asyncio.wait({self._loading}, timeout=_LOADED_ALREADY_S)
        if not self._loading.done():
            raise EmbedderError(f"Ollama is loading {self._options.model}", loading=True)
        failure = self._loading.result()
        self._loading = None
        if failure:
            raise failure

    async def stop_loading(self) -> None:
        """Don't wait for it any longer."""
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait({self._loading})

    async def _load(self) -> EmbedderError | None:
        try:
            await self._embed(("Is anybody there?",), self._options.load_timeout_s)
        except EmbedderError as error:
            return error
        return None

    async def _embed(self, texts: Sequence[str], limit_s: float) -> list[bytes]:
        try:
            async with asyncio.timeout(limit_s):
                answer = await self._client.embed(
                    self._options.model, texts, truncate=True, keep_alive=self._options.keep_alive
                )
            vectors = [unit_vector(each) for each in answer.embeddings]
        except FAILURES as error:
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
