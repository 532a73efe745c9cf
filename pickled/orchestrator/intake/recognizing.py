"""Has the streamer's speech recognized by the first recognizer that works; no turn is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial

import structlog

from pickled.brain.heard_text import joined, worth_hearing
from pickled.errors import PartError, RecognizerError
from pickled.messages.recognized import PAUSE, Recognized, RecognizedWord
from pickled.orchestrator.intake.reel import Reel, ReelReader
from pickled.orchestrator.parts.fence import as_error, failure, give_up, ordinary
from pickled.orchestrator.parts.ladder import Ladder, Rung
from pickled.stt import Recognizer, replay_of

log = structlog.get_logger()

NOTHING_S = 3.0
"""So long after a stretch of speech in which no word was found, it was none."""

STALE_S = 11.0
"""So long after it a turn that nobody ends is taken as it stands: no recognizer waits longer."""

LATE_S = 10.0
"""What was said so long ago is not heard any more: nobody wants an answer to it."""

HEALTHY_S = 5.0
"""A connection that is lost after this time is opened again at once."""

LONGEST_TEXT = 4000
"""Characters of a turn."""

_LOOK_S = 0.25
_MOST_WAITING = 200


@dataclass(frozen=True)
class Recognizing:
    """The recognizers, first choice first."""

    ladder: Ladder[Recognizer]
    names: Callable[[], tuple[str, ...]]
    """Of the co-host: short, and worth hearing all the same."""

    async def recognize(self, sound: AsyncIterator[bytes]) -> AsyncGenerator[Recognized, None]:
        """Turn by turn, until the sound ends; while none of them works, the sound waits."""
        session = _Session(self.ladder, self.names)
        tasks = [
            asyncio.create_task(work, name=f"recognizing: {name}")
            for name, work in (
                ("sound", session.record(sound)),
                ("turns", session.run()),
                ("time", session.look()),
            )
        ]
        try:
            while (heard := await session.out.get()) is not None:
                yield heard
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in tasks:
            if not task.cancelled() and (error := task.exception()):
                raise error


@dataclass
class _Session:
    ladder: Ladder[Recognizer]
    names: Callable[[], tuple[str, ...]]
    reel: Reel = field(default_factory=Reel)
    out: asyncio.Queue[Recognized | None] = field(default_factory=asyncio.Queue)
    """None: it is over."""
    _open: Recognized | None = None
    """The turn that has no end yet."""
    _before: str = ""
    """What another recognizer had heard of it, where this one was not given all of its sound."""
    _stretch: int = 0
    """The number of the stretch of speech that is heard, or was last."""
    _answered: int = 0
    """The last one of which something was said."""
    _ended: int = -1
    """The last one whose turn was ended by us."""
    _paused_at: float = 0.0
    _heard_at: float = 0.0

    async def record(self, sound: AsyncIterator[bytes]) -> None:
        """Take the sound in, whether somebody listens or not."""
        dropped = 0.0
        try:
            async for piece in sound:
                if piece == PAUSE:
                    self._paused_at = self._now
                elif self.reel.pausing:
                    self._stretch += 1
                self.reel.add(piece)
                if self.reel.dropped_ms > dropped + 1000:
                    dropped = self.reel.dropped_ms
                    log.warning("speech was not recognized", lost_s=round(dropped / 1000, 1))
        finally:
            self._paused_at = self._now
            self.reel.add(PAUSE)
            self.reel.close()

    async def run(self) -> None:
        """One recognizer after the other, until all sound was heard."""
        try:
            while not (self.reel.over and self.reel.read_up_to >= self.reel.end):
                await self._by(await self._best())
        finally:
            self.out.put_nowait(None)

    async def look(self) -> None:
        """End what nobody else ends: a turn that hangs, and speech that was none."""
        while True:
            await asyncio.sleep(_LOOK_S)
            if not self.reel.pausing:
                continue
            silent = self._now - self._paused_at
            if silent > LATE_S and self._open is None:
                self.reel.skip()
            if self._open is not None and self._open.text:
                if min(silent, self._now - self._heard_at) > STALE_S:
                    self._ended = self._stretch
                    self._take(replace(self._open, state="final", eager=False), 0.0, self._open)
            elif self._answered < self._stretch and silent > NOTHING_S:
                self._answered = self._stretch  # words that come late are heard all the same
                self.out.put_nowait(Recognized("final"))

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _best(self) -> Rung[Recognizer]:
        while True:
            if working := self.ladder.working():
                return working[0]
            await asyncio.sleep(_LOOK_S)

    async def _by(self, rung: Rung[Recognizer]) -> None:
        """Until it fails, the sound ends, or a better one works when the next stretch begins."""
        start = self.reel.back(replay_of(rung.part))
        whole = start <= self.reel.kept_from
        self._before = self._open.text if self._open is not None and not whole else ""
        shift_ms, begun = self.reel.before(start), self._now
        reader = self.reel.read(start, goes_on=lambda: self.ladder.working()[:1] == [rung])
        listen = partial(self._listen, rung, reader, shift_ms)
        task = asyncio.create_task(ordinary(listen), name=rung.name)
        try:
            await asyncio.wait({task})
        finally:
            if not task.done():
                await give_up(rung.name, task)
        failed = failure(task)
        if failed is None and not reader.ended:
            failed = RecognizerError("it listens no more, though there is more to hear")
        if failed is None:
            return
        error = as_error(rung.name, failed, RecognizerError)
        if getattr(error, "lost", False) and self._now - begun > HEALTHY_S:
            log.warning("a recognizer was lost, and is used again", part=rung.name, why=str(error))
            return
        self.ladder.failed(rung, error)

    async def _listen(self, rung: Rung[Recognizer], reader: ReelReader, shift_ms: float) -> None:
        given = rung.part.recognize(reader)
        if not isinstance(given, AsyncGenerator):
            raise PartError("that is no async generator: it has to `yield` what it recognized")
        async with aclosing(given) as turns:
            async for heard in turns:
                if not isinstance(heard, Recognized):
                    raise PartError(f"it gave {type(heard).__name__} and not Recognized")
                self.ladder.succeeded(rung)
                if self._open is not None or self._ended < self._stretch:
                    self._take(heard, shift_ms, self._open)

    def _take(self, heard: Recognized, shift_ms: float, turn: Recognized | None) -> None:
        """`turn`: the one that is open."""
        self._heard_at, self._answered = self._now, self._stretch
        if heard.state == "started" and turn is not None:
            return
        text = _readable(heard.text)
        text = joined(self._before, text) if self._before else text
        told = replace(_shifted(heard, shift_ms), text=text[:LONGEST_TEXT])
        if turn is not None and turn.start_ms is not None:
            told = replace(told, start_ms=turn.start_ms)
        if told.state == "final":
            self._open, self._before = None, ""
            self.reel.settle()
            if not worth_hearing(told.text, self.names()):
                told = Recognized("final")
        else:
            self._open = told
        if told.state == "final" or self.out.qsize() < _MOST_WAITING:
            self.out.put_nowait(told)


def _readable(text: str) -> str:
    """One line without what a model made of its own noise."""
    return " ".join("".join(filter(_is_readable, text.replace("\n", " "))).split())


def _is_readable(character: str) -> bool:
    return character.isprintable() and character != "\ufffd"


def _shifted(heard: Recognized, ms: float) -> Recognized:
    """As ms of all sound that came."""
    by = round(ms)
    if not by:
        return heard
    words = tuple(
        RecognizedWord(each.text, each.start_ms + by, each.end_ms + by, each.confidence)
        for each in heard.words
    )
    start = None if heard.start_ms is None else heard.start_ms + by
    return replace(heard, words=words, start_ms=start)
