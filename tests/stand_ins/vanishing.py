"""An input that is gone without a word when a file says so: something cancels its keeper."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pickled.plug import Emit, Strict, Surroundings

LOOK_S = 0.05


class Options(Strict):
    """When it goes."""

    when: str
    """A file; it goes when that is there."""


class Vanishing:
    """It never says anything."""

    def __init__(self, when: Path) -> None:
        self._when = when

    async def run(self, _emit: Emit) -> None:
        """Until the file is there; then all tasks that are called like it are cancelled."""
        while not self._when.exists():
            await asyncio.sleep(LOOK_S)
        for task in asyncio.all_tasks():
            if task.get_name() == "input.vanishing":
                task.cancel()
        await asyncio.Event().wait()


@asynccontextmanager
async def start(options: Options, _surroundings: Surroundings) -> AsyncIterator[Vanishing]:
    """One that is there."""
    yield Vanishing(Path(options.when))
