"""ChromaDB with the same vectors: `python chroma_arm.py FOLDER`, by an interpreter that has it.

Run by `recall_speed --chromadb PYTHON`; stands alone, since that interpreter has nothing of ours.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

BATCH = 1_000


def main(folder: Path) -> None:
    """Print what was measured as JSON."""
    import chromadb

    vectors, queries = np.load(folder / "vectors.npy"), np.load(folder / "queries.npy")
    exact = np.load(folder / "exact.npy")
    client = chromadb.PersistentClient(path=str(folder / "chroma"))
    shelf = client.create_collection("bench", metadata={"hnsw:space": "cosine"})
    before = _resident()
    started = time.perf_counter()
    for first in range(0, len(vectors), BATCH):
        rows = vectors[first : first + BATCH]
        ids = [str(number) for number in range(first + 1, first + len(rows) + 1)]
        shelf.add(ids=ids, embeddings=rows, metadatas=[{"scope": 1}] * len(rows))
    inserted = time.perf_counter() - started
    scoped, free, share = [], [], 0.0
    for query, wanted in zip(queries, exact, strict=True):
        started = time.perf_counter()
        found = shelf.query(query_embeddings=[query], n_results=10, where={"scope": 1})
        scoped.append(time.perf_counter() - started)
        share += len({int(each) for each in found["ids"][0]} & set(wanted.tolist())) / 10
        started = time.perf_counter()
        shelf.query(query_embeddings=[query], n_results=10)
        free.append(time.perf_counter() - started)
    disk = sum(each.stat().st_size for each in (folder / "chroma").rglob("*") if each.is_file())
    print(  # noqa: T201
        json.dumps(
            {
                "insert_per_s": round(len(vectors) / inserted),
                "vectors_alone_ms": _percentiles(scoped),
                "without_scope_ms": _percentiles(free),
                "vector_recall_at_10": round(share / len(queries), 4),
                "disk_bytes_per_entry": round(disk / len(vectors)),
                "memory_bytes_per_entry": round((_resident() - before) / len(vectors), 1),
            }
        )
    )


def _percentiles(seconds: list[float]) -> dict[str, float]:
    return {
        f"p{part}": round(float(np.percentile(seconds, part)) * 1000, 1) for part in (50, 95, 99)
    }


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
