"""The last seconds of what the microphone sent: a second reader gets what the first one had."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

from pickled.audio import MIC_RATE, bytes_for, duration_ms
from pickled.messages.recognized import PAUSE

LONGEST_S = 30.0
"""So much is kept; beyond that the oldest goes, and is counted."""


class Reel:
    """Takes pieces of sound; they are numbered from 0, pauses too."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        self._most = bytes_for(longest_s * 1000, MIC_RATE)
        self._pieces: deque[bytes] = deque()
        self.first = 0
        """The number of the oldest piece that is left."""
        self._size = 0
        self._more = asyncio.Event()
        self._kept_from = 0
        self.over = False
        """No more comes."""
        self.dropped_ms = 0.0
        """What nobody had read before it had to go."""
        self.taken_ms = 0.0
        """All sound that came."""
        self.read_up_to = 0
        """The number that comes next to whoever reads."""

    @property
    def end(self) -> int:
        """The number that the next piece gets."""
        return self.first + len(self._pieces)

    @property
    def kept_from(self) -> int:
        """Where the sound begins of which there are no final words yet."""
        return max(self._kept_from, self.first)

    @property
    def pausing(self) -> bool:
        """Nobody is speaking."""
        return not self._pieces or self._pieces[-1] == PAUSE

    def add(self, piece: bytes) -> None:
        """One more piece, or a pause; one pause after the other is one."""
        if piece == PAUSE and self.pausing:
            return
        self._pieces.append(piece)
        self._size += len(piece)
        self.taken_ms += duration_ms(len(piece), MIC_RATE)
        while self._size > self._most:
            gone = self._pieces.popleft()
            self._size -= len(gone)
            if self.first >= self.read_up_to:
                self.dropped_ms += duration_ms(len(gone), MIC_RATE)
            self.first += 1
        self._more.set()

    def close(self) -> None:
        """No more comes."""
        self.over = True
        self._more.set()

    def settle(self) -> None:
        """There are final words for everything that was read."""
        self._kept_from = self.read_up_to

    def skip(self) -> None:
        """All that came is too old to be heard now."""
        if self._kept_from == self.end:
            return
        unread = list(self._pieces)[max(0, self.read_up_to - self.first) :]
        self.dropped_ms += duration_ms(sum(map(len, unread)), MIC_RATE)
        self._kept_from = self.read_up_to = self.end

    def back(self, seconds: float) -> int:
        """The earliest piece without final words that is not more than so much sound away."""
        number, size = self.end, bytes_for(seconds * 1000, MIC_RATE)
        while number > self.kept_from:
            size -= len(self._pieces[number - 1 - self.first])
            if size < 0:
                break
            number -= 1
        return number

    def before(self, number: int) -> float:
        """Sound before that piece, ms."""
        later = sum(len(each) for each in list(self._pieces)[max(0, number - self.first) :])
        return self.taken_ms - duration_ms(later, MIC_RATE)

    def read(self, start: int, *, goes_on: Callable[[], bool] = lambda: True) -> ReelReader:
        """All pieces from that number on, until `close`.

        Before each stretch of speech `goes_on` is asked, unless it begins in the midst of one;
        False ends it there.
        """
        return ReelReader(self, start, goes_on)

    def at(self, number: int) -> bytes | None:
        """That piece, or the first one that is left; None where it is still to come."""
        place = max(number - self.first, 0)
        return self._pieces[place] if place < len(self._pieces) else None

    async def wait(self) -> None:
        """Until one more piece is there, or none comes any more."""
        self._more.clear()
        await self._more.wait()


class ReelReader:
    """Reads a reel; who stops waiting for a piece, and asks again, has lost none."""

    def __init__(self, reel: Reel, start: int, goes_on: Callable[[], bool]) -> None:
        self._reel = reel
        self._number = start
        self._goes_on = goes_on
        self._paused = reel.at(start) in (None, PAUSE)
        self.ended = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        reel = self._reel
        while (piece := reel.at(self._number)) is None:
            if reel.over:
                self.ended = True
                raise StopAsyncIteration
            await reel.wait()
        if self.ended or (self._paused and piece != PAUSE and not self._goes_on()):
            self.ended = True
            raise StopAsyncIteration
        self._paused = piece == PAUSE
        self._number = max(self._number, reel.first) + 1
        reel.read_up_to = self._number
        return piece
