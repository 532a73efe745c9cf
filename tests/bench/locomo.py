"""Recall on LoCoMo conversations: `LOCOMO_FILE=locomo.json python -m tests.bench.locomo`.

All turns of all conversations are in one store, like a channel. Recall@k is the mean share of a
question's evidence turns among the first k; adversarial questions (category 5) are left out.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw
from rich.console import Console
from rich.table import Table

from pickled.errors import EmbedderError
from pickled.memory import Embedder
from pickled.memory import search as shipped
from pickled.memory.database import open_database
from pickled.memory.embed import sentence_transformers
from pickled.memory.long_term import LongTerm
from pickled.messages.memory import Entry, Scope
from pickled.plugins import Surroundings

KS = (3, 5, 10)
SCOPE = Scope(persona="bench", channel="locomo")
_ADVERSARIAL = 5


@dataclass(frozen=True)
class Asked:
    """A question, and the turns that hold its answer."""

    text: str
    evidence: tuple[str, ...]


def read(path: Path) -> tuple[list[Entry], list[Asked]]:
    """All turns and all questions of the file."""
    entries: list[Entry] = []
    asked: list[Asked] = []
    for number, sample in enumerate(json.loads(path.read_text())):
        turns = _turns(str(number), sample["conversation"])
        entries += turns
        known = {turn.id for turn in turns}
        for question in sample["qa"]:
            marks = re.findall(r"D\d+:\d+", " ".join(map(str, question.get("evidence") or ())))
            evidence = tuple(dict.fromkeys(f"{number}/{mark}" for mark in marks))
            evidence = tuple(each for each in evidence if each in known)
            if question["category"] != _ADVERSARIAL and evidence:
                asked.append(Asked(question["question"], evidence))
    return entries, asked


def _turns(conversation: str, sessions: dict[str, Any]) -> list[Entry]:
    found = []
    for key, turns in sessions.items():
        if not re.fullmatch(r"session_\d+", key):
            continue
        when = sessions[f"{key}_date_time"].replace(" on ", " ")
        at = datetime.strptime(when, "%I:%M %p %d %B, %Y").replace(tzinfo=UTC)
        found += [
            Entry(
                id=f"{conversation}/{turn['dia_id']}",
                at=at,
                author=turn["speaker"],
                text=turn["text"][:2000] or "…",
                persona=SCOPE.persona,
                channel=SCOPE.channel,
                source="import",
            )
            for turn in turns
        ]
    return found


async def measure(path: Path, embedder: Embedder) -> dict[str, Any]:
    """Recall at each k, by words alone, by vectors alone, and as it ships."""
    entries, asked = read(path)
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(Path(folder) / "memory.sqlite") as database:
            memory = LongTerm(database, embedder, _now)
            await memory.remember(entries, merge=False)
            await memory.vectors.fill()
            vectors = await embedder.embed([each.text for each in asked])
            systems = {
                "full text alone": await _by_words(database.path, asked),
                "what ships, no embedder": await _recall(
                    LongTerm(database, None, _now), asked, None
                ),
                "vectors alone": await _by_vectors(database.path, asked, vectors),
                "what ships": await _recall(memory, asked, vectors),
            }
    return {"turns": len(entries), "questions": len(asked), "recall": systems}


def _now() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


async def _recall(
    memory: LongTerm, asked: Sequence[Asked], vectors: Sequence[bytes | None] | None
) -> dict[int, float]:
    found = []
    for number, each in enumerate(asked):
        vector = vectors[number] if vectors else None
        hits = await memory.recall(each.text, scope=SCOPE, k=max(KS), vector=vector)
        found.append([hit.id for hit in hits])
    return _shares(asked, found)


async def _by_words(path: Path, asked: Sequence[Asked]) -> dict[int, float]:
    """Plain BM25 of the dated texts."""
    sql = (
        "SELECT e.id FROM entry_words f JOIN entry e ON e.number = f.rowid"
        " WHERE f.entry_words MATCH ? ORDER BY f.rank LIMIT ?"
    )
    return await _by_sql(
        path, sql, asked, [shipped.match_expression(shipped.terms(each.text)) for each in asked]
    )


async def _by_vectors(
    path: Path, asked: Sequence[Asked], vectors: Sequence[bytes | None]
) -> dict[int, float]:
    """Exact, over all vectors."""
    sql = (
        "SELECT e.id FROM vector v JOIN entry e ON e.number = v.entry"
        " ORDER BY vec_distance_cosine(v.embedding, ?) LIMIT ?"
    )
    return await _by_sql(path, sql, asked, vectors)


async def _by_sql(
    path: Path, sql: str, asked: Sequence[Asked], given: Sequence[str | bytes | None]
) -> dict[int, float]:
    def ask(connection: apsw.Connection) -> list[list[str]]:
        return [[str(row[0]) for row in connection.execute(sql, (each, max(KS)))] for each in given]

    async with open_database(path, read_only=True) as database:
        return _shares(asked, await database.read(ask))


def _shares(asked: Sequence[Asked], found: Sequence[Sequence[str]]) -> dict[int, float]:
    def share(each: Asked, ids: Sequence[str]) -> float:
        return len(set(each.evidence) & set(ids)) / len(each.evidence)

    pairs = list(zip(asked, found, strict=True))
    return {
        k: round(100 * sum(share(each, ids[:k]) for each, ids in pairs) / len(pairs), 1) for k in KS
    }


async def main() -> None:
    """Print a table, and a line of JSON."""
    named = os.environ.get("LOCOMO_FILE")
    if not named:
        print("skipped: LOCOMO_FILE names no file of LoCoMo conversations")  # noqa: T201
        return
    around = Surroundings(Path(), Path(), lambda _status, _detail: None)
    async with sentence_transformers.start(sentence_transformers.Options(), around) as embedder:
        await ready(embedder)
        results = await measure(Path(named), embedder)
    table = Table("world, recall@", *map(str, KS), title="LoCoMo, all speakers in one store")
    for name, recall in results["recall"].items():
        table.add_row(name, *(f"{recall[k]:.1f}" for k in KS))
    console = Console()
    console.print(table)
    console.print(
        f"{results['questions']} questions, {results['turns']} turns; weights"
        f" {shipped.MEANING} / {1 - shipped.MEANING:.1f}, {embedder.name}"
    )
    print(json.dumps({"locomo": results}))  # noqa: T201


async def ready(embedder: Embedder) -> None:
    """Wait for the model to be loaded, at most two minutes."""
    async with asyncio.timeout(120):
        while True:
            try:
                await embedder.probe()
            except EmbedderError:
                await asyncio.sleep(0.2)
            else:
                return


if __name__ == "__main__":
    asyncio.run(main())
