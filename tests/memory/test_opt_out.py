"""Who asked to be forgotten is known by a hash alone, and stays forgotten."""

from __future__ import annotations

import pytest

from pickled.memory import opt_out
from pickled.memory.database import Database
from pickled.memory.opt_out import Forgotten

ANA, BEN = "70000001", "70000002"


@pytest.mark.parametrize("wishes", [[(5, True), (9, False)], [(9, False), (5, True)]])
async def test_wishes_add_up(database: Database, wishes: list[tuple[int, bool]]) -> None:
    """In whichever order they come: the latest moment, and who opted out stays so."""
    for at_ms, out in wishes:
        await database.write(
            lambda to, at=at_ms, o=out: opt_out.note(to, ANA, at_ms=at, opted_out=o)
        )
    assert await database.read(lambda of: opt_out.forgotten(of, ANA)) == Forgotten(9, True)
    assert await database.read(lambda of: opt_out.forgotten(of, BEN)) is None


async def test_gate_keeps_what_came_after(database: Database) -> None:
    """Of who was forgotten nothing older; of who opted out nothing; what is nobody's is kept."""
    await database.write(lambda to: opt_out.note(to, ANA, at_ms=100, opted_out=False))
    await database.write(lambda to: opt_out.note(to, BEN, at_ms=100, opted_out=True))
    may_be_kept = await database.read(opt_out.gate)
    moments = (99, 100, 101)
    assert [may_be_kept(ANA, at) for at in moments] == [False, False, True]
    assert [may_be_kept(BEN, at) for at in moments] == [False, False, False]
    assert may_be_kept("", 0)
    assert may_be_kept("70000003", 0)


async def test_only_who_opted_out_is_refused(database: Database) -> None:
    """Of any number of ids, empty ones too."""
    asked = (ANA, BEN, "", ANA)
    assert await database.read(lambda of: opt_out.refused(of, asked)) == frozenset()
    await database.write(lambda to: opt_out.note(to, ANA, at_ms=1, opted_out=False))
    await database.write(lambda to: opt_out.note(to, BEN, at_ms=1, opted_out=True))
    assert await database.read(lambda of: opt_out.refused(of, asked)) == {BEN}
    assert await database.read(lambda of: opt_out.refused(of, ())) == frozenset()


async def test_id_itself_is_nowhere(database: Database) -> None:
    """Two memories have two hashes of one viewer, so that nobody can look one up."""
    await database.write(lambda to: opt_out.note(to, ANA, at_ms=1, opted_out=True))
    rows = await database.read(lambda of: of.execute("SELECT hash FROM forgotten").fetchall())
    ((kept,),) = rows
    assert ANA.encode() not in bytes(kept)
    assert opt_out.hash_of(b"another salt", ANA) != bytes(kept)
