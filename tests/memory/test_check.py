"""What is wrong with a memory is named, and mended."""

from __future__ import annotations

from pickled.memory.check import findings, repair
from pickled.memory.database import Database
from tests.memory.fake_embedder import FakeEmbedder
from tests.memory.remembered import entry, found_ids, memory_of


async def test_check_finds_what_does_not_agree_and_repair_mends_it(database: Database) -> None:
    """A lost line of the full text and a lost vector are named, and made anew."""
    memory = memory_of(database, FakeEmbedder())
    await memory.remember([entry("1", "dog ill"), entry("2", "bike broken")])
    await memory.vectors.fill()
    assert await database.read(findings) == []

    await database.write(
        lambda to: to.execute(
            "INSERT INTO entry_words (entry_words, rowid, said_as)"
            " SELECT 'delete', number, said_as FROM entry WHERE id = '1'"
        ).fetchall()
    )
    await database.write(
        lambda to: to.execute("DELETE FROM vector WHERE entry IN (SELECT max(entry) FROM vector)")
    )
    found = await database.read(findings)
    assert len(found) >= 2
    assert all("--repair" in each.remedy for each in found)
    await database.write(repair)
    assert await database.read(findings) == []
    assert await found_ids(memory, "dog") == ["1"]
    assert await memory.vectors.fill() == 1
