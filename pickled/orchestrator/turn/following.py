"""The clauses after the one that is spoken: one by one, until it is to come to an end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Following:
    """Those of one answer."""

    clauses: AsyncGenerator[str, None]
    short: asyncio.Event
    """Set when no further one is wanted."""
    cut: bool = field(default=False, init=False)
    """There was a further one all the same."""
    _coming: asyncio.Task[str | None] | None = field(default=None, init=False)

    async def next(self) -> str | None:
        """The next clause; None at the end, or when it is to come to one."""
        if self._coming is None:
            return await self._next()
        coming, self._coming = self._coming, None
        return await coming

    @asynccontextmanager
    async def ahead(self, prepare: Callable[[str], None] | None) -> AsyncIterator[None]:
        """While one is spoken, have the next one written, and told to `prepare`; None: not yet."""
        if prepare is None:
            yield
            return
        self._coming, spoken = asyncio.create_task(self._prepared(prepare)), False
        try:
            yield
            spoken = True
        finally:
            if not spoken:
                await self.end()

    async def end(self) -> None:
        """None of them is wanted."""
        coming, self._coming = self._coming, None
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)

    async def _prepared(self, prepare: Callable[[str], None]) -> str | None:
        if (clause := await self._next()) is not None:
            prepare(clause)
        return clause

    async def _next(self) -> str | None:
        coming = asyncio.ensure_future(anext(self.clauses, None))
        short = asyncio.ensure_future(self.short.wait())
        try:
            await asyncio.wait({coming, short}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            short.cancel()
            if not coming.done():
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
        if self.short.is_set():
            self.cut = coming.cancelled() or coming.result() is not None
            return None
        return coming.result()
