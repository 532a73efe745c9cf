"""Makes sound ready in a thread: a voice that gives a whole sentence at once holds up nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

AT_ONCE_BYTES = 10_000
"""Up to 0.1 s of sound at the highest rate: less work than the way to a thread and back."""


class OffLoop:
    """What is done to the pieces of one clause, one after the other.

    A short first piece is done at once: somebody waits for it. With the others there is time.
    """

    def __init__(self) -> None:
        self._begun = False

    async def do(self, work: Callable[[bytes], Iterable[bytes]], pcm: bytes = b"") -> list[bytes]:
        """What comes of a piece; raises what the work raises."""
        if not self._begun and len(pcm) <= AT_ONCE_BYTES:
            made = list(work(pcm))
            self._begun = bool(made)
            return made
        self._begun = True
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_thread(), lambda: list(work(pcm)))


@cache
def _thread() -> ThreadPoolExecutor:
    """One: the pieces of all clauses stay in their order, and take one processor at most."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="sound")
