"""The embedder with a worker of its own: queries first, nothing unchecked, failures named."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from pickled.errors import EmbedderError
from pickled.memory.embed import BATCH
from pickled.memory.embed import sentence_transformers as module
from pickled.memory.embed.sentence_transformers import Options, SentenceTransformersEmbedder, start
from pickled.memory.embed.worker import process
from pickled.plugins import Surroundings
from tests.memory.embed.started import loaded, reason, started
from tests.stand_ins.embedders import DIMENSIONS, ready, words_vector

pytestmark = pytest.mark.usefixtures("stand_in")


async def test_embed_gives_a_vector_for_each_text_in_its_place() -> None:
    """Also for more texts than fit into a batch, and over those without a meaning."""
    texts = [f"walk number {number}" for number in range(3 * BATCH)]
    texts[0] = texts[BATCH] = "🎉🎉"
    async with loaded() as embedder:
        vectors = await embedder.embed(texts)
        assert embedder.dimensions == DIMENSIONS
    assert vectors == [None if "🎉" in text else words_vector(text) for text in texts]


@pytest.mark.parametrize("text", ["", "  \n", "🎉", "👩‍👩‍👧 ❤️", "?!", "\u200b", "..."])
async def test_embed_refuses_what_has_no_meaning(text: str) -> None:
    """A model would give it a vector all the same; not even the worker is asked."""
    async with started(model="never loads") as embedder:
        assert await embedder.embed([text]) == [None]


@pytest.mark.parametrize("text", ["散歩", "и", "7", "привет 🎉", "\ud800 half", "a" * 100_000])
async def test_embed_takes_any_text_with_a_letter(text: str) -> None:
    """Other scripts, broken characters and endless lines are no fault."""
    async with loaded() as embedder:
        (vector,) = await embedder.embed([text], urgent=True)
        assert vector
        assert len(vector) == 4 * DIMENSIONS


async def test_start_waits_for_nothing() -> None:
    """While the model loads, it says so, and whoever asks is refused at once."""
    async with started(model="never loads") as embedder:
        with pytest.raises(EmbedderError, match="loading never loads") as refused:
            await embedder.embed(["hello"])
        assert refused.value.loading
        assert embedder.name == "sentence_transformers never loads"


async def test_queries_go_before_the_backfill() -> None:
    """Of what waits, a query is next."""
    order: list[str] = []

    async def embed(text: str, *, urgent: bool) -> None:
        await embedder.embed([text], urgent=urgent)
        order.append(text)

    async with loaded() as embedder, asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(embed(f"gap {number}", urgent=False))
        await asyncio.sleep(0)  # they are in the queue now, and one is with the worker at most
        group.create_task(embed("query", urgent=True))
    assert order.index("query") <= 1
    assert sorted(order) == ["gap 0", "gap 1", "gap 2", "gap 3", "gap 4", "query"]


async def test_queue_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who brings too much is refused, what waits already is done."""
    monkeypatch.setattr(module, "_MOST_WAITING", 20)
    async with loaded() as embedder:
        first = asyncio.create_task(embedder.embed(["a"] * 20))
        await asyncio.sleep(0)
        with pytest.raises(EmbedderError, match="more than 20 texts wait"):
            await embedder.embed(["b"])
        await embedder.embed(["c"], urgent=True)
        assert len(await first) == 20


async def test_query_that_is_given_up_is_not_embedded() -> None:
    """What nobody waits for any more takes no time from the others."""
    async with loaded() as embedder:
        first = asyncio.create_task(embedder.embed(["first"], urgent=True))
        gone = asyncio.create_task(embedder.embed(["hangs"], urgent=True))
        await asyncio.sleep(0)  # both are in the queue now
        gone.cancel()
        await asyncio.wait({gone})
        assert await first == [words_vector("first")]


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("can not load", "can't be loaded: no such model"),
        ("dies while it loads", "has died: no space left"),
        ("talks", "answers with garbage"),
    ],
)
async def test_model_that_can_not_be_loaded(model: str, told: str) -> None:
    """The reason is given, and it is not said to be there shortly."""
    async with started(model=model) as embedder:
        assert told in await reason(embedder)


async def test_model_that_takes_too_long_to_load() -> None:
    """It is given up, not waited for for ever."""
    async with started(model="never loads", load_timeout_s=0.1) as embedder:
        assert "not loaded after 0.1 s" in await reason(embedder)


async def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra nothing is started, and the remedy is told."""
    monkeypatch.setattr(module, "_PACKAGES", ("no_such_package_at_all",))
    monkeypatch.setattr(process, "COMMAND", ("/bin/false",))
    async with started() as embedder:
        told = await reason(embedder)
    assert told.startswith("the package no_such_package_at_all is missing")
    assert "pip install '.[server,embeddings]'" in told


async def test_program_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a Python that has vanished is only an EmbedderError."""
    monkeypatch.setattr(process, "COMMAND", ("/nowhere/python",))
    async with started() as embedder:
        assert "can't be started" in await reason(embedder)


async def test_folder_beside_the_configuration_is_a_model(tmp_path: Path) -> None:
    """A relative path counts from there; its name stays what was written."""
    (tmp_path / "my model").mkdir()
    surroundings = Surroundings(tmp_path, tmp_path, lambda status, why: None)
    async with start(Options(model="my model"), surroundings) as embedder:
        await ready(embedder)
        assert isinstance(embedder, SentenceTransformersEmbedder)
        assert psutil.Process(embedder.pid).cmdline()[3] == str(tmp_path / "my model")
        assert embedder.name == "sentence_transformers my model"


def test_heavy_packages_stay_out_of_the_daemon() -> None:
    """In a fresh interpreter, neither the embedder nor the whole daemon import torch."""
    code = (
        "import sys, pickled.daemon.main, pickled.memory.embed.sentence_transformers;"
        "print({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
