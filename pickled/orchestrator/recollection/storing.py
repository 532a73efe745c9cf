"""What of the show is kept in memory: chat, events, what was heard; and what is taken back."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field

import structlog

from pickled.memory.database import Database
from pickled.memory.forget import rewrite_bytes
from pickled.messages.chat import ChatMessage, Retraction
from pickled.messages.decision import Request
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.recollection.jobs import Job, Reached, Said, StreamEnded, is_of, set_event
from pickled.orchestrator.recollection.questions import Questions
from pickled.orchestrator.recollection.trouble import Trouble
from pickled.orchestrator.recollection.unwritten import Unwritten
from pickled.orchestrator.recollection.writing import Writing
from pickled.recent import Recent

log = structlog.get_logger()

LONGEST_QUEUE = 5_000
"""Jobs that wait; beyond that further chat is not remembered, and counted."""

BATCH = 500
GATHER_S = 0.5
"""So long messages are collected into one transaction."""

PAUSE_S = 1.0
"""Between two full transactions: a flood of chat does not take the processor from the show."""

MOST_ANSWERS = 5_000
"""Messages of which it is known which turn answered them; the oldest are forgotten."""

RETRY_S = 5.0
"""What could not be forgotten, or stored, is tried again so often."""

LAST_S = 0.5
"""At the end, so long each of its steps may take."""

SETTLED_S = 10.0
"""Who forgets somebody waits no longer for what is on its way into memory."""

NEW_STREAM_AFTER_S = 4 * 3600.0
"""Silence after which the next message belongs to another stream, where nobody says so."""


@dataclass
class Storing:
    """A queue of what happened, and the task that stores it in batches."""

    writing: Writing
    clock: Clock
    trouble: Trouble
    questions: Questions
    unwritten: Unwritten = field(default_factory=Unwritten)
    dropped: int = field(default=0, init=False)
    clean: asyncio.Event = field(default_factory=set_event, init=False)
    """Set while nothing that was taken back is still there."""
    _jobs: deque[Job] = field(default_factory=deque, init=False)
    _filled: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _urgent: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Something was taken back: don't gather, act."""
    _answers: Recent[str, str] = field(default_factory=lambda: Recent(MOST_ANSWERS), init=False)
    """Message → the turn that answered it."""
    _undone: list[Job] = field(default_factory=list, init=False)
    """What could not be forgotten yet."""
    _owed: Database | None = field(default=None, init=False)
    """The file that still has bytes of what was forgotten."""
    _working: asyncio.Task[None] | None = field(default=None, init=False)
    _closing: bool = field(default=False, init=False)
    _storing: bool = field(default=False, init=False)
    _stream: str = field(default="", init=False)
    _last_at: float = field(default=float("-inf"), init=False)
    _tried_at: float = field(default=float("-inf"), init=False)
    """When what the disk did not take was tried again last."""

    async def run(self) -> None:
        """Store what is taken, in batches, until cancelled; `close` ends what has begun."""
        self._working = asyncio.create_task(self._work(), name="remember")
        await asyncio.shield(self._working)

    async def close(self) -> None:
        """Store what still waits; a stream that has just ended is not summed up any more.

        For at most one second and a half, whatever the disk does.
        """
        self._closing = True
        self._filled.set()
        self._urgent.set()
        if self._working is not None:
            await asyncio.wait({self._working}, timeout=LAST_S)
            self._working.cancel()
            await asyncio.wait({self._working}, timeout=LAST_S)
        try:
            async with asyncio.timeout(LAST_S):
                while self._jobs:
                    await self._store(self._next_jobs())
                await self._make_good()
        except TimeoutError:
            log.warning("memory is too slow: the last things are lost", left=len(self._jobs))
        if self.unwritten:
            log.error("memory found no room for the last things", lost=len(self.unwritten))
        if self._undone:
            log.error("not forgotten: it has to be told again", deletions=len(self._undone))

    async def _work(self) -> None:
        while not self._closing:
            await self._wait()
            self._filled.clear()
            await self._pause(GATHER_S)
            while self._jobs:
                self._storing = True
                try:
                    await self._store(self._next_jobs())  # a name would keep the last of them
                finally:
                    self._storing = False
                if self._jobs:
                    await self._pause(PAUSE_S)
            if self.unwritten and self.clock.now() - self._tried_at >= RETRY_S:
                await self._make_good()
                if self._jobs:  # perhaps something was taken back meanwhile: not clean yet
                    continue
            if self._owed is not None and self.clock.now() - self._tried_at >= RETRY_S:
                self._tried_at = self.clock.now()
                await self.rewrite(self._owed)
            self._urgent.clear()
            if not self._undone:
                self.clean.set()
                if not self.unwritten:
                    self.trouble.settle()

    async def _wait(self) -> None:
        """Until there is something to store, or to try again."""
        if not self._jobs:
            troubled = self._undone or self.unwritten or self._owed or self.trouble.why
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S if troubled else None):
                    await self._filled.wait()
        self._jobs.extend(self._undone)
        self._undone.clear()

    def _next_jobs(self) -> list[Job]:
        return [self._jobs.popleft() for _ in range(min(BATCH, len(self._jobs)))]

    async def _pause(self, seconds: float) -> None:
        """Unless something was taken back: then act."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._urgent.wait()

    def take(self, happened: ChatMessage | StreamEvent) -> None:
        """Something that may be worth remembering; returns at once."""
        self._begin_stream(happened)
        self._queue(happened)
        if isinstance(happened, StreamEvent) and happened.event_type == "offline":
            self._queue(StreamEnded(self._stream))

    def _queue(self, job: Job) -> None:
        if len(self._jobs) >= LONGEST_QUEUE and isinstance(job, ChatMessage):
            self.dropped += 1
            return
        self._jobs.append(job)
        self._filled.set()

    def hear(self, request: Request, persona: str, heard: str) -> None:
        """What the co-host said, as it was heard, and about whom."""
        about = tuple({each.user_id for each in request.messages} - {""})
        self._queue(Said(request.turn, persona, heard, about, self.clock.wall()))
        self._answers.update({each.id: request.turn for each in request.messages})

    def retract(self, retraction: Retraction) -> int:
        """Un-remember what is taken back, and answers to it; how many jobs are not done any more.

        A chat that is cleared takes nobody's past away: of all of chat nothing goes from here.
        """
        self.questions.retract(retraction)
        if retraction.kind == "all":
            return 0
        before = len(self._jobs)
        self._jobs = deque(each for each in self._jobs if not is_of(each, retraction))
        gone = before - len(self._jobs) + self.unwritten.drop(lambda job: is_of(job, retraction))
        self._queue(retraction)
        if retraction.kind == "message" and (turn := self._answers.pop(retraction.id, None)):
            answer = Retraction.of_message(turn)
            gone += self.unwritten.drop(lambda job: is_of(job, answer))
            self._queue(answer)
        self.clean.clear()
        self._urgent.set()
        return gone

    def unsay(self, request: Request) -> None:
        """Un-remember what was answered there: it quoted what is taken back."""
        answer = Retraction.of_message(request.turn)
        self._jobs = deque(each for each in self._jobs if not is_of(each, answer))
        self.unwritten.drop(lambda job: is_of(job, answer))
        self._queue(answer)
        self.clean.clear()
        self._urgent.set()

    async def rewrite(self, database: Database) -> int:
        """Take the bytes of what was forgotten out of the file; how many copies went.

        What the disk has no room for now is done when it has.
        """
        copies = await self.trouble.guarded(rewrite_bytes(database))
        if copies is None and self._owed is None:
            log.warning("forgotten, but its bytes stay in the file until the disk has room")
        self._owed = database if copies is None else None
        self._filled.set()
        return copies or 0

    async def settled(self) -> None:
        """Wait until what was taken so far is stored: who has only just come is known then.

        Goes on after `SETTLED_S` under a flood.
        """
        if not self._jobs and not self._storing:
            return
        reached = Reached(asyncio.Event())
        self._queue(reached)
        self._urgent.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLED_S):
                await reached.event.wait()

    async def _store(self, batch: list[Job]) -> None:
        left = await self.writing.store(batch, self._stream, closing=self._closing)
        self._undone += [each for each in left if isinstance(each, Retraction)]
        self._keep([each for each in left if not isinstance(each, Retraction)])

    def _keep(self, left: list[Job]) -> None:
        """For when there is room."""
        self._never_stored(self.unwritten.add(self._not_taken_back(left), self._stream))

    def _not_taken_back(self, left: list[Job]) -> list[Job]:
        """Without what was taken back while it was being written."""
        waiting = (*self._jobs, *self._undone)
        taken_back = [each for each in waiting if isinstance(each, Retraction)]
        return [each for each in left if not any(is_of(each, by) for by in taken_back)]

    async def _make_good(self) -> None:
        """Store what the disk did not take before, as long as it takes it."""
        self._tried_at = self.clock.now()
        while self.unwritten and not self._jobs:
            stream, batch = self.unwritten.next(BATCH)
            left = await self.writing.store(batch, stream, closing=self._closing)
            self.unwritten.put_back(self._not_taken_back(left), stream)
            if left:
                return
            if self.unwritten:
                await self._pause(PAUSE_S)
        if not self.unwritten and (lost := self.unwritten.told()):
            self.trouble.complain(f"memory writes again; {lost} things found no room and are lost")

    def _never_stored(self, jobs: list[Job]) -> None:
        self.writing.forget_counted({each.id for each in jobs if isinstance(each, ChatMessage)})

    def _begin_stream(self, happened: ChatMessage | StreamEvent) -> None:
        """Another stream begins when somebody says so, or after a long silence."""
        now = self.clock.now()
        online = isinstance(happened, StreamEvent) and happened.event_type == "online"
        if online or not self._stream or now - self._last_at > NEW_STREAM_AFTER_S:
            self._stream = self.clock.wall().strftime("%Y%m%dT%H%M%SZ")
        self._last_at = now
