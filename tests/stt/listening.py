"""What tests of recognizers share: sound as it comes from a microphone, and what was heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from pickled.messages.recognized import PAUSE, Recognized
from pickled.plugins import Surroundings
from tests.stand_ins.spoken import RATE

SURROUNDINGS = Surroundings(Path(), Path(), lambda *_: None)
PIECE_MS = 40
WAIT_S = 15.0


class LiveSound:
    """Pieces of sound, at the pace of speech or at once."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = await self._pieces.get()
        if piece is None:
            raise StopAsyncIteration
        return piece

    def at_once(self, pcm: bytes) -> None:
        """A stretch of speech, all of it there already."""
        for piece in pieces(pcm):
            self._pieces.put_nowait(piece)
        self._pieces.put_nowait(PAUSE)

    async def live(self, pcm: bytes, *, pause: bool = True) -> None:
        """A stretch of speech, while it is spoken."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        for piece in pieces(pcm):
            self._pieces.put_nowait(piece)
            due += PIECE_MS / 1000
            await asyncio.sleep(due - loop.time())
        if pause:
            self._pieces.put_nowait(PAUSE)

    def close(self) -> None:
        """No more comes."""
        self._pieces.put_nowait(None)


def pieces(pcm: bytes) -> list[bytes]:
    """As a node sends them, but fewer."""
    size = RATE * PIECE_MS // 1000 * 2
    return [pcm[at : at + size] for at in range(0, len(pcm), size)]


class Heard:
    """What was recognized so far."""

    def __init__(self) -> None:
        self.all: list[Recognized] = []
        self.failure: BaseException | None = None
        self._more = asyncio.Event()

    @property
    def finals(self) -> list[str]:
        """The words of turns that are over."""
        return [each.text for each in self.all if each.state == "final"]

    async def until(self, true: Callable[[], object], *, within: float = WAIT_S) -> None:
        """Wait for something that is heard, or for a failure."""
        async with asyncio.timeout(within):
            while not true():
                assert self.failure is None, self.failure
                self._more.clear()
                await self._more.wait()

    async def until_finals(self, count: int, *, within: float = WAIT_S) -> list[str]:
        """Wait for so many turns."""
        await self.until(lambda: len(self.finals) >= count, within=within)
        return self.finals

    async def until_failure(self, *, within: float = WAIT_S) -> BaseException:
        """Wait until the recognizer fails."""
        async with asyncio.timeout(within):
            while self.failure is None:
                self._more.clear()
                await self._more.wait()
        return self.failure

    async def take(self, turns: AsyncGenerator[Recognized, None]) -> None:
        """Listen until there is no more."""
        try:
            async with aclosing(turns):
                async for each in turns:
                    self.all.append(each)
                    self._more.set()
        except Exception as error:
            self.failure = error
            self._more.set()
            raise


@asynccontextmanager
async def listening(turns: AsyncGenerator[Recognized, None]) -> AsyncIterator[Heard]:
    """Listen in the background until the block ends."""
    heard = Heard()
    task = asyncio.create_task(heard.take(turns), name="a test listens")
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
