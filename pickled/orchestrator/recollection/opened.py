"""The memory's file, opened for whoever works with it: the daemon, and the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pickled.memory import Embedder
from pickled.memory.database import Database, open_database
from pickled.memory.long_term import LongTerm
from pickled.memory.viewers import Viewers


@dataclass(frozen=True)
class OpenMemory:
    """The file, and what is kept in it."""

    database: Database
    long_term: LongTerm
    viewers: Viewers


@asynccontextmanager
async def open_memory(
    path: Path, *, wall: Callable[[], datetime], embedder: Embedder | None = None
) -> AsyncIterator[OpenMemory]:
    """Open it; raises StoreError if it can't be used, or somebody else has it."""
    async with open_database(path) as database:
        yield OpenMemory(database, LongTerm(database, embedder, wall), Viewers(database, wall))
