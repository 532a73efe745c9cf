"""Entries of a walk, a memory that holds them, and what is found in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pickled.memory.database import Database
from pickled.memory.long_term import LongTerm
from pickled.messages.memory import Entry, Scope
from tests.memory.fake_embedder import FakeEmbedder

HERE = Scope(persona="default", channel="walks")
NOW = datetime(2026, 5, 8, 12, tzinfo=UTC)


def entry(id_: str, text: str, *, author: str = "ana", scope: Scope = HERE, **more) -> Entry:  # type: ignore[no-untyped-def]
    """What somebody wrote a week ago."""
    fields = {"at": NOW - timedelta(days=7), "author_id": f"id-{author}", "origins": (id_,)} | more
    return Entry(
        id=id_, author=author, text=text, persona=scope.persona, channel=scope.channel, **fields
    )


def memory_of(database: Database, embedder: FakeEmbedder | None = None) -> LongTerm:
    """The memory of that file; the moment is always the same."""
    return LongTerm(database, embedder, lambda: NOW)


async def found_ids(memory: LongTerm, text: str, scope: Scope = HERE, **more) -> list[str]:  # type: ignore[no-untyped-def]
    """What is recalled, the best first."""
    return [hit.id for hit in await memory.recall(text, scope=scope, **more)]
