"""Tasks that nobody waits for: each has an owner, a name, and a line in the log when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

log = structlog.get_logger()

Made = TypeVar("Made")


@dataclass
class SideTasks:
    """Those of one owner."""

    _running: set[asyncio.Task[Any]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, Made], *, name: str) -> asyncio.Task[Made]:
        """Let it run; what it fails with is logged."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def cancel(self) -> None:
        """Cancel those that still run."""
        for task in self._running:
            task.cancel()

    async def over(self) -> None:
        """Wait for those that still run."""
        if self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self) -> None:
        """Cancel those that still run, and wait for them."""
        self.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("side task failed", task=task.get_name(), exc_info=error)
