"""A memory in a folder, with its own time: what tests about viewers and forgetting start from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pickled.memory.database import FILE_NAME, Database, open_database
from pickled.memory.long_term import LongTerm
from pickled.memory.viewers import Viewers
from pickled.messages.chat import ChatMessage
from pickled.messages.memory import Entry, EntrySource, Scope

HERE = Scope(persona="default", channel="walks")
OTHER_PERSONA = Scope(persona="grumpy", channel="walks")
OTHER_CHANNEL = Scope(persona="default", channel="cooking")
BEGAN = datetime(2026, 5, 5, 18, 30, tzinfo=UTC)


@dataclass
class Shelf:
    """The parts of the memory, and the time."""

    database: Database
    now: datetime = BEGAN
    count: int = 0
    long_term: LongTerm = field(init=False)
    viewers: Viewers = field(init=False)

    def __post_init__(self) -> None:
        self.long_term = LongTerm(self.database, None, lambda: self.now)
        self.viewers = Viewers(self.database, lambda: self.now)

    def later(self, **time: float) -> None:
        """Time passes."""
        self.now += timedelta(**time)

    async def chat(
        self,
        text: str,
        *,
        user: str = "ana",
        user_id: str = "70000001",
        scope: Scope = HERE,
        stream: str = "s1",
        bits: int = 0,
        badges: tuple[str, ...] = (),
    ) -> str:
        """Somebody writes: the viewer is seen, the text remembered; the message's id."""
        self.count += 1
        message = ChatMessage(
            ts=self.now,
            id=f"message-{self.count}",
            user=user,
            user_id=user_id,
            text=text,
            bits=bits,
            badges=badges,
        )
        await self.viewers.seen([message], scope=scope, stream=stream)
        entry = self.entry(
            message.id, text, author=user, author_id=user_id, scope=scope, stream=stream
        )
        await self.long_term.remember([entry])
        return message.id

    def entry(
        self,
        name: str,
        text: str,
        *,
        author: str = "",
        author_id: str = "",
        source: EntrySource = "chat",
        scope: Scope = HERE,
        stream: str = "s1",
        about: tuple[str, ...] = (),
    ) -> Entry:
        """An entry of now."""
        return Entry(
            id=name,
            at=self.now,
            author=author,
            author_id=author_id,
            text=text,
            source=source,
            persona=scope.persona,
            channel=scope.channel,
            stream=stream,
            origins=(name,),
            about=about,
        )

    async def texts(self) -> list[str]:
        """All that is remembered."""
        query = "SELECT text FROM entry ORDER BY number"
        return [str(row[0]) for row in await self.database.read(lambda of: list(of.execute(query)))]

    async def facts(self, user_id: str = "70000001", scope: Scope = HERE) -> list[str]:
        """The facts of a viewer's profile."""
        profile = await self.viewers.profile(user_id, scope=scope)
        return [each.text for each in profile.facts] if profile else []


@asynccontextmanager
async def open_shelf(folder: Path) -> AsyncIterator[Shelf]:
    """The memory in that folder, opened to write."""
    async with open_database(folder / FILE_NAME) as database:
        yield Shelf(database)
