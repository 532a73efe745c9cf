"""Forgetting: nothing of somebody stays in any file of the data folder, down to the bytes."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pickled.errors import UsageError
from pickled.language.facts.mentions import Person
from pickled.memory import opt_out
from pickled.memory.consolidate import consolidate
from pickled.memory.database import FILE_NAME, connect
from pickled.memory.forget import forget_entry, forget_message, forget_viewer, rewrite_bytes
from tests.memory.shelf import HERE, OTHER_PERSONA, Shelf, open_shelf

CANARY = "zyxomatic_canary"
ID = "7345198260"
WORDS = ("quetzalcoatlus", "brontozephyr", "xylographer")
VECTOR = struct.pack("<384f", *([0.0123456] * 384))


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    """A memory of two viewers and two streams, with copies and exports beside it."""
    async with open_shelf(tmp_path) as shelf:
        for number in range(200):
            await shelf.chat(f"bob talks of trams number {number}", user="bob", user_id="80000002")
        yield shelf


async def fill(shelf: Shelf, folder: Path) -> None:
    """All that there can be of the canary."""

    async def says(text: str, **more: object) -> str:
        return await shelf.chat(text, user=CANARY, user_id=ID, **more)  # type: ignore[arg-type]

    await shelf.chat("hello there", user="zyxomatic_before", user_id=ID, stream="s0")
    await says(f"I love {WORDS[0]} and trams")
    await says(f"my dog is called {WORDS[1]}")
    await says(f"my cat is called {WORDS[1]}", scope=OTHER_PERSONA)
    await says("I'm from Bergen, hello everybody")
    await shelf.chat(f"@{CANARY} how is your {WORDS[1]}", user="bob", user_id="80000002")
    await shelf.chat(f"i love {CANARY}", user="bob", user_id="80000002")
    await shelf.long_term.remember(
        [
            shelf.entry("turn-1", f"Welcome back, {CANARY}, how is it?", source="cohost"),
            shelf.entry("turn-2", f"Is the {WORDS[2]} well?", source="cohost", about=(ID,)),
            shelf.entry("import-1", f"{WORDS[2]} it is", author=CANARY, source="import"),
        ]
    )
    await shelf.database.write(
        lambda to: (
            to.execute(
                "INSERT INTO vector SELECT number, ? FROM entry WHERE author_id = ?", (VECTOR, ID)
            )
            and None
        )
    )
    await consolidate(
        shelf.database, shelf.long_term, shelf.viewers,
        words=None, scope=HERE, stream="s1", now=shelf.now,
    )  # fmt: skip
    await shelf.database.copy()
    line = {"id": "message-202", "author": CANARY, "text": WORDS[0]}
    other = {"id": "message-1", "author": "bob", "text": "bob talks of trams"}
    export = folder / "exports" / "memory.jsonl"
    export.parent.mkdir()
    export.write_text(f"{json.dumps(line)}\n{json.dumps(other)}\n", encoding="utf-8")
    (folder / "viewer-x.json").write_text(json.dumps({"user_id": ID}), encoding="utf-8")


def places(folder: Path, canaries: tuple[str, ...] = (CANARY, "zyxomatic", ID, *WORDS)) -> set[str]:
    """Which canaries are in the bytes of which files."""
    found = set()
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        found |= {f"{path.name}: {each}" for each in canaries if each.encode() in content.lower()}
        if VECTOR[:64] in content:
            found.add(f"{path.name}: vector")
    return found


async def test_no_byte_is_left(shelf: Shelf, tmp_path: Path) -> None:
    """Words, names, ids and vectors are gone from the file, its journal, copies and exports."""
    await fill(shelf, tmp_path)
    before = places(tmp_path)
    assert len(before) > 10
    assert any("vector" in each for each in before)
    assert any("copy" in each for each in before)
    counts = await forget_viewer(shelf.database, shelf.long_term, CANARY, now=shelf.now)
    assert places(tmp_path) == set()
    assert counts["viewers"] == 2
    assert counts["facts"] == 4
    assert counts["entries"] >= 10
    assert counts["lines"] == 2
    assert counts["copies"] >= 1
    texts = await shelf.texts()
    assert len([each for each in texts if each.startswith("bob talks")]) == 200
    assert (tmp_path / "exports" / "memory.jsonl").read_text().count("\n") == 1
    check = "PRAGMA integrity_check"
    assert await shelf.database.read(lambda of: of.execute(check).fetchall()) == [("ok",)]


async def test_no_byte_is_left_after_closing(tmp_path: Path) -> None:
    """Nor when the file was closed and opened again, nor in a copy made later."""
    async with open_shelf(tmp_path) as shelf:
        await fill(shelf, tmp_path)
        await forget_viewer(shelf.database, shelf.long_term, f"id:{ID}", now=shelf.now)
    assert places(tmp_path) == set()
    async with open_shelf(tmp_path) as shelf:
        await shelf.database.copy()
    assert places(tmp_path) == set()


async def test_one_name_is_enough(shelf: Shelf, tmp_path: Path) -> None:
    """A former name, whatever its case, finds everything."""
    await fill(shelf, tmp_path)
    await forget_viewer(shelf.database, shelf.long_term, "@Zyxomatic_Before", now=shelf.now)
    assert places(tmp_path) == set()


async def test_reader_only_delays(shelf: Shelf, tmp_path: Path) -> None:
    """While somebody reads, old pages stay; forgetting waits for them instead of failing."""
    await fill(shelf, tmp_path)
    reader = connect(tmp_path / FILE_NAME, read_only=True)
    cursor = reader.execute("SELECT text FROM entry")
    assert next(cursor)
    forgetting = asyncio.create_task(
        forget_viewer(shelf.database, shelf.long_term, CANARY, now=shelf.now)
    )
    await asyncio.sleep(0.2)
    assert not forgetting.done()
    reader.close(True)
    await forgetting
    assert places(tmp_path) == set()


async def test_facts_of_others_that_name_them(shelf: Shelf, tmp_path: Path) -> None:
    """That bob loves them is about them, too."""
    await shelf.chat("hello there", user="Zyxoname", user_id=ID)
    await shelf.chat("I love zyxoname", user="bob", user_id="80000002")
    assert await shelf.facts("80000002") == ["bob loves zyxoname"]
    await forget_viewer(shelf.database, shelf.long_term, "zyxoname", now=shelf.now)
    assert await shelf.facts("80000002") == []
    assert places(tmp_path, ("zyxoname",)) == set()


async def test_several_of_one_name(shelf: Shelf) -> None:
    """Nobody is forgotten by mistake: the ids are named."""
    await shelf.chat("hello", user="bob", user_id="80000009")
    with pytest.raises(UsageError, match="id:80000002, id:80000009"):
        await forget_viewer(shelf.database, shelf.long_term, "bob", now=shelf.now)
    await forget_viewer(shelf.database, shelf.long_term, "id:80000009", now=shelf.now)
    assert len(await shelf.texts()) == 200


async def test_nobody_of_that_name(shelf: Shelf) -> None:
    """Then nothing goes."""
    counts = await forget_viewer(shelf.database, shelf.long_term, "nobody9", now=shelf.now)
    assert set(counts.values()) == {0}
    assert len(await shelf.texts()) == 200


async def test_opt_out_stays_as_a_hash(shelf: Shelf, tmp_path: Path) -> None:
    """Who opted out is not stored again, though nothing tells who it was."""
    await fill(shelf, tmp_path)
    await forget_viewer(shelf.database, shelf.long_term, CANARY, now=shelf.now, opted_out=True)
    assert await shelf.viewers.is_opted_out(ID)
    await shelf.viewers.opt_out("90000003")
    await forget_viewer(shelf.database, shelf.long_term, "id:90000003", now=shelf.now)
    assert await shelf.viewers.is_opted_out("90000003")
    await rewrite_bytes(shelf.database)
    assert places(tmp_path, (ID, "90000003")) == set()


async def test_moment_of_forgetting_stays(shelf: Shelf) -> None:
    """So that nothing older is taken back from an import; who wasn't forgotten has none."""
    await forget_viewer(shelf.database, shelf.long_term, f"id:{ID}", now=shelf.now)
    found = await shelf.database.read(lambda of: opt_out.forgotten(of, ID))
    assert found == opt_out.Forgotten(int(shelf.now.timestamp() * 1000), opted_out=False)
    assert not await shelf.viewers.is_opted_out(ID)
    assert await shelf.database.read(lambda of: opt_out.forgotten(of, "1")) is None


async def test_nothing_older_comes_back(shelf: Shelf) -> None:
    """Neither what was on its way, nor an import; what they write later is kept."""
    before = shelf.now
    await shelf.chat("I love ramen", user="ana", user_id=ID)
    shelf.later(minutes=1)
    await forget_viewer(shelf.database, shelf.long_term, f"id:{ID}", now=shelf.now)
    shelf.now = before
    await shelf.chat("I love ramen", user="ana", user_id=ID)
    episode = shelf.entry("episode-1", "they talked of ramen", source="summary", about=(ID,))
    assert await shelf.long_term.remember([episode]) == 0
    assert await shelf.viewers.profile(ID, scope=HERE) is None
    assert len(await shelf.texts()) == 200
    shelf.later(minutes=2)
    await shelf.chat("I love soup", user="ana", user_id=ID)
    assert await shelf.facts(ID) == ["ana loves soup"]
    assert len(await shelf.texts()) == 201


async def test_message_is_forgotten(shelf: Shelf, tmp_path: Path) -> None:
    """With its facts, what was made of it, and its bytes."""
    message = await shelf.chat(f"I love {WORDS[0]} soup", user=CANARY, user_id=ID)
    counts = await forget_message(shelf.database, shelf.long_term, message)
    assert (counts["entries"], counts["facts"]) == (1, 1)
    assert places(tmp_path, WORDS) == set()
    assert await shelf.viewers.profile(ID, scope=HERE) is not None


async def test_entry_is_forgotten(shelf: Shelf, tmp_path: Path) -> None:
    """One memory, and its bytes."""
    await shelf.long_term.remember([shelf.entry("e1", f"the {WORDS[0]} flew by")])
    assert (await forget_entry(shelf.database, shelf.long_term, "e1"))["entries"] == 1
    assert places(tmp_path, WORDS) == set()


def test_ordinary_name_takes_nothing_of_others() -> None:
    """Who is called "dog" can't take away what others tell of dogs."""
    dog = Person(frozenset({"1"}), frozenset({"dog"}))
    assert not dog.is_mentioned("my dog is ill")
    assert dog.is_mentioned("hello @Dog, how are you")
    ana = Person(frozenset({ID}), frozenset({"Ana_K", "ana.k"}))
    assert ana.is_mentioned("is ANA_K here?")
    assert ana.is_mentioned(f"user {ID}")
    assert not ana.is_mentioned("Ana_Kx is here")
    assert not ana.is_mentioned(f"{ID}9")


@pytest.mark.parametrize(
    ("line", "theirs"),
    [
        ('{"author": "ana_k"}', True),
        ('{"text": "hello \\u0041na_K"}', True),
        ('{"a": [{"id": "m1"}]}', True),
        ('{"author": "bob", "n": 7345198260}', False),
        ('{"author": "bob"}', False),
        ("not json, but ana_k", True),
        ("[" * 5000, False),
    ],
)
def test_lines_of_exports(line: str, theirs: bool) -> None:
    """Whatever form they have."""
    person = Person(frozenset({ID}), frozenset({"ana_k"}), frozenset({"m1"}))
    assert person.is_of(line) is theirs
