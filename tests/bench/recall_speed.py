"""How fast recall is: `python -m tests.bench.recall_speed [--entries 1000000] [--random]`.

Texts are drawn by Zipf's law, vectors are synthetic: grouped ones (each group is a topic), or with
`--random` ones without any structure, which no real text has and which is the hardest case.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from pickled.memory import search as shipped
from pickled.memory.database import Database, open_database
from pickled.memory.long_term import LongTerm
from pickled.messages.memory import Entry, Scope

DIMENSIONS = 384
QUERIES = 300
SCOPE = Scope(persona="bench", channel="speed")
_BATCH = 1_000
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_NAMES = tuple(f"viewer{number}" for number in range(500))
Floats = npt.NDArray[np.float32]


class Vectors:
    """Synthetic unit vectors: grouped around topics, or without structure."""

    name = "synthetic"
    dimensions = DIMENSIONS

    def __init__(self, count: int, *, random: bool) -> None:
        self._dice = np.random.default_rng(1)
        topics = self._dice.standard_normal((max(count // 50, 1), DIMENSIONS)).astype("f4")
        self._topics = None if random else topics / np.linalg.norm(topics, axis=1, keepdims=True)

    def draw(self, count: int) -> Floats:
        """That many of the same kind."""
        drawn = self._dice.standard_normal((count, DIMENSIONS)).astype("<f4")
        if self._topics is not None:
            chosen = self._dice.integers(0, len(self._topics), count)
            drawn = self._topics[chosen] + drawn / np.float32(np.sqrt(DIMENSIONS))
        unit: Floats = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype("<f4")
        return unit

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        """Anything will do: speed is measured, not sense."""
        return [row.tobytes() for row in self.draw(len(texts))]

    async def probe(self) -> None:
        """Always there."""


class Texts:
    """Lines of 4–24 words by Zipf's law, the commonest being those that search leaves out."""

    def __init__(self) -> None:
        self._dice = np.random.default_rng(2)
        rare = [f"w{number:x}" for number in range(20_000)]
        self._words = np.array(sorted(shipped.STOP) + rare)
        weights = 1 / np.arange(1, len(self._words) + 1)
        self._share = np.cumsum(weights / weights.sum())

    def line(self) -> str:
        """One of them."""
        drawn = self._dice.random(int(self._dice.integers(4, 25)))
        return " ".join(self._words[np.searchsorted(self._share, drawn)])


async def measure(count: int, *, random: bool, folder: Path) -> dict[str, Any]:
    """Fill a memory and time it."""
    results: dict[str, Any] = {"entries": count, "vectors": "random" if random else "grouped"}
    texts, vectors = Texts(), Vectors(count, random=random)
    async with open_database(folder / "memory.sqlite") as database:
        memory = LongTerm(database, vectors, lambda: _EPOCH + timedelta(days=400))
        results["insert_per_s"] = await _insert(memory, count, texts)
        started = time.perf_counter()
        await _store_vectors(database, memory, vectors, count)
        results["store_vectors_s"] = round(time.perf_counter() - started, 1)
        before = _resident()
        memory = LongTerm(database, vectors, lambda: _EPOCH + timedelta(days=400))
        started = time.perf_counter()
        await memory.vectors.load()
        results["load_s"] = round(time.perf_counter() - started, 2)
        results["memory_bytes_per_entry"] = round((_resident() - before) / count, 1)
        assert memory.vectors.codes is not None
        results["codes_bytes_per_entry"] = round(memory.vectors.codes.size / count, 1)
        results["disk_bytes_per_entry"] = round(await database.size() / count)
        results |= await _recall(database, memory, texts, vectors, folder)
    return results


async def _insert(memory: LongTerm, count: int, texts: Texts) -> int:
    taken = 0.0
    for start in range(0, count, _BATCH):
        batch = [
            Entry(
                id=f"m{number}",
                at=_EPOCH + timedelta(seconds=20 * number),
                author=_NAMES[number % len(_NAMES)],
                author_id=str(number % len(_NAMES)),
                text=texts.line(),
                origins=(f"m{number}",),
                persona=SCOPE.persona,
                channel=SCOPE.channel,
            )
            for number in range(start, min(start + _BATCH, count))
        ]
        started = time.perf_counter()
        await memory.remember(batch)
        taken += time.perf_counter() - started
    return round(count / taken)


async def _store_vectors(
    database: Database, memory: LongTerm, vectors: Vectors, count: int
) -> None:

    def put(connection: apsw.Connection, first: int, rows: Floats) -> None:
        found = connection.execute(
            "SELECT number FROM entry WHERE number >= ? ORDER BY number LIMIT ?",
            (first, len(rows)),
        ).fetchall()
        connection.executemany(
            "INSERT INTO vector (entry, embedding) VALUES (?, ?)",
            ((number, row.tobytes()) for (number,), row in zip(found, rows, strict=False)),
        )
        connection.execute(
            "UPDATE entry SET embedded = 1 WHERE number BETWEEN ? AND ?",
            (first, first + len(rows) - 1),
        )

    await memory.vectors.agree_on_embedder()
    for first in range(1, count + 1, 5_000):
        await database.write(partial(put, first=first, rows=vectors.draw(5_000)))


async def _recall(
    database: Database, memory: LongTerm, texts: Texts, vectors: Vectors, folder: Path
) -> dict[str, Any]:
    queries = vectors.draw(QUERIES)
    exact = await database.read(partial(_exact, queries=queries))
    np.save(folder / "queries.npy", queries)
    np.save(folder / "exact.npy", np.array([sorted(each) for each in exact]))
    both, words, alone, share = [], [], [], 0.0
    for number, query in enumerate(queries):
        text = f"{_NAMES[number % len(_NAMES)]} {texts.line()}"
        if number % 10 == 0:
            text = " ".join([text, texts.line(), texts.line()])
        started = time.perf_counter()
        await memory.recall(text, scope=SCOPE, vector=query.tobytes())
        both.append(time.perf_counter() - started)
        started = time.perf_counter()
        near = await _nearest(database, memory, query.tobytes())
        alone.append(time.perf_counter() - started)
        share += len(near & exact[number]) / 10
        started = time.perf_counter()
        await LongTerm(database, None, lambda: _EPOCH).recall(text, scope=SCOPE)
        words.append(time.perf_counter() - started)
    return {
        "recall_ms": _percentiles(both),
        "words_alone_ms": _percentiles(words),
        "vectors_alone_ms": _percentiles(alone),
        "vector_recall_at_10": round(share / len(queries), 4),
    }


async def _nearest(database: Database, memory: LongTerm, vector: bytes) -> set[int]:
    """The vector part alone, as recall uses it."""
    assert memory.vectors.codes is not None
    near = memory.vectors.codes.nearest(vector, scopes=[1], k=shipped.CANDIDATES)
    found = await database.read(partial(shipped.nearest, candidates=near, vector=vector, k=10))
    return {number for number, _ in found}


def _chromadb(python: Path, database: Path, folder: Path) -> dict[str, Any]:
    """The same vectors and queries, in ChromaDB."""
    connection = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READONLY)
    rows = connection.execute("SELECT embedding FROM vector ORDER BY entry")
    matrix = np.frombuffer(b"".join(row[0] for row in rows), "<f4").reshape(-1, DIMENSIONS)
    connection.close()
    np.save(folder / "vectors.npy", matrix)
    arm = Path(__file__).with_name("chroma_arm.py")
    ran = subprocess.run(
        [python, arm, folder], capture_output=True, text=True, timeout=3_600, check=False
    )
    if ran.returncode:
        return {"skipped": ran.stderr.strip().splitlines()[-1]}
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def _exact(connection: apsw.Connection, queries: Floats) -> list[set[int]]:
    """The ten nearest of all, by all numbers of all vectors."""
    best = np.full((len(queries), 0), -2.0, "f4")
    numbers = np.zeros((len(queries), 0), np.int64)
    rows = connection.execute("SELECT entry, embedding FROM vector")
    while block := [row for row, _ in zip(rows, range(20_000), strict=False)]:
        matrix = np.frombuffer(b"".join(row[1] for row in block), "<f4").reshape(-1, DIMENSIONS)
        best = np.concatenate([best, queries @ matrix.T], axis=1)
        named = np.broadcast_to(np.array([row[0] for row in block]), (len(queries), len(block)))
        numbers = np.concatenate([numbers, named], axis=1)
        top = np.argpartition(-best, min(10, best.shape[1] - 1), axis=1)[:, :10]
        best = np.take_along_axis(best, top, axis=1)
        numbers = np.take_along_axis(numbers, top, axis=1)
    return [set(row.tolist()) for row in numbers]


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    return {
        f"p{share}": round(float(np.percentile(seconds, share)) * 1000, 1) for share in (50, 95, 99)
    }


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


async def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table, and a line of JSON."""
    parser = argparse.ArgumentParser(prog="recall_speed")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--random", action="store_true", help="vectors without structure")
    parser.add_argument("--chromadb", type=Path, help="an interpreter that has ChromaDB")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        results = await measure(chosen.entries, random=chosen.random, folder=folder)
        results["chromadb"] = {"skipped": "no interpreter that has it was named by --chromadb"}
        if chosen.chromadb:
            path = folder / "memory.sqlite"
            results["chromadb"] = await asyncio.to_thread(_chromadb, chosen.chromadb, path, folder)
    table = Table("what", "measured", title=f"Recall, {chosen.entries:,} entries")
    for name, value in results.items():
        table.add_row(name, json.dumps(value))
    Console().print(table)
    print(json.dumps({"recall_speed": results}))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
