"""Long-term memory: what was said weeks ago, found again by its words and by its meaning."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import apsw
import structlog

from pickled.errors import StoreError
from pickled.memory import Embedder, rows, search
from pickled.memory.database import Database
from pickled.memory.entry_vectors import EntryVectors
from pickled.memory.search import Candidate, Question
from pickled.memory.stored_time import milliseconds, moment
from pickled.messages.memory import Entry, Hit, MemoryState, Scope

log = structlog.get_logger()

_EXPIRE_AT_ONCE = 500
_HOUSEKEEPING_S = 300.0
_SEARCH_S = 1.0
_COPY_EVERY = timedelta(hours=20)


class LongTerm:
    """The memory of one database; `run` has to run for vectors, expiry and copies."""

    def __init__(
        self, database: Database, embedder: Embedder | None, wall: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._wall = wall
        self.vectors = EntryVectors(database, embedder)
        """What the entries mean."""
        self._last_hits = 0
        self._scopes: dict[tuple[Scope, ...], tuple[int, ...]] = {}

    async def run(self) -> None:
        """Fill in vectors, let entries expire, keep a copy of the file, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.vectors.run(), name="memory vectors")
            group.create_task(self._keep_house(), name="memory housekeeping")

    async def remember(self, entries: Sequence[Entry], *, merge: bool = True) -> int:
        """Keep entries; how many were new. They are on disk when it returns.

        The same said again by the same author raises the first one's count, unless `merge` is off.
        """
        if not entries:
            return 0
        new = await self._database.write(partial(rows.put, entries=tuple(entries), merge=merge))
        self.vectors.wake()
        return new

    async def recall(
        self,
        text: str,
        *,
        scope: Scope | Sequence[Scope],
        k: int = 3,
        viewer: str | None = None,
        only_viewer: bool = False,
        exclude: Collection[str] = (),
        vector: bytes | Callable[[], Awaitable[bytes | None]] | None = None,
        deadline_s: float = 0.15,
        least: float = search.LEAST_COSINE,
    ) -> tuple[Hit, ...]:
        """What fits the text best, best first; never raises because it is slow or can't embed.

        `viewer` is the id of who asks: what they said comes first among equals, or alone with
        `only_viewer`. Without a word in common, what is less near in meaning (cosine) than
        `least` is left out. `exclude` holds ids of messages and entries that are known anyway.
        Embedding may take `deadline_s`, then words alone serve; `vector` is what was embedded
        already, or brings it. Nothing is embedded while nothing could be found by its meaning.
        """
        scopes = (scope,) if isinstance(scope, Scope) else tuple(scope)
        numbers = self._scopes.get(scopes)
        if numbers is None:
            numbers = await self._database.read(partial(search.scope_numbers, scopes=scopes))
            if len(numbers) == len(scopes):
                self._scopes[scopes] = numbers  # they never change
        if not numbers:
            return ()
        now = self._wall()
        question = Question(
            text=text,
            scopes=numbers,
            k=k,
            now_ms=milliseconds(now),
            viewer=viewer or "",
            only_viewer=only_viewer,
            exclude=frozenset(exclude),
            least_cosine=least,
        )
        if vector is None:
            vector = partial(self.vectors.of_query, text, deadline_s)
        found: list[Candidate] = []
        try:
            async with asyncio.timeout(_SEARCH_S):
                found = await self._search(question, vector)
        except TimeoutError:
            log.warning("nothing recalled: the memory took too long", seconds=_SEARCH_S)
        self._last_hits = len(found)
        return tuple(_hit(each, now) for each in found)

    async def _search(
        self, question: Question, vector: bytes | Callable[[], Awaitable[bytes | None]]
    ) -> list[Candidate]:
        """By words while the vector is on its way."""
        worded, (found, near) = await asyncio.gather(
            self._database.read(partial(search.by_words, question=question)),
            self._near(question, vector),
        )
        question = replace(question, vector=found)
        return await self._database.read(
            partial(search.compare, question=question, worded=worded, near=near)
        )

    async def _near(
        self, question: Question, vector: bytes | Callable[[], Awaitable[bytes | None]]
    ) -> tuple[bytes | None, list[int]]:
        """The question's vector, and what is near it."""
        if not self.vectors.any:
            return None, []
        if not isinstance(vector, bytes):
            embedded = await vector()
            if embedded is None:
                return None, []
            vector = embedded
        near = await self.vectors.nearest(vector, scopes=question.scopes, k=search.CANDIDATES)
        return vector, near

    async def forget(
        self,
        *,
        entry: str | None = None,
        message: str | None = None,
        author_id: str | None = None,
    ) -> int:
        """Delete an entry, all from a message, or all by and about a viewer; how many went.

        What was derived from them goes, too, and older copies of the file, which hold them.
        """
        gone = await self._database.write(
            partial(_forget, entry=entry, message=message, author_id=author_id)
        )
        await self._gone(gone)
        return len(gone)

    async def stats(self) -> MemoryState:
        """How much is kept, and how well it can be found."""
        entries, viewers, waiting = await self._database.read(_counts)
        return MemoryState(
            entries=entries,
            viewers=viewers,
            last_hit_count=self._last_hits,
            embedder=self.vectors.describe(entries, waiting),
            size_bytes=await self._database.size(),
        )

    async def _keep_house(self) -> None:
        while True:
            try:
                await self.expire()
                await self._keep_copy()
            except (StoreError, OSError) as error:
                log.warning("the memory could not be cleaned up", reason=str(error))
            await asyncio.sleep(_HOUSEKEEPING_S)

    async def expire(self) -> int:
        """Forget what has run out; how many."""
        total = 0
        now = milliseconds(self._wall())
        expire = partial(rows.expire, now_ms=now, limit=_EXPIRE_AT_ONCE)
        while gone := await self._database.write(expire):
            await self._gone(gone)
            total += len(gone)
        return total

    async def _gone(self, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        await self.vectors.remove(numbers)
        await asyncio.to_thread(self._database.drop_copies)

    async def _keep_copy(self) -> None:
        newest = next(iter(self._database.copies()), None)
        if newest is not None:
            age = self._wall().timestamp() - newest.stat().st_mtime
            if 0 <= age < _COPY_EVERY.total_seconds():
                return
        await self._database.copy()


def _hit(found: Candidate, now: datetime) -> Hit:
    at = moment(found.at)
    return Hit(
        id=found.id,
        score=round(found.score, 4),
        text=found.text,
        said=found.said,
        viewer=found.author,
        at=at,
        age_s=max((now - at).total_seconds(), 0.0),
        source=found.source,
        parts={name: round(value, 4) for name, value in found.parts.items() if value},
    )


def _forget(
    connection: apsw.Connection, *, entry: str | None, message: str | None, author_id: str | None
) -> list[int]:
    found = rows.numbers_of(connection, entry=entry, message=message, author_id=author_id)
    return rows.remove(connection, found)


def _counts(connection: apsw.Connection) -> tuple[int, int, int]:
    row = connection.execute(
        "SELECT (SELECT count(*) FROM entry),"
        " (SELECT count(DISTINCT user_id) FROM viewer),"
        " (SELECT count(*) FROM entry WHERE embedded = 0)"
    ).fetchone()
    entries, viewers, waiting = row or (0, 0, 0)
    return int(entries), int(viewers), int(waiting)
