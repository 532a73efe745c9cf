"""What is remembered is found again, by words and by meaning."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest

from pickled.memory.database import Database
from pickled.messages.memory import Scope
from tests.memory.fake_embedder import FakeEmbedder
from tests.memory.remembered import HERE, NOW, entry, found_ids, memory_of

ELSEWHERE = Scope(persona="default", channel="cooking")
OTHER_PERSONA = Scope(persona="grumpy", channel="walks")


async def test_recall_by_words_without_embedder(database: Database) -> None:
    """Full text alone serves, the text dated and named, and the state says why."""
    memory = memory_of(database)
    await memory.remember([entry("1", "my dog is ill"), entry("2", "we went up the mountain")])
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
    memory = memory_of(database, FakeEmbedder())
    await memory.remember([entry("1", "dog ill"), entry("2", "mountain bread sunshine")])
    assert await found_ids(memory, "puppy unwell") == []
    await memory.vectors.fill()
    assert await found_ids(memory, "puppy unwell") == ["1"]


async def test_recall_never_crosses_scopes(database: Database) -> None:
    """What another persona or channel knows is never found, by words or by meaning."""
    memory = memory_of(database, FakeEmbedder())
    await memory.remember([entry("1", "my dog is ill"), entry("2", "dog", scope=OTHER_PERSONA)])
    await memory.vectors.fill()
    assert await found_ids(memory, "my dog is ill", k=10) == ["1"]
    assert await found_ids(memory, "my dog is ill", OTHER_PERSONA, k=10) == ["2"]
    assert await found_ids(memory, "my dog is ill", ELSEWHERE, k=10) == []


async def test_recall_leaves_out_what_is_known_anyway(database: Database) -> None:
    """Entries made of messages that the prompt holds are not recalled, merged ones included."""
    memory = memory_of(database)
    await memory.remember([entry("1", "my dog is ill"), entry("2", "the dog runs", origins=("m",))])
    await memory.remember([entry("3", "My dog is ILL!")])
    assert await found_ids(memory, "dog", exclude={"m", "3"}) == []
    assert await found_ids(memory, "dog", exclude={"m"}) == ["1"]


async def test_recall_neighbours_words_help(database: Database) -> None:
    """Of two that fit alike, the one comes first that answers a line with the words."""
    memory = memory_of(database)
    at = NOW - timedelta(days=3)
    await memory.remember(
        [
            entry("asked", "how long did you own that motorbike?", author="bob", at=at),
            entry("answer", "a motorbike lasts eleven years", at=at + timedelta(seconds=20)),
            entry(
                "far", "a motorbike lasts eleven years", author="cleo", at=at + timedelta(days=1)
            ),
        ]
    )
    assert await found_ids(memory, "motorbike years") == ["answer", "far", "asked"]


async def test_recall_prefers_who_is_named_and_who_asks(database: Database) -> None:
    """Among equals, the one whose author is named in the question comes first, or who asks."""
    memory = memory_of(database)
    names = ("ana", "bob", "cleo", "dora")
    said = [entry(each, "I love pizza", author=each, stream=each) for each in names]
    await memory.remember(said)
    assert (await found_ids(memory, "what pizza does bob like"))[0] == "bob"
    assert (await found_ids(memory, "pizza", viewer="id-cleo"))[0] == "cleo"
    assert await found_ids(memory, "pizza", viewer="id-cleo", only_viewer=True) == ["cleo"]


@pytest.mark.parametrize(
    "text",
    ["what?", "c++", 'hello"', "NEAR(", "a AND", "a:b", "*", "-x", "^x", "don't", "", "\0", "犬"],
)
async def test_recall_any_text_is_safe(database: Database, text: str) -> None:
    """Operators of the full text's language, and nothing at all, raise nothing."""
    memory = memory_of(database, FakeEmbedder())
    await memory.remember([entry("1", "my dog is ill")])
    await memory.vectors.fill()
    assert isinstance(await memory.recall(text, scope=HERE), tuple)


async def test_remember_repeated_is_merged(database: Database) -> None:
    """The same said again by the same author is one entry; by another one, it is two."""
    memory = memory_of(database)
    again = [entry("1", "I love pizza"), entry("2", "i LOVE pizza!!"), entry("1", "told twice")]
    assert await memory.remember(again) == 1
    assert await memory.remember([entry("3", "I love pizza", author="bob")]) == 1
    assert await memory.remember([entry("4", "I love pizza")], merge=False) == 1
    seen = await database.read(lambda of: dict(of.execute("SELECT id, seen FROM entry")))
    assert seen == {"1": 2, "3": 1, "4": 1}


async def test_forget_reaches_rows_words_vectors_and_what_was_derived(database: Database) -> None:
    """A message's entry goes with the summary made of it; older copies of the file go, too."""
    memory = memory_of(database, FakeEmbedder())
    await memory.remember(
        [
            entry("1", "my dog is ill", origins=("m1",)),
            entry("2", "ana's dog had a bad week", author="", source="summary", origins=("1",)),
            entry("3", "the dog of bob is fine", author="bob", about=("id-ana",)),
            entry("4", "dogs are great", author="bob"),
        ]
    )
    await memory.vectors.fill()
    await database.copy()
    assert await memory.forget(message="m1") == 2
    assert database.copies() == []
    assert sorted(await found_ids(memory, "dog ill week", k=10)) == ["3", "4"]
    assert await memory.forget(author_id="id-ana") == 1
    assert await memory.forget(entry="4") == 1
    for table in ("entry", "vector", "origin", "about", "entry_words_docsize"):
        count = await database.read(lambda of, t=table: of.execute(f"SELECT count(*) FROM {t}").get)
        assert count == 0, table


async def test_forget_nobody_forgets_nothing(database: Database) -> None:
    """An empty id is no viewer: what has no author stays."""
    memory = memory_of(database)
    await memory.remember([entry("1", "a moment of the stream", author="", author_id="")])
    assert await memory.forget(author_id="") == 0
    assert await memory.forget() == 0


async def test_expired_is_neither_found_nor_kept(database: Database) -> None:
    """What has run out is not recalled, and `expire` deletes it."""
    memory = memory_of(database)
    soon, past = NOW + timedelta(days=1), NOW - timedelta(seconds=1)
    await memory.remember(
        [entry("1", "dog one", expires_at=past), entry("2", "dog two", expires_at=soon)]
    )
    assert await found_ids(memory, "dog") == ["2"]
    assert await memory.expire() == 1
    assert (await memory.stats()).entries == 1


class _Slow(FakeEmbedder):
    """Never answers a query."""

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        if urgent:
            await asyncio.Event().wait()
        return await super().embed(texts)


async def test_recall_slow_embedder_does_not_hold_it_up(database: Database) -> None:
    """After the deadline, words alone serve."""
    memory = memory_of(database, _Slow())
    await memory.remember([entry("1", "dog ill")])
    await memory.vectors.fill()
    started = time.monotonic()
    assert await found_ids(memory, "dog", deadline_s=0.05) == ["1"]
    assert time.monotonic() - started < 10
