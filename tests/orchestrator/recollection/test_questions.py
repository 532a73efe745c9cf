"""The vector of what is asked: begun as the line comes in, and not waited for when it is late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from pickled.memory.database import open_database
from pickled.memory.entry_vectors import EntryVectors
from pickled.memory.long_term import LongTerm
from pickled.messages.chat import ChatMessage, Retraction
from pickled.messages.memory import Entry, Scope
from pickled.orchestrator.recollection.questions import IN_TIME_S, MOST_AT_ONCE, Questions
from tests.orchestrator.rig import Rig
from tests.stand_ins.embedders import HeldEmbedder, words_vector

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SCOPE = Scope(persona="john", channel="wren")


def said(text: str, *, name: str = "m1", user_id: str = "u1") -> ChatMessage:
    return ChatMessage(ts=NOW, id=name, user="ana", user_id=user_id, text=text)


@asynccontextmanager
async def memory(folder: Path, *lines: str) -> AsyncIterator[tuple[LongTerm, HeldEmbedder]]:
    """With these lines in it, embedded."""
    embedder = HeldEmbedder()
    async with open_database(folder / "memory.sqlite3") as database:
        long_term = LongTerm(database, embedder, lambda: NOW)
        await long_term.remember(
            [
                Entry(id=f"e{number}", text=each, at=NOW, channel="wren", persona="john")
                for number, each in enumerate(lines)
            ]
        )
        await long_term.vectors.fill()
        embedder.asked.clear()
        yield long_term, embedder


def asking(vectors: EntryVectors) -> Questions:
    return Questions(vectors, asyncio.get_running_loop().time)


async def test_nothing_is_embedded_while_memory_has_nothing_by_meaning(tmp_path: Path) -> None:
    """The first stream of all costs no vector on the way to the first sound."""
    async with memory(tmp_path) as (long_term, embedder):
        questions = asking(long_term.vectors)
        questions.begin(said("where is the dog"))
        assert await questions.vector(said("where is the dog")) is None
        assert await long_term.recall("where is the dog", scope=SCOPE) == ()
        assert embedder.asked == []


async def test_vector_that_was_begun_is_there_when_it_is_asked_for(tmp_path: Path) -> None:
    """It is embedded once, from the moment on at which the line came in."""
    async with memory(tmp_path, "the dog is ill") as (long_term, embedder):
        questions = asking(long_term.vectors)
        embedder.let_go.set()
        questions.begin(said("how is the dog"))
        assert await questions.vector(said("how is the dog")) == words_vector("how is the dog")
        assert embedder.asked == ["how is the dog"]
        assert questions.late == 0


async def test_late_vector_is_not_waited_for(tmp_path: Path) -> None:
    """Words alone find the memory, after the few milliseconds that a vector may take."""
    async with memory(tmp_path, "the dog is ill") as (long_term, embedder):
        questions = asking(long_term.vectors)
        clock = asyncio.get_running_loop().time
        questions.begin(said("how is the dog"))
        began = clock()
        hits = await long_term.recall(
            "how is the dog",
            scope=SCOPE,
            vector=lambda: questions.vector(said("how is the dog")),
        )
        assert clock() - began >= IN_TIME_S / 2
        assert [hit.said for hit in hits] == ["the dog is ill"]
        assert hits[0].parts.get("cosine") is None
        assert (questions.late, embedder.asked) == (1, ["how is the dog"])
        embedder.let_go.set()  # for an answer that comes later, it is there
        async with asyncio.timeout(5):
            while await questions.vector(said("how is the dog")) is None:
                await asyncio.sleep(0)
        await questions.close()


async def test_flood_of_questions_is_not_embedded_ahead(tmp_path: Path) -> None:
    """Of many that come at once, a few are begun."""
    async with memory(tmp_path, "the dog is ill") as (long_term, embedder):
        questions = asking(long_term.vectors)
        for number in range(50):
            questions.begin(said(f"question {number}", name=f"m{number}"))
        await asyncio.sleep(0)
        assert len(embedder.asked) == MOST_AT_ONCE
        await questions.close()


async def test_question_that_is_taken_back_is_not_known_any_more(tmp_path: Path) -> None:
    """Nor what it meant; whoever waits for it gets nothing."""
    async with memory(tmp_path, "the dog is ill") as (long_term, embedder):
        questions = asking(long_term.vectors)
        message = said("how is the dog")
        questions.begin(message)
        waiting = asyncio.create_task(questions.vector(message))
        await asyncio.sleep(0)
        questions.retract(Retraction.of_viewer(message.user_id))
        assert await waiting is None
        assert not questions._begun
        assert embedder.asked == ["how is the dog"]
        await questions.close()


def test_line_that_addresses_the_co_host_is_embedded_once_it_comes_in(
    play: Callable[..., Rig],
) -> None:
    """And is not embedded once more by its turn; what addresses nobody is not embedded in haste."""
    embedder = HeldEmbedder()
    embedder.let_go.set()

    async def scene(rig: Rig) -> None:
        rig.chat("my dog is really ill today", user="ana")
        rig.chat("john, hello", user="ana")
        await rig.outcome()
        assert embedder.urgently == []  # there is nothing yet that could be found
        await asyncio.sleep(10)
        rig.chat("the lighthouse is so far away", user="bob")
        rig.chat("john, how ill is my dog now?", user="ana")
        assert embedder.urgently == []  # not before the loop goes on: nobody waits for it here
        await asyncio.sleep(0.001)
        assert embedder.urgently == ["john, how ill is my dog now?"]
        await rig.outcome(2)
        assert embedder.urgently == ["john, how ill is my dog now?"]

    play(scene, embedder=embedder)
