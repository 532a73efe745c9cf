"""Entries get their vectors, of one embedder, and keep them."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pickled.errors import EmbedderError
from pickled.memory.database import Database, open_database
from pickled.memory.long_term import LongTerm
from tests.memory.fake_embedder import FakeEmbedder
from tests.memory.remembered import entry, found_ids, memory_of


@asynccontextmanager
async def _running(memory: LongTerm) -> AsyncIterator[None]:
    task = asyncio.create_task(memory.run(), name="memory")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _until_embedder_is(memory: LongTerm, wanted: str) -> None:
    async with asyncio.timeout(20):
        while wanted not in (await memory.stats()).embedder:
            await asyncio.sleep(0.01)


async def test_run_fills_vectors_of_what_came_before_and_after(database: Database) -> None:
    """Entries are embedded in the background, and the state names the model when all are."""
    memory = memory_of(database, FakeEmbedder())
    await memory.remember([entry("1", "dog ill")])
    async with _running(memory):
        await _until_embedder_is(memory, "fake")
        await memory.remember([entry("2", "bike broken")])
        async with asyncio.timeout(20):
            while await found_ids(memory, "bicycle") != ["2"]:
                await asyncio.sleep(0.01)


async def test_run_embedder_in_trouble_comes_back(database: Database) -> None:
    """While it loads, words alone serve and the state says so; then the gaps are filled."""
    embedder = FakeEmbedder()
    embedder.trouble = "loading fake"
    memory = memory_of(database, embedder)
    await memory.remember([entry("1", "dog ill")])
    async with _running(memory):
        await _until_embedder_is(memory, "loading fake")
        assert await found_ids(memory, "dog") == ["1"]
        embedder.trouble = ""
        async with asyncio.timeout(20):
            while await found_ids(memory, "puppy unwell") != ["1"]:
                await asyncio.sleep(0.01)
        assert (await memory.stats()).embedder == "fake"


async def test_change_of_embedder_embeds_again_and_never_mixes(database: Database) -> None:
    """Vectors of the former embedder are gone before one of the new is stored."""
    before = memory_of(database, FakeEmbedder("old"))
    await before.remember([entry("1", "dog ill"), entry("2", "bike broken")])
    await before.vectors.fill()
    new = FakeEmbedder("new", dimensions=96)
    after = memory_of(database, new)
    await after.vectors.load()
    assert await found_ids(after, "puppy unwell") == [], "vectors of another embedder were used"
    assert await after.vectors.fill() == 2
    sizes = await database.read(
        lambda of: of.execute("SELECT DISTINCT length(embedding) FROM vector").get
    )
    assert sizes == 4 * 96
    assert await found_ids(after, "puppy unwell") == ["1"]


async def test_vectors_are_there_after_opening_again(tmp_path: Path) -> None:
    """Nothing is embedded twice: the index is made of the rows."""
    embedder = FakeEmbedder()
    async with open_database(tmp_path / "memory.sqlite") as opened:
        memory = memory_of(opened, embedder)
        await memory.remember([entry("1", "dog ill")])
        await memory.vectors.fill()
    embedder.asked.clear()
    async with open_database(tmp_path / "memory.sqlite") as opened:
        memory = memory_of(opened, embedder)
        assert await memory.vectors.fill() == 0
        assert await found_ids(memory, "puppy unwell") == ["1"]
    assert embedder.asked == ["puppy unwell"]


class _Broken(FakeEmbedder):
    """Gives one vector, whatever is asked."""

    def __init__(self, given: bytes | None) -> None:
        super().__init__()
        self.given = given

    def vector(self, text: str) -> bytes | None:
        return self.given


@pytest.mark.parametrize(
    "given",
    [
        struct.pack("<64f", *[float("nan")] * 64),
        struct.pack("<64f", *[0.0] * 64),
        struct.pack("<64f", *[9.0] * 64),
        b"short",
        None,
    ],
)
async def test_vectors_of_no_use_are_not_stored(database: Database, given: bytes | None) -> None:
    """NaN, zero, wrong length, none at all: the entry is found by its words."""
    memory = memory_of(database, _Broken(given))
    await memory.remember([entry("1", "dog ill")])
    assert await memory.vectors.fill() == 1
    assert await found_ids(memory, "dog") == ["1"]
    count = await database.read(lambda of: of.execute("SELECT count(*) FROM vector").get)
    assert count == 0
    assert await memory.vectors.fill() == 0, "it is tried for ever"


async def test_embedder_that_answers_too_little_is_refused(database: Database) -> None:
    """A vector for each text, or none is taken."""

    class Few(FakeEmbedder):
        async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
            return []

    memory = memory_of(database, Few())
    await memory.remember([entry("1", "dog ill")])
    with pytest.raises(EmbedderError, match="0 for 1"):
        await memory.vectors.fill()
