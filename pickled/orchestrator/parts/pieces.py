"""What a part gives piece by piece: each in time, of the right kind, and with an end."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from pickled.errors import PartError, PickledError
from pickled.orchestrator.parts.fence import as_error, failure, give_up, ordinary

Item = TypeVar("Item", str, bytes)

SLACK_S = 1.0
"""A part that keeps to times of its own says more about it than we can: it goes first."""


_END = object()
"""Comes after the last piece."""


@dataclass(frozen=True)
class Limits:
    """In s."""

    first_s: float = 10.0
    """To the first piece."""
    next_s: float = 5.0
    """Between two."""
    patience_s: float = 10.0
    """What the part itself waits for the first piece."""

    @classmethod
    def beside(cls, options: Any) -> Limits:
        """Those for a part with such options: no shorter than its own times."""
        connect = getattr(options, "connect_timeout_s", 0.0)
        first = getattr(options, "first_token_timeout_s", None)
        first = getattr(options, "first_byte_timeout_s", first)
        following = getattr(options, "idle_timeout_s", None)
        return cls(
            cls.first_s if first is None else connect + first + SLACK_S,
            cls.next_s if following is None else following + SLACK_S,
            cls.patience_s if first is None else first,
        )


@dataclass(frozen=True)
class Pieces(Generic[Item]):
    """How the pieces of one part are read; whatever fails is an `error`."""

    name: str
    kind: type[Item]
    limits: Limits
    error: Callable[[str], PickledError]

    async def of(
        self, source: Callable[[], AsyncGenerator[Item, None]], *, most: int
    ) -> AsyncGenerator[Item, None]:
        """At most so many characters or bytes of what it gives; closing this closes the source.

        Only the time that is spent waiting counts, not what the reader does between two pieces.
        """
        hatch = _Hatch()
        task = asyncio.create_task(ordinary(partial(_read, source, hatch)), name=self.name)
        limit = self.limits.first_s
        try:
            while (piece := await self._next(hatch, task, limit)) is not _END:
                if not isinstance(piece, self.kind):
                    wanted = self.kind.__name__
                    raise self.error(f"{self.name} gave {type(piece).__name__} and not {wanted}")
                most -= len(piece)
                if most < 0:
                    raise self.error(f"{self.name} does not come to an end")
                limit = self.limits.next_s
                yield piece
        finally:
            if not task.done():
                hatch.over = True
                await give_up(self.name, task)
                hatch.asked.release()
            failed = failure(task) if task.done() else None
        if failed is not None:
            raise as_error(self.name, failed, self.error) from failed

    async def _next(self, hatch: _Hatch, task: asyncio.Task[None], limit: float) -> Any:
        """What a part really gives is not known before it is looked at."""
        if task.done():
            return _END
        hatch.asked.release()
        try:
            async with asyncio.timeout(limit):
                return await hatch.given.get()
        except TimeoutError:
            raise self.error(f"{self.name} gave nothing for {limit:g} s") from None


@dataclass
class _Hatch:
    """Between the part's task and the reader's: one piece each time that one is asked for."""

    asked: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    given: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)
    over: bool = False
    """Nobody asks any more: a part that was left behind ends when it comes back."""


async def _read(source: Callable[[], AsyncGenerator[Item, None]], hatch: _Hatch) -> None:
    try:
        given = source()
        if not isinstance(given, AsyncGenerator):
            if inspect.iscoroutine(given):
                given.close()
            raise PartError("that is no async generator: it has to `yield` its pieces")
        async with aclosing(given) as pieces:
            await hatch.asked.acquire()
            async for piece in pieces:
                hatch.given.put_nowait(piece)
                await hatch.asked.acquire()
                if hatch.over:
                    return
    finally:
        hatch.given.put_nowait(_END)
