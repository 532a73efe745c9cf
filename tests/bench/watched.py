"""The daemon, with a journal of when the event loop was late and when garbage was collected.

`python -m tests.bench.watched JOURNAL run --config FILE`: nothing else differs from `pickled run`.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from pathlib import Path
from typing import Any

from pickled.cli import main
from pickled.daemon import main as daemon
from tests.bench.services import Journal

STEP_S = 0.004
TOLD_MS = 1.0


async def _watch(journal: Journal) -> None:
    """How late it wakes is how long the loop did something else, or had no processor."""
    while True:
        before, used = time.monotonic(), time.thread_time()
        await asyncio.sleep(STEP_S)
        late_ms = (time.monotonic() - before - STEP_S) * 1000
        if late_ms > TOLD_MS:
            journal("late", ms=late_ms, own_ms=(time.thread_time() - used) * 1000)


class _Collections:
    """Writes down how long the garbage collector took, whichever thread it ran in."""

    def __init__(self, journal: Journal) -> None:
        self._journal, self._began = journal, 0.0

    def __call__(self, phase: str, told: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        elif (own_ms := (time.thread_time() - self._began) * 1000) > TOLD_MS:
            self._journal("collected", own_ms=own_ms, **told)


def _run() -> None:
    journal, serve = Journal(Path(sys.argv.pop(1))), daemon._serve
    gc.callbacks.append(_Collections(journal))

    async def watched(*arguments: Any) -> None:
        watching = asyncio.create_task(_watch(journal), name="watch")
        try:
            await serve(*arguments)
        finally:
            watching.cancel()

    daemon._serve = watched
    main()


if __name__ == "__main__":
    _run()
