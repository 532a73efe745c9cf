"""What the memory can't write down: told when it begins, and when it is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from pickled.errors import StoreError

log = structlog.get_logger()
T = TypeVar("T")

OVER_AFTER_S = 10.0
"""Of a disk that is nearly full small things are written and large ones are not: that is no end."""


@dataclass
class Trouble:
    """With writing; a memory that fails stops nothing else."""

    now: Callable[[], float]
    complain: Callable[[str], None]
    """Called once for each time that it begins."""
    why: str = field(default="", init=False)
    """Empty while all is well."""
    _last_at: float = field(default=0.0, init=False)

    async def wrote(self, work: Awaitable[object], *, proves: bool = True) -> bool:
        """Did work on the file succeed?"""

        async def done() -> bool:
            await work
            return True

        return await self.guarded(done(), proves=proves) is not None

    async def guarded(self, work: Awaitable[T], *, proves: bool = True) -> T | None:
        """What work on the file gives; None if it failed.

        `proves`: it writes in any case, so that its success tells that there is room.
        """
        try:
            done = await work
        except StoreError as error:
            if not self.why:
                log.error("memory keeps nothing new", why=str(error))
                self.complain(f"memory keeps nothing new: {error}")
            self.why, self._last_at = str(error), self.now()
            return None
        if proves:
            self.settle()
        return done

    def settle(self) -> None:
        """It is over after a while: something was written, or nothing waits to be."""
        if self.why and self.now() - self._last_at > OVER_AFTER_S:
            log.info("memory keeps what is new again")
            self.why = ""
