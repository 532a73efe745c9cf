"""An embedder with a worker, while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pickled.errors import EmbedderError
from pickled.memory.embed.sentence_transformers import Options, SentenceTransformersEmbedder, start
from pickled.messages.state import Status
from pickled.plugins import Surroundings
from tests.stand_ins.embedders import ready

PATIENT = {"query_timeout_s": 20, "batch_timeout_s": 20, "load_timeout_s": 20}


@asynccontextmanager
async def started(
    reports: list[tuple[Status, str]] | None = None, **options: Any
) -> AsyncIterator[SentenceTransformersEmbedder]:
    """An embedder that is not waited for."""
    told: list[tuple[Status, str]] = [] if reports is None else reports
    surroundings = Surroundings(Path(), Path(), lambda status, why: told.append((status, why)))
    chosen = Options.model_validate({"model": "stand-in"} | PATIENT | options)
    async with start(chosen, surroundings) as embedder:
        assert isinstance(embedder, SentenceTransformersEmbedder)
        yield embedder


@asynccontextmanager
async def loaded(**options: Any) -> AsyncIterator[SentenceTransformersEmbedder]:
    """An embedder whose worker is there."""
    async with started(**options) as embedder:
        await ready(embedder)
        yield embedder


async def reason(embedder: SentenceTransformersEmbedder, *, passing: bool = False) -> str:
    """Why it refuses, once it does so for good (or for a while)."""
    async with asyncio.timeout(20):
        while True:
            try:
                await embedder.probe()
            except EmbedderError as error:
                if error.loading == passing:
                    return str(error)
            await asyncio.sleep(0.01)
