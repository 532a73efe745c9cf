"""Keeps a part of a plug running: in a task of its own, started again when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from pickled.errors import PartError, PickledError
from pickled.messages.state import Status
from pickled.orchestrator.parts.fence import run_part
from pickled.orchestrator.parts.supervise import Owner
from pickled.plugins import Plug, Surroundings

P = TypeVar("P")

SETTLE_S = 1.5
"""So long a start of parts is waited for; who takes longer joins when it is there."""


@dataclass
class Kept(Generic[P]):
    """One part, while there is one, and why there is none."""

    plug: Plug
    surroundings: Surroundings
    dice: Callable[[], float]
    on_change: Callable[[], None] = lambda: None
    """Called when the part has come, and when it has failed."""
    part: P | None = field(default=None, init=False)
    why: str = field(default="it is starting", init=False)
    settled: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Set once it has started, or failed to."""

    def there(self, error: Callable[[str], PickledError] = PartError) -> P:
        """The part; raises `error` that says why it isn't there."""
        if self.part is None:
            raise error(f"{self.plug.kind}: {self.why}")
        return self.part

    async def run(self) -> None:
        """Until cancelled, or until trying again is no use."""
        owner = Owner(report=self._note, dice=self.dice)
        name = f"{self.plug.folder} {self.plug.kind}"
        start = partial(self.plug.start, self.surroundings)
        await owner.keep(name, lambda: run_part(name, start, self._hold))

    async def _hold(self, part: P) -> None:
        self.part, self.why = part, ""
        self.settled.set()
        self.on_change()
        try:
            await asyncio.Event().wait()
        finally:
            self.part = None

    def _note(self, _status: Status, detail: str) -> None:
        self.why = detail
        self.settled.set()
        self.on_change()


@asynccontextmanager
async def keeping(parts: Sequence[Kept[P]]) -> AsyncIterator[None]:
    """Keep all of them; what starts at once is there when this is entered."""
    tasks = [asyncio.create_task(each.run(), name=f"keep {each.plug.kind}") for each in parts]
    settling = [asyncio.create_task(each.settled.wait()) for each in parts]
    try:
        if settling:
            await asyncio.wait(settling, timeout=SETTLE_S)
        yield
    finally:
        for task in (*settling, *tasks):
            task.cancel()
        await asyncio.gather(*settling, *tasks, return_exceptions=True)


@asynccontextmanager
async def keeping_after(event: asyncio.Event, part: Kept[P]) -> AsyncIterator[None]:
    """Keep it from then on; nobody waits for it before that, nor for its start."""

    async def run() -> None:
        await event.wait()
        await part.run()

    task = asyncio.create_task(run(), name=f"keep {part.plug.kind}")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
