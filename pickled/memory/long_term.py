"""Long-term memory: what was said weeks ago, found again by its words and by its meaning."""

from __future__ import annotations

import asyncio
import math
import struct
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

import apsw
import structlog

from pickled.errors import EmbedderError, StoreError
from pickled.memory import Embedder, rows, search
from pickled.memory.codes import Codes
from pickled.memory.database import Database
from pickled.memory.search import Found, Question
from pickled.messages.memory import Entry, Hit, MemoryState, Scope

log = structlog.get_logger()

TEMPLATE = "dated 1"
"""How texts are written before they are embedded; another one makes other vectors."""

EMBED_AT_ONCE = 32
_LOAD_AT_ONCE = 2_000
_EXPIRE_AT_ONCE = 500
_HOUSEKEEPING_S = 300.0
_RETRY_S = (1.0, 60.0)
_SEARCH_S = 1.0
_COPY_EVERY = timedelta(hours=20)
_LENGTH_OFF = 0.02


class LongTerm:
    """The memory of one database; `run` has to run for vectors, expiry and copies."""

    def __init__(
        self, database: Database, embedder: Embedder | None, wall: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._embedder = embedder if database.vectors else None
        self._wall = wall
        self._codes: Codes | None = None
        self._trouble = "" if database.vectors else "sqlite-vec can't be loaded"
        self._waits = asyncio.Event()
        self._last_hits = 0
        self._scopes: dict[tuple[Scope, ...], tuple[int, ...]] = {}

    async def run(self) -> None:
        """Fill in vectors, let entries expire, keep a copy of the file, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fill_for_ever(), name="memory vectors")
            group.create_task(self._keep_house(), name="memory housekeeping")

    async def remember(self, entries: Sequence[Entry], *, merge: bool = True) -> int:
        """Keep entries; how many were new. They are on disk when it returns.

        The same said again by the same author raises the first one's count, unless `merge` is off.
        """
        if not entries:
            return 0
        new = await self._database.write(partial(rows.put, entries=tuple(entries), merge=merge))
        self._waits.set()
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
        vector: bytes | None = None,
        deadline_s: float = 0.15,
        least: float = search.LEAST_COSINE,
    ) -> tuple[Hit, ...]:
        """What fits the text best, best first; never raises because it is slow or can't embed.

        `viewer` is the id of who asks: what they said comes first among equals, or alone with
        `only_viewer`. Without a word in common, what is less near in meaning (cosine) than
        `least` is left out. `exclude` holds ids of messages and entries that are known anyway.
        Embedding may take `deadline_s`, then words alone serve.
        """
        scopes = (scope,) if isinstance(scope, Scope) else tuple(scope)
        numbers = self._scopes.get(scopes)
        if numbers is None:
            numbers = await self._database.read(partial(search.scope_numbers, scopes=scopes))
            if len(numbers) == len(scopes):
                self._scopes[scopes] = numbers  # they never change
        if not numbers:
            return ()
        if vector is None:
            vector = await self._query_vector(text, deadline_s)
        now = self._wall()
        question = Question(
            text=text,
            scopes=numbers,
            k=k,
            now_ms=rows.milliseconds(now),
            viewer=viewer or "",
            only_viewer=only_viewer,
            exclude=frozenset(exclude),
            vector=vector if self._codes is not None else None,
            least_cosine=least,
        )
        found: list[Found] = []
        try:
            async with asyncio.timeout(_SEARCH_S):
                found = await self._search(question)
        except TimeoutError:
            log.warning("nothing recalled: the memory took too long", seconds=_SEARCH_S)
        self._last_hits = len(found)
        return tuple(_hit(each, now) for each in found)

    async def _search(self, question: Question) -> list[Found]:
        worded, near = await asyncio.gather(
            self._database.read(partial(search.by_words, question=question)),
            self._near(question),
        )
        return await self._database.read(
            partial(search.compare, question=question, worded=worded, near=near)
        )

    async def _near(self, question: Question) -> list[int]:
        if self._codes is None or question.vector is None:
            return []
        k = search.CANDIDATES
        return await asyncio.to_thread(
            self._codes.nearest, question.vector, scopes=question.scopes, k=k
        )

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
            embedder=self._describe(entries, waiting),
            size_bytes=await self._database.size(),
        )

    async def load(self, progress: Callable[[int], None] = lambda _: None) -> None:
        """Read the vectors into memory; `run` does it, a command line calls it."""
        if self._embedder is None or self._codes is not None or not self._embedder.dimensions:
            return
        codes = Codes(self._embedder.dimensions)
        if await self._database.read(_embedder_of) == self._identity():
            self._codes = codes
            last, size = 0, 4 * codes.dimensions
            while batch := await self._database.read(partial(_vectors_after, last=last, size=size)):
                await asyncio.to_thread(_take_in, codes, batch)
                last = batch[-1][0]
                progress(len(batch))
        self._codes = codes

    async def fill(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Embed what waits for it, now; how many. Raises EmbedderError."""
        if self._embedder is None or self._database.read_only:
            return 0
        if not self._embedder.dimensions:
            await self._embedder.probe()
        await self.agree_on_embedder()
        await self.load()
        done = 0
        while waiting := await self._database.read(_waiting):
            done += await self._embed(waiting)
            progress(len(waiting))
        return done

    async def _fill_for_ever(self) -> None:
        pause = _RETRY_S[0]
        while self._embedder is not None:
            self._waits.clear()
            try:
                await self.load()
                await self._embedder.probe()
                await self.fill()
            except (EmbedderError, StoreError) as error:
                self._trouble = str(error)
                log.warning("words alone serve", reason=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, _RETRY_S[1])
                continue
            self._trouble = ""
            pause = _RETRY_S[0]
            await self._waits.wait()

    async def _embed(self, waiting: list[tuple[int, int, str]]) -> int:
        assert self._embedder is not None
        assert self._codes is not None
        texts = [text for _, _, text in waiting]
        vectors = await self._embedder.embed(texts)
        if len(vectors) != len(texts):
            raise EmbedderError(f"{self._embedder.name} gave {len(vectors)} for {len(texts)} texts")
        good = [_is_good(vector, self._embedder.dimensions) for vector in vectors]
        done = [
            (number, scope, vector if fits else None)
            for (number, scope, _), vector, fits in zip(waiting, vectors, good, strict=True)
        ]
        kept = await self._database.write(partial(_put_vectors, done=done, texts=texts))
        await asyncio.to_thread(_take_in, self._codes, kept)
        return len(done)

    async def agree_on_embedder(self) -> None:
        """Vectors of another embedder go; those of the rows are made again."""
        identity = self._identity()
        before = await self._database.read(_embedder_of)
        if before == identity:
            return
        self._codes = None
        redone = await self._database.write(partial(_change_embedder, identity=identity))
        if before:
            log.info("all entries are embedded again", before=before, now=identity, entries=redone)

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
        now = rows.milliseconds(self._wall())
        expire = partial(rows.expire, now_ms=now, limit=_EXPIRE_AT_ONCE)
        while gone := await self._database.write(expire):
            await self._gone(gone)
            total += len(gone)
        return total

    async def _gone(self, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        if self._codes is not None:
            await asyncio.to_thread(self._codes.remove, numbers)
        await asyncio.to_thread(self._database.drop_copies)

    async def _keep_copy(self) -> None:
        newest = next(iter(self._database.copies()), None)
        if newest is not None:
            age = self._wall().timestamp() - newest.stat().st_mtime
            if 0 <= age < _COPY_EVERY.total_seconds():
                return
        await self._database.copy()

    async def _query_vector(self, text: str, deadline_s: float) -> bytes | None:
        if self._embedder is None:
            return None
        try:
            async with asyncio.timeout(deadline_s):
                vectors = await self._embedder.embed([text], urgent=True)
        except (EmbedderError, TimeoutError) as error:
            self._trouble = str(error) or f"a query took longer than {deadline_s:g} s"
            self._waits.set()  # the next round sees whether it is well again
            return None
        vector = vectors[0] if vectors else None
        return vector if _is_good(vector, self._embedder.dimensions) else None

    def _identity(self) -> str:
        assert self._embedder is not None
        return f"{self._embedder.name} / {self._embedder.dimensions} / {TEMPLATE}"

    def _describe(self, entries: int, waiting: int) -> str:
        if self._embedder is None:
            return f"none: {self._trouble or 'not configured'}"
        if self._trouble:
            loading = self._trouble.startswith("loading")
            return self._trouble if loading else f"none: {self._trouble}"
        if waiting:
            return f"{self._embedder.name}: {entries - waiting} of {entries} embedded"
        return self._embedder.name


def _take_in(codes: Codes, batch: Sequence[tuple[int, int, bytes]]) -> None:
    codes.add(*zip(*batch, strict=True) if batch else ((), (), ()))


def _hit(found: Found, now: datetime) -> Hit:
    at = rows.moment(found.at)
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


def _is_good(vector: bytes | None, dimensions: int) -> bool:
    if vector is None or len(vector) != 4 * dimensions:
        return False
    length = math.sqrt(sum(value * value for value in struct.unpack(f"<{dimensions}f", vector)))
    return abs(length - 1) < _LENGTH_OFF  # false for NaN, too


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


def _embedder_of(connection: apsw.Connection) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = 'embedder'").fetchone()
    return str(row[0]) if row else ""


def _change_embedder(connection: apsw.Connection, *, identity: str) -> int:
    connection.execute("DELETE FROM vector")
    connection.execute("UPDATE entry SET embedded = 0 WHERE embedded != 0")
    redone = connection.changes()
    connection.execute(
        "INSERT INTO meta (key, value) VALUES ('embedder', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (identity,),
    )
    return redone


def _waiting(connection: apsw.Connection) -> list[tuple[int, int, str]]:
    found = connection.execute(
        "SELECT number, scope, said_as FROM entry WHERE embedded = 0 ORDER BY number DESC LIMIT ?",
        (EMBED_AT_ONCE,),
    )
    return [(int(number), int(scope), str(text)) for number, scope, text in found]


def _vectors_after(
    connection: apsw.Connection, *, last: int, size: int
) -> list[tuple[int, int, bytes]]:
    found = connection.execute(
        "SELECT v.entry, e.scope, v.embedding FROM vector v JOIN entry e ON e.number = v.entry"
        " WHERE v.entry > ? AND length(v.embedding) = ? ORDER BY v.entry LIMIT ?",
        (last, size, _LOAD_AT_ONCE),
    )
    return [(int(number), int(scope), bytes(vector)) for number, scope, vector in found]


def _put_vectors(
    connection: apsw.Connection, *, done: Sequence[tuple[int, int, bytes | None]], texts: list[str]
) -> list[tuple[int, int, bytes]]:
    """Those that went in: an entry may be gone, or changed, since it was read."""
    kept: list[tuple[int, int, bytes]] = []
    for (number, scope, vector), text in zip(done, texts, strict=True):
        connection.execute(
            "UPDATE entry SET embedded = ? WHERE number = ? AND embedded = 0 AND said_as = ?",
            (2 if vector is None else 1, number, text),
        )
        if connection.changes() and vector is not None:
            connection.execute(
                "INSERT INTO vector (entry, embedding) VALUES (?, ?)", (number, vector)
            )
            kept.append((number, scope, vector))
    return kept
