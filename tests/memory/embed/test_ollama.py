"""Ollama as an embedder: unit vectors, queries beside the backfill, and no failure that hangs."""

from __future__ import annotations

import asyncio
import math
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest

from pickled.errors import EmbedderError
from pickled.memory.embed import BATCH
from pickled.memory.embed.ollama import Options, start
from pickled.plugins import Surroundings
from tests.stand_ins.broker import free_port
from tests.stand_ins.embedders import ready
from tests.stand_ins.ollama import Failure, OllamaStandIn
from tests.stand_ins.ollama_answers import DIMENSIONS, words_vector

SURROUNDINGS = Surroundings(Path(), Path(), lambda status, detail: None)
MODEL = "all-minilm:latest"


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaStandIn]:
    async with OllamaStandIn(models=(MODEL,)).serve() as running:
        yield running


def options(ollama: OllamaStandIn, **changed: Any) -> Options:
    return Options.model_validate({"host": ollama.url, "query_timeout_s": 20, **changed})


def values(vector: bytes | None) -> tuple[float, ...]:
    assert vector
    return struct.unpack(f"<{len(vector) // 4}f", vector)


async def test_embed_gives_unit_vectors(ollama: OllamaStandIn) -> None:
    """Whatever length the server's have; the number of dimensions is learned from them."""
    async with start(options(ollama), SURROUNDINGS) as embedder:
        assert (embedder.name, embedder.dimensions) == ("ollama all-minilm", 0)
        (vector,) = await embedder.embed(["we were at the harbour"], urgent=True)
        assert embedder.dimensions == DIMENSIONS
    assert math.hypot(*values(vector)) == pytest.approx(1)
    raw = words_vector("we were at the harbour")
    assert values(vector) == pytest.approx([each / math.hypot(*raw) for each in raw])


async def test_embed_keeps_places_and_batches(ollama: OllamaStandIn) -> None:
    """What has no meaning isn't asked for, and never more than a batch at a time is."""
    texts = [f"walk {number}" for number in range(2 * BATCH + 1)]
    texts[3] = "🎉"
    async with start(options(ollama), SURROUNDINGS) as embedder:
        vectors = await embedder.embed(texts)
        assert await embedder.embed(["", "!"]) == [None, None]
        for text, vector in zip(texts, vectors, strict=True):
            assert vector == (await embedder.embed([text]))[0]
    assert [len(asked["input"]) for asked in ollama.embedded[:2]] == [BATCH, BATCH]
    assert all(asked["keep_alive"] == "30m" for asked in ollama.embedded)
    assert len(ollama.embedded) == 2 + 2 * BATCH


async def test_query_does_not_wait_for_the_backfill(ollama: OllamaStandIn) -> None:
    """A batch that takes its time is no reason for a query to take its own."""
    ollama.failure = "hang"
    async with start(options(ollama), SURROUNDINGS) as embedder:
        filling = [asyncio.create_task(embedder.embed([f"gap {each}"])) for each in range(3)]
        async with asyncio.timeout(20):
            while not ollama.embedded:
                await asyncio.sleep(0.01)
        ollama.failure = None
        assert await embedder.embed(["query"], urgent=True)
        assert [asked["input"] for asked in ollama.embedded] == [["gap 0"], ["query"]]
        for each in filling:
            each.cancel()
        await asyncio.wait(filling)


@pytest.mark.parametrize("failure", get_args(Failure))
async def test_embed_fails_with_a_reason(ollama: OllamaStandIn, failure: Failure) -> None:
    """However Ollama fails, it is an EmbedderError with a text, and the next try may succeed."""
    ollama.failure = failure
    short = options(ollama, query_timeout_s=0.3 if "hang" in failure else 20)
    async with start(short, SURROUNDINGS) as embedder:
        with pytest.raises(EmbedderError) as failed:
            await embedder.embed(["hello"], urgent=True)
        assert not failed.value.loading
        ollama.failure = None
        assert await embedder.embed(["hello"])
    assert {
        "hang": "took too long",
        "hang in the middle": "took too long",
        "cut": "was cut",
        "no done": "was cut",
        "error line": "exceeds the context length",
        "html": "status 502",
        "garbage": "does not speak as Ollama does",
        "empty": "of no use",
        "out of memory": "more system memory",
    }[failure] in str(failed.value)
    assert "<" not in str(failed.value)


@pytest.mark.parametrize(
    "vector",
    [
        lambda text: [0.0] * DIMENSIONS,
        lambda text: [float("nan")] * DIMENSIONS,
        lambda text: [float("inf"), 1.0],
        lambda text: [],
        lambda text: [1.0] * len(text),
        lambda text: ["one", 2.0],
    ],
    ids=["zero", "nan", "infinite", "none", "of all sizes", "words"],
)
async def test_vectors_of_no_use_are_refused(
    ollama: OllamaStandIn, vector: Callable[[str], Sequence[float]]
) -> None:
    """None of them gets into the memory, and none changes what is known of the dimensions."""
    async with start(options(ollama), SURROUNDINGS) as embedder:
        ollama.vector = vector
        with pytest.raises(EmbedderError, match=r"of no use|does not speak"):
            await embedder.embed(["one", "three"])
        assert embedder.dimensions == 0


async def test_other_model_of_the_same_name_is_refused(ollama: OllamaStandIn) -> None:
    """Vectors of two models are never mixed, as far as it shows."""
    async with start(options(ollama), SURROUNDINGS) as embedder:
        await embedder.embed(["hello"])
        ollama.vector = lambda text: [1.0, 2.0]
        with pytest.raises(EmbedderError, match="another model of that name"):
            await embedder.embed(["hello"])
        assert embedder.dimensions == DIMENSIONS


async def test_probe_loads_the_model(ollama: OllamaStandIn) -> None:
    """While it loads the probe says so; afterwards the first query is no slow one."""
    ollama.load_s = 1.0
    async with start(options(ollama), SURROUNDINGS) as embedder:
        with pytest.raises(EmbedderError, match="is loading all-minilm") as refused:
            await embedder.probe()
        assert refused.value.loading
        await ready(embedder)
        assert embedder.dimensions == DIMENSIONS


async def test_leaving_does_not_wait_for_the_model(ollama: OllamaStandIn) -> None:
    """A model that never loads holds nobody up."""
    ollama.failure = "hang"
    async with asyncio.timeout(20), start(options(ollama), SURROUNDINGS) as embedder:
        with pytest.raises(EmbedderError, match="is loading"):
            await embedder.probe()


async def test_probe_names_the_remedy(ollama: OllamaStandIn) -> None:
    """A missing model, a missing Ollama, a failing one."""
    ollama.models = ("phi3.5:latest",)
    async with start(options(ollama), SURROUNDINGS) as embedder:
        with pytest.raises(EmbedderError, match="ollama pull all-minilm"):
            await embedder.probe()
        with pytest.raises(EmbedderError, match="ollama pull all-minilm"):
            await embedder.embed(["hello"])
        ollama.models, ollama.failure = (MODEL,), "out of memory"
        with pytest.raises(EmbedderError, match="more system memory"):
            await embedder.probe()
    nowhere = Options(host=f"http://127.0.0.1:{free_port()}")
    async with start(nowhere, SURROUNDINGS) as embedder:
        with pytest.raises(EmbedderError, match="ollama serve"):
            await embedder.probe()
