"""The vectors of entries: made for those that wait for one, kept in the file, near ones found."""

from __future__ import annotations

import asyncio
import math
import struct
from collections.abc import Callable, Sequence
from functools import partial

import apsw
import structlog

from pickled.back_off import BackOff
from pickled.errors import EmbedderError, StoreError
from pickled.memory import Embedder
from pickled.memory.database import Database
from pickled.memory.nearest import Codes

log = structlog.get_logger()

TEMPLATE = "dated 1"
"""How texts are written before they are embedded; another one makes other vectors."""

EMBED_AT_ONCE = 32
_LOAD_AT_ONCE = 2_000
_BACK_OFF = BackOff(first_s=1.0, cap_s=60.0)
_LENGTH_OFF = 0.02


class EntryVectors:
    """What entries mean, as far as an embedder is there; `run` has to run for new ones."""

    def __init__(self, database: Database, embedder: Embedder | None) -> None:
        self._database = database
        self._embedder = embedder if database.vectors else None
        self.codes: Codes | None = None
        """What near ones are found by; None until it is loaded."""
        self._trouble = "" if database.vectors else "sqlite-vec can't be loaded"
        self._waits = asyncio.Event()

    @property
    def any(self) -> bool:
        """Can anything be found by its meaning?"""
        return bool(self.codes)

    async def run(self) -> None:
        """Make what is missing, and again whenever something waits; try again after a failure."""
        failures = 0
        while self._embedder is not None:
            self._waits.clear()
            try:
                await self.load()
                await self._embedder.probe()
                await self.fill()
            except (EmbedderError, StoreError) as error:
                self._trouble = str(error)
                log.warning("words alone serve", reason=str(error))
                await asyncio.sleep(_BACK_OFF.longest(failures))
                failures += 1
                continue
            self._trouble, failures = "", 0
            await self._waits.wait()

    def wake(self) -> None:
        """There is an entry that waits."""
        self._waits.set()

    async def load(self, progress: Callable[[int], None] = lambda _: None) -> None:
        """Read the vectors into memory; `run` does it, a command line calls it."""
        if self._embedder is None or self.codes is not None or not self._embedder.dimensions:
            return
        codes = Codes(self._embedder.dimensions)
        if await self._database.read(_embedder_of) == self._identity():
            self.codes = codes
            last, size = 0, 4 * codes.dimensions
            while batch := await self._database.read(partial(_vectors_after, last=last, size=size)):
                await asyncio.to_thread(_take_in, codes, batch)
                last = batch[-1][0]
                progress(len(batch))
        self.codes = codes

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

    async def agree_on_embedder(self) -> None:
        """Vectors of another embedder go; those of the rows are made again."""
        identity = self._identity()
        before = await self._database.read(_embedder_of)
        if before == identity:
            return
        self.codes = None
        redone = await self._database.write(partial(_change_embedder, identity=identity))
        if before:
            log.info("all entries are embedded again", before=before, now=identity, entries=redone)

    async def of_query(self, text: str, deadline_s: float) -> bytes | None:
        """The vector of what is looked for; None if it can't be had within so many seconds."""
        if self._embedder is None:
            return None
        try:
            async with asyncio.timeout(deadline_s):
                vectors = await self._embedder.embed([text], urgent=True)
        except (EmbedderError, TimeoutError) as error:
            self._trouble = str(error) or f"a query took longer than {deadline_s:g} s"
            self.wake()  # the next round sees whether it is well again
            return None
        vector = vectors[0] if vectors else None
        return vector if _is_good(vector, self._embedder.dimensions) else None

    async def nearest(self, vector: bytes, *, scopes: Sequence[int], k: int) -> list[int]:
        """The numbers of the `k` entries that are nearest; none while nothing is loaded."""
        if self.codes is None:
            return []
        return await asyncio.to_thread(self.codes.nearest, vector, scopes=scopes, k=k)

    async def remove(self, numbers: Sequence[int]) -> None:
        """These entries are gone."""
        if self.codes is not None:
            await asyncio.to_thread(self.codes.remove, numbers)

    def describe(self, entries: int, waiting: int) -> str:
        """The embedder and how far it is, of so many entries; or why words alone serve."""
        if self._embedder is None:
            return f"none: {self._trouble or 'not configured'}"
        if self._trouble:
            loading = self._trouble.startswith("loading")
            return self._trouble if loading else f"none: {self._trouble}"
        if waiting:
            return f"{self._embedder.name}: {entries - waiting} of {entries} embedded"
        return self._embedder.name

    async def _embed(self, waiting: list[tuple[int, int, str]]) -> int:
        assert self._embedder is not None
        assert self.codes is not None
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
        await asyncio.to_thread(_take_in, self.codes, kept)
        return len(done)

    def _identity(self) -> str:
        assert self._embedder is not None
        return f"{self._embedder.name} / {self._embedder.dimensions} / {TEMPLATE}"


def _take_in(codes: Codes, batch: Sequence[tuple[int, int, bytes]]) -> None:
    codes.add(*zip(*batch, strict=True) if batch else ((), (), ()))


def _is_good(vector: bytes | None, dimensions: int) -> bool:
    if vector is None or len(vector) != 4 * dimensions:
        return False
    length = math.sqrt(sum(value * value for value in struct.unpack(f"<{dimensions}f", vector)))
    return abs(length - 1) < _LENGTH_OFF  # false for NaN, too


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
