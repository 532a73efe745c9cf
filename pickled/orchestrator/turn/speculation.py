"""A guess: the voice is asked for a clause before it is sure, and its sound is held until it is.

The model's next token tells whether a clause is over: 25 ms at 40 tokens/s, 100 ms at 10. What is
asked for here is known to nobody else, and dropped if the text goes on in another way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from pickled.errors import DeviceError
from pickled.language.sentences import CLOSERS
from pickled.orchestrator.parts.ladder import Rung
from pickled.outputs.voice.speech_stream import SpeechStream
from pickled.side_tasks import SideTasks
from pickled.tts import Synthesizer, unheard_percent_of

SOON_MS = 1_000.0
"""With more sound than this still to be played, nobody would hear the next clause any sooner."""

MOST_HELD = 100
"""Pieces of sound, of at most 0.1 s each; then the voice waits."""

FRESH_S = 2.0
"""A node forgets what was begun and has no sound; before that it is begun anew."""

MOST_SPARE = 3.0
"""Requests in a row that may be dropped after a time in which all were heard."""


@dataclass
class Thrift:
    """Keeps the requests that nobody hears to a share of those that are heard."""

    dropped: int = 0
    """Since the start."""
    _spare: float = 1.0
    """So many more may be dropped."""

    def allows(self, percent: float) -> bool:
        """May a voice be asked for what may not be heard?"""
        return percent > 0 and self._spare >= 1

    def heard(self, percent: float) -> None:
        """A clause was spoken, by a voice that may be asked in vain for so many of a hundred."""
        self._spare = min(MOST_SPARE, self._spare + percent / 100)

    def missed(self) -> None:
        """A request was dropped."""
        self.dropped += 1
        self._spare -= 1


@dataclass
class HeldClause:
    """One clause that a voice was asked for, and its sound so far."""

    index: int
    spoken: str
    rung: Rung[Synthesizer]
    speech: SpeechStream
    """Where it is to be heard; begun, so that nothing but the sound is waited for."""
    asked_at: float
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_HELD))
    _pieces: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    """None comes last."""
    _tasks: tuple[asyncio.Task[None], ...] = ()

    def ask(self, pcm: AsyncGenerator[bytes, None], *, begins: bool = True) -> None:
        """Let the voice speak, and the nodes get ready; not while another clause is sent there."""
        name = f"{self.speech.turn}.{self.index}"
        self._tasks = (asyncio.create_task(self._hold(pcm, timed=begins), name=f"hold {name}"),)
        if begins:
            self._tasks += (asyncio.create_task(self._begin(), name=f"begin {name}"),)

    def is_for(self, index: int, spoken: str) -> bool:
        """Is it that clause, but for what closes it?"""
        return index == self.index and _bare(spoken) == _bare(self.spoken)

    async def sound(self) -> AsyncGenerator[bytes, None]:
        """All of it, as it becomes ready; raises what the voice raises."""
        try:
            while (piece := await self._pieces.get()) is not None:
                self._room.release()
                yield piece
            await self._tasks[0]
        finally:
            await self.close()

    async def close(self) -> None:
        """Stop the voice, if it still speaks."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hold(self, pcm: AsyncGenerator[bytes, None], *, timed: bool) -> None:
        clock = asyncio.get_running_loop().time
        asked = clock()
        try:
            async with aclosing(pcm):
                async for piece in pcm:
                    if timed:
                        self.rung.first_byte_s, timed = clock() - asked, False
                    await self._room.acquire()
                    self._pieces.put_nowait(piece)
        finally:
            self._pieces.put_nowait(None)

    async def _begin(self) -> None:
        with suppress(DeviceError):  # who speaks it tries again, and says why
            await self.speech.begin(self.index)


@dataclass
class Speculation:
    """What one turn asks for before it is sure: one clause at a time."""

    thrift: Thrift
    now: Callable[[], float]
    forget: Callable[[SpeechStream], None]
    """Called with a stream in which nothing is said after all."""
    dropped: int = field(default=0, init=False)
    _held: HeldClause | None = field(default=None, init=False)
    _ending: SideTasks = field(default_factory=SideTasks, init=False)

    @property
    def holds(self) -> bool:
        """Is a clause asked for that is not spoken yet?"""
        return self._held is not None

    def guess(
        self,
        index: int,
        spoken: str,
        rung: Rung[Synthesizer],
        *,
        speech: SpeechStream | None,
        open_speech: Callable[[], SpeechStream],
        pcm: Callable[[], AsyncGenerator[bytes, None]],
    ) -> None:
        """Ask for that clause, unless it is asked for already; another one is dropped."""
        if self._held is not None:
            if self._held.is_for(index, spoken) and self._held.rung is rung:
                return
            self.drop(speech)
        if not self.thrift.allows(unheard_percent_of(rung.part)):
            return
        if speech is not None and speech.ahead_ms > SOON_MS:
            return
        self._held = HeldClause(index, spoken, rung, speech or open_speech(), self.now())
        self._held.ask(pcm())

    def prepare(
        self,
        index: int,
        spoken: str,
        rung: Rung[Synthesizer],
        *,
        speech: SpeechStream,
        pcm: Callable[[], AsyncGenerator[bytes, None]],
    ) -> None:
        """Ask for a clause that is sure, while the one before it is sent."""
        if self._held is not None:
            if self._held.is_for(index, spoken) and self._held.rung is rung:
                return
            self.drop(speech)
        self._held = HeldClause(index, spoken, rung, speech, self.now())
        self._held.ask(pcm(), begins=False)

    def take(
        self,
        index: int,
        spoken: str,
        rung: Rung[Synthesizer],
        *,
        speech: SpeechStream | None,
        open_speech: Callable[[], SpeechStream],
    ) -> HeldClause | None:
        """What is held of that clause; whatever else is held is dropped."""
        held = self._held
        if held is None or not held.is_for(index, spoken) or held.rung is not rung:
            self.drop(speech)
            return None
        self._held = None
        if held.speech is not speech and self.now() - held.asked_at > FRESH_S:
            self._ending.start(self._leave(held.speech), name="begin anew")
            held.speech = speech or open_speech()
        return held

    def drop(self, speech: SpeechStream | None) -> None:
        """The text went on in another way: stop the voice; `speech` is where the turn speaks."""
        held, self._held = self._held, None
        if held is None:
            return
        self.dropped += 1
        self.thrift.missed()
        self._ending.start(self._let_go(held, speech), name="drop a clause")

    async def end(self, speech: SpeechStream | None) -> None:
        """The turn is over."""
        self.drop(speech)
        await self._ending.over()

    async def _let_go(self, held: HeldClause, speech: SpeechStream | None) -> None:
        await held.close()
        if held.speech is not speech:
            await self._leave(held.speech)

    async def _leave(self, speech: SpeechStream) -> None:
        self.forget(speech)
        await speech.abandon()


def _bare(spoken: str) -> str:
    """Without quotes, brackets and spaces at its end: a voice reads none of them."""
    return spoken.rstrip(CLOSERS + " ")
