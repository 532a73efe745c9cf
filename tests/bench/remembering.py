"""Memory's figures for the table: recall on LoCoMo, and speed at 100,000 entries."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pickled.errors import EmbedderError
from pickled.memory.embed import sentence_transformers
from pickled.plugins import Surroundings
from tests.bench import locomo, recall_speed
from tests.bench.figures import Figure

ABOUT = (
    "LoCoMo conversations named by `LOCOMO_FILE`, all speakers in one store, every question but"
    " the adversarial ones, share of the evidence turns found; speed with synthetic texts and"
    " vectors in groups, everything on, without the embedding itself"
)
ENTRIES = {"quick": 10_000, "bench": 100_000, "prove": 1_000_000}


async def measure(how: str) -> list[Figure]:
    """Recall and speed."""
    return [*await _locomo(), *await _speed(ENTRIES[how])]


async def _locomo() -> list[Figure]:
    what = "what ships: recall@5"
    named = os.environ.get("LOCOMO_FILE")
    if not named:
        return [Figure(what=what, value=None, note="LOCOMO_FILE names no file")]
    around = Surroundings(Path(), Path(), lambda _status, _detail: None)
    options = sentence_transformers.Options()
    async with sentence_transformers.start(options, around) as embedder:
        try:
            await locomo.ready(embedder)
        except (EmbedderError, TimeoutError) as error:
            return [Figure(what=what, value=None, note=str(error) or "the model never loaded")]
        measured = await locomo.measure(Path(named), embedder)
    note = f"{measured['questions']} questions, {measured['turns']} turns"
    return [
        Figure(what=f"{name}: recall@{k}", value=found[k], unit="%", note=note)
        for name, found in measured["recall"].items()
        for k in (5, 10)
    ]


async def _speed(entries: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        found = await recall_speed.measure(entries, random=False, folder=Path(folder))
    at = f"{entries:,} entries"
    times = found["recall_ms"]
    budget = 25 if entries <= ENTRIES["bench"] else None
    return [
        Figure(what=f"{at}: recall, p50", value=times["p50"], unit="ms"),
        Figure(what=f"{at}: recall, p95", value=times["p95"], unit="ms", at_most=budget),
        Figure(what=f"{at}: recall, p99", value=times["p99"], unit="ms"),
        Figure(
            what=f"{at}: share of the exact ten nearest vectors",
            value=100 * found["vector_recall_at_10"],
            unit="%",
            at_least=95,
        ),
        Figure(
            what=f"{at}: stored a second, without embedding",
            value=found["insert_per_s"],
            unit="entries/s",
            at_least=1_000,
        ),
        Figure(what=f"{at}: on disk", value=found["disk_bytes_per_entry"], unit="bytes an entry"),
        Figure(
            what=f"{at}: in memory", value=found["codes_bytes_per_entry"], unit="bytes an entry"
        ),
    ]
