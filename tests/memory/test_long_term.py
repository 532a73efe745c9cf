"""What is remembered is found again, by words and by meaning."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pickled.errors import EmbedderError
from pickled.memory.check import findings, repair
from pickled.memory.database import Database, open_database
from pickled.memory.long_term import LongTerm
from pickled.messages.memory import Entry, Scope
from tests.memory.fake_embedder import FakeEmbedder

HERE = Scope(persona="default", channel="walks")
ELSEWHERE = Scope(persona="default", channel="cooking")
OTHER_PERSONA = Scope(persona="grumpy", channel="walks")
NOW = datetime(2026, 5, 8, 12, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty memory."""
    async with open_database(tmp_path / "memory.sqlite") as opened:
        yield opened


def _entry(id_: str, text: str, *, author: str = "ana", scope: Scope = HERE, **more) -> Entry:  # type: ignore[no-untyped-def]
    fields = {"at": NOW - timedelta(days=7), "author_id": f"id-{author}", "origins": (id_,)} | more
    return Entry(
        id=id_, author=author, text=text, persona=scope.persona, channel=scope.channel, **fields
    )


def _memory(database: Database, embedder: FakeEmbedder | None = None) -> LongTerm:
    return LongTerm(database, embedder, lambda: NOW)


async def _ids(memory: LongTerm, text: str, scope: Scope = HERE, **more) -> list[str]:  # type: ignore[no-untyped-def]
    return [hit.id for hit in await memory.recall(text, scope=scope, **more)]


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


async def test_recall_by_words_without_embedder(database: Database) -> None:
    """Full text alone serves, the text dated and named, and the state says why."""
    memory = _memory(database)
    await memory.remember([_entry("1", "my dog is ill"), _entry("2", "we went up the mountain")])
    (hit,) = await memory.recall("whose dog is it?", scope=HERE)
    assert (hit.id, hit.viewer, hit.text) == ("1", "ana", "ana (01 May 2026): my dog is ill")
    assert hit.parts["words"] > 0
    assert 0 < hit.score <= 1
    assert hit.age_s == timedelta(days=7).total_seconds()
    state = await memory.stats()
    assert state.entries == 2
    assert state.embedder.startswith("none: ")


async def test_recall_by_meaning_without_a_word_in_common(database: Database) -> None:
    """`puppy unwell` finds the dog that is ill, once it is embedded."""
    memory = _memory(database, FakeEmbedder())
    await memory.remember([_entry("1", "dog ill"), _entry("2", "mountain bread sunshine")])
    assert await _ids(memory, "puppy unwell") == []
    await memory.vectors.fill()
    assert await _ids(memory, "puppy unwell") == ["1"]


async def test_recall_never_crosses_scopes(database: Database) -> None:
    """What another persona or channel knows is never found, by words or by meaning."""
    memory = _memory(database, FakeEmbedder())
    await memory.remember([_entry("1", "my dog is ill"), _entry("2", "dog", scope=OTHER_PERSONA)])
    await memory.vectors.fill()
    assert await _ids(memory, "my dog is ill", k=10) == ["1"]
    assert await _ids(memory, "my dog is ill", OTHER_PERSONA, k=10) == ["2"]
    assert await _ids(memory, "my dog is ill", ELSEWHERE, k=10) == []


async def test_recall_leaves_out_what_is_known_anyway(database: Database) -> None:
    """Entries made of messages that the prompt holds are not recalled, merged ones included."""
    memory = _memory(database)
    await memory.remember(
        [_entry("1", "my dog is ill"), _entry("2", "the dog runs", origins=("m",))]
    )
    await memory.remember([_entry("3", "My dog is ILL!")])
    assert await _ids(memory, "dog", exclude={"m", "3"}) == []
    assert await _ids(memory, "dog", exclude={"m"}) == ["1"]


async def test_recall_neighbours_words_help(database: Database) -> None:
    """Of two that fit alike, the one comes first that answers a line with the words."""
    memory = _memory(database)
    at = NOW - timedelta(days=3)
    await memory.remember(
        [
            _entry("asked", "how long did you own that motorbike?", author="bob", at=at),
            _entry("answer", "a motorbike lasts eleven years", at=at + timedelta(seconds=20)),
            _entry(
                "far", "a motorbike lasts eleven years", author="cleo", at=at + timedelta(days=1)
            ),
        ]
    )
    assert await _ids(memory, "motorbike years") == ["answer", "far", "asked"]


async def test_recall_prefers_who_is_named_and_who_asks(database: Database) -> None:
    """Among equals, the one whose author is named in the question comes first, or who asks."""
    memory = _memory(database)
    names = ("ana", "bob", "cleo", "dora")
    said = [_entry(each, "I love pizza", author=each, stream=each) for each in names]
    await memory.remember(said)
    assert (await _ids(memory, "what pizza does bob like"))[0] == "bob"
    assert (await _ids(memory, "pizza", viewer="id-cleo"))[0] == "cleo"
    assert await _ids(memory, "pizza", viewer="id-cleo", only_viewer=True) == ["cleo"]


@pytest.mark.parametrize(
    "text",
    ["what?", "c++", 'hello"', "NEAR(", "a AND", "a:b", "*", "-x", "^x", "don't", "", "\0", "犬"],
)
async def test_recall_any_text_is_safe(database: Database, text: str) -> None:
    """Operators of the full text's language, and nothing at all, raise nothing."""
    memory = _memory(database, FakeEmbedder())
    await memory.remember([_entry("1", "my dog is ill")])
    await memory.vectors.fill()
    assert isinstance(await memory.recall(text, scope=HERE), tuple)


async def test_remember_repeated_is_merged(database: Database) -> None:
    """The same said again by the same author is one entry; by another one, it is two."""
    memory = _memory(database)
    again = [_entry("1", "I love pizza"), _entry("2", "i LOVE pizza!!"), _entry("1", "told twice")]
    assert await memory.remember(again) == 1
    assert await memory.remember([_entry("3", "I love pizza", author="bob")]) == 1
    assert await memory.remember([_entry("4", "I love pizza")], merge=False) == 1
    seen = await database.read(lambda of: dict(of.execute("SELECT id, seen FROM entry")))
    assert seen == {"1": 2, "3": 1, "4": 1}


async def test_forget_reaches_rows_words_vectors_and_what_was_derived(database: Database) -> None:
    """A message's entry goes with the summary made of it; older copies of the file go, too."""
    memory = _memory(database, FakeEmbedder())
    await memory.remember(
        [
            _entry("1", "my dog is ill", origins=("m1",)),
            _entry("2", "ana's dog had a bad week", author="", source="summary", origins=("1",)),
            _entry("3", "the dog of bob is fine", author="bob", about=("id-ana",)),
            _entry("4", "dogs are great", author="bob"),
        ]
    )
    await memory.vectors.fill()
    await database.copy()
    assert await memory.forget(message="m1") == 2
    assert database.copies() == []
    assert sorted(await _ids(memory, "dog ill week", k=10)) == ["3", "4"]
    assert await memory.forget(author_id="id-ana") == 1
    assert await memory.forget(entry="4") == 1
    for table in ("entry", "vector", "origin", "about", "entry_words_docsize"):
        count = await database.read(lambda of, t=table: of.execute(f"SELECT count(*) FROM {t}").get)
        assert count == 0, table


async def test_forget_nobody_forgets_nothing(database: Database) -> None:
    """An empty id is no viewer: what has no author stays."""
    memory = _memory(database)
    await memory.remember([_entry("1", "a moment of the stream", author="", author_id="")])
    assert await memory.forget(author_id="") == 0
    assert await memory.forget() == 0


async def test_expired_is_neither_found_nor_kept(database: Database) -> None:
    """What has run out is not recalled, and `expire` deletes it."""
    memory = _memory(database)
    soon, past = NOW + timedelta(days=1), NOW - timedelta(seconds=1)
    await memory.remember(
        [_entry("1", "dog one", expires_at=past), _entry("2", "dog two", expires_at=soon)]
    )
    assert await _ids(memory, "dog") == ["2"]
    assert await memory.expire() == 1
    assert (await memory.stats()).entries == 1


async def test_run_fills_vectors_of_what_came_before_and_after(database: Database) -> None:
    """Entries are embedded in the background, and the state names the model when all are."""
    memory = _memory(database, FakeEmbedder())
    await memory.remember([_entry("1", "dog ill")])
    async with _running(memory):
        await _until_embedder_is(memory, "fake")
        await memory.remember([_entry("2", "bike broken")])
        async with asyncio.timeout(20):
            while await _ids(memory, "bicycle") != ["2"]:
                await asyncio.sleep(0.01)


async def test_run_embedder_in_trouble_comes_back(database: Database) -> None:
    """While it loads, words alone serve and the state says so; then the gaps are filled."""
    embedder = FakeEmbedder()
    embedder.trouble = "loading fake"
    memory = _memory(database, embedder)
    await memory.remember([_entry("1", "dog ill")])
    async with _running(memory):
        await _until_embedder_is(memory, "loading fake")
        assert await _ids(memory, "dog") == ["1"]
        embedder.trouble = ""
        async with asyncio.timeout(20):
            while await _ids(memory, "puppy unwell") != ["1"]:
                await asyncio.sleep(0.01)
        assert (await memory.stats()).embedder == "fake"


async def test_change_of_embedder_embeds_again_and_never_mixes(database: Database) -> None:
    """Vectors of the former embedder are gone before one of the new is stored."""
    before = _memory(database, FakeEmbedder("old"))
    await before.remember([_entry("1", "dog ill"), _entry("2", "bike broken")])
    await before.vectors.fill()
    new = FakeEmbedder("new", dimensions=96)
    after = _memory(database, new)
    await after.vectors.load()
    assert await _ids(after, "puppy unwell") == [], "vectors of another embedder were used"
    assert await after.vectors.fill() == 2
    sizes = await database.read(
        lambda of: of.execute("SELECT DISTINCT length(embedding) FROM vector").get
    )
    assert sizes == 4 * 96
    assert await _ids(after, "puppy unwell") == ["1"]


async def test_vectors_are_there_after_opening_again(tmp_path: Path) -> None:
    """Nothing is embedded twice: the index is made of the rows."""
    embedder = FakeEmbedder()
    async with open_database(tmp_path / "memory.sqlite") as opened:
        memory = _memory(opened, embedder)
        await memory.remember([_entry("1", "dog ill")])
        await memory.vectors.fill()
    embedder.asked.clear()
    async with open_database(tmp_path / "memory.sqlite") as opened:
        memory = _memory(opened, embedder)
        assert await memory.vectors.fill() == 0
        assert await _ids(memory, "puppy unwell") == ["1"]
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
    memory = _memory(database, _Broken(given))
    await memory.remember([_entry("1", "dog ill")])
    assert await memory.vectors.fill() == 1
    assert await _ids(memory, "dog") == ["1"]
    count = await database.read(lambda of: of.execute("SELECT count(*) FROM vector").get)
    assert count == 0
    assert await memory.vectors.fill() == 0, "it is tried for ever"


class _Slow(FakeEmbedder):
    """Never answers a query."""

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        if urgent:
            await asyncio.Event().wait()
        return await super().embed(texts)


async def test_recall_slow_embedder_does_not_hold_it_up(database: Database) -> None:
    """After the deadline, words alone serve."""
    memory = _memory(database, _Slow())
    await memory.remember([_entry("1", "dog ill")])
    await memory.vectors.fill()
    started = time.monotonic()
    assert await _ids(memory, "dog", deadline_s=0.05) == ["1"]
    assert time.monotonic() - started < 10


async def test_embedder_that_answers_too_little_is_refused(database: Database) -> None:
    """A vector for each text, or none is taken."""

    class Few(FakeEmbedder):
        async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
            return []

    memory = _memory(database, Few())
    await memory.remember([_entry("1", "dog ill")])
    with pytest.raises(EmbedderError, match="0 for 1"):
        await memory.vectors.fill()


async def test_check_finds_what_does_not_agree_and_repair_mends_it(database: Database) -> None:
    """A lost line of the full text and a lost vector are named, and made anew."""
    memory = _memory(database, FakeEmbedder())
    await memory.remember([_entry("1", "dog ill"), _entry("2", "bike broken")])
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
    assert await _ids(memory, "dog") == ["1"]
    assert await memory.vectors.fill() == 1
