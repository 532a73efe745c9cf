"""What of the show is kept in memory: chat, events, what was heard; and what is taken back."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from pickled.language.facts.worth import is_worth_keeping
from pickled.memory.consolidate import consolidate
from pickled.memory.database import Database
from pickled.memory.long_term import LongTerm
from pickled.memory.viewers import Viewers
from pickled.messages.chat import ChatMessage, Retraction
from pickled.messages.decision import Request
from pickled.messages.memory import Entry, EntrySource, Scope
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.recollection.jobs import Job, Reached, Said, StreamEnded, is_of, set_event
from pickled.orchestrator.recollection.trouble import Trouble
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
"""What could not be forgotten is tried again so often."""

LAST_S = 0.5
"""At the end, so long each of its steps may take."""

SETTLED_S = 10.0
"""Who forgets somebody waits no longer for what is on its way into memory."""

NEW_STREAM_AFTER_S = 4 * 3600.0
"""Silence after which the next message belongs to another stream, where nobody says so."""


@dataclass
class Storing:
    """A queue of what happened, and the task that stores it in batches."""

    database: Database
    long_term: LongTerm
    viewers: Viewers
    clock: Clock
    scope: Callable[[], Scope]
    words: Callable[[str], Awaitable[str]]
    """Lets the model word a summary; raises ModelError."""
    retention: timedelta
    trouble: Trouble
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
    _working: asyncio.Task[None] | None = field(default=None, init=False)
    _closing: bool = field(default=False, init=False)
    _storing: bool = field(default=False, init=False)
    _stream: str = field(default="", init=False)
    _last_at: float = field(default=float("-inf"), init=False)

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
        except TimeoutError:
            log.warning("memory is too slow: the last things are lost", left=len(self._jobs))
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
            self._urgent.clear()
            if not self._undone:
                self.clean.set()

    async def _wait(self) -> None:
        """Until there is something to store, or to try again."""
        if not self._jobs:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S if self._undone else None):
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
        self._queue(Said(request.turn, persona, heard, about))
        self._answers.update({each.id: request.turn for each in request.messages})

    def retract(self, retraction: Retraction) -> int:
        """Un-remember what is taken back, and answers to it; how many jobs are not done any more.

        A chat that is cleared takes nobody's past away: of all of chat nothing goes from here.
        """
        if retraction.kind == "all":
            return 0
        before = len(self._jobs)
        self._jobs = deque(each for each in self._jobs if not is_of(each, retraction))
        gone = before - len(self._jobs)
        self._queue(retraction)
        if retraction.kind == "message" and (turn := self._answers.pop(retraction.id, None)):
            self._queue(Retraction.of_message(turn))
        self.clean.clear()
        self._urgent.set()
        return gone

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
        """In order, with all messages that follow each other in one transaction."""
        for kind, jobs in groupby(batch, key=type):
            if kind is ChatMessage:
                await self._store_messages([each for each in jobs if isinstance(each, ChatMessage)])
                continue
            for job in jobs:
                await self._store_one(job)

    async def _store_one(self, job: Job) -> None:
        match job:
            case StreamEvent():
                done = self.viewers.happened(job, scope=self.scope(), stream=self._stream)
                await self.trouble.guarded(done)
            case Said():
                now = self.clock.wall()
                entry = self._entry(job.turn, job.heard, "cohost", at=now, author=job.persona)
                said = entry.model_copy(update={"about": job.about})
                await self.trouble.guarded(self.long_term.remember([said]))
            case Reached():
                job.event.set()
            case StreamEnded() if not self._closing:
                await self.trouble.guarded(self._consolidate(job.stream))
            case Retraction():
                if await self.trouble.guarded(self._unremember(job), proves=False) is None:
                    self._undone.append(job)

    async def _unremember(self, job: Retraction) -> bool:
        """True; raises StoreError if something of it may still be there."""
        message = job.id if job.kind == "message" else None
        viewer = job.id if job.kind == "user" else None
        await self.long_term.forget(message=message, author_id=viewer)
        await self.viewers.unsee(message_id=message, user_id=viewer, scope=self.scope())
        return True

    async def _consolidate(self, stream: str) -> None:
        """Summaries of the stream that ended, by the model, or by counting."""
        done = await consolidate(
            self.database,
            self.long_term,
            self.viewers,
            words=self.words,
            scope=self.scope(),
            stream=stream,
            now=self.clock.wall(),
        )
        log.info("the stream was summed up", stream=stream, episodes=done.episodes)

    async def _store_messages(self, messages: list[ChatMessage]) -> None:
        authors = {each.user_id for each in messages}
        refused = await self.trouble.guarded(self.viewers.opted_out(authors), proves=False)
        if refused is None:
            return  # who knows who asked not to be remembered? then nobody is
        kept = [each for each in messages if each.user_id not in refused]
        if not kept:
            return
        await self.trouble.guarded(self.viewers.seen(kept, scope=self.scope(), stream=self._stream))
        entries = [
            self._entry(
                each.id, each.text, "chat", at=each.ts, author=each.user, author_id=each.user_id
            )
            for each in kept
            if is_worth_keeping(each.text)
        ]
        if entries:
            await self.trouble.guarded(self.long_term.remember(entries))

    def _entry(
        self,
        name: str,
        text: str,
        source: EntrySource,
        *,
        at: datetime,
        author: str,
        author_id: str = "",
    ) -> Entry:
        """`at` is when it was said: nothing from before somebody was forgotten is stored."""
        scope = self.scope()
        return Entry(
            id=name[:64],
            at=at,
            author=author,
            author_id=author_id,
            text=text[:2000],
            source=source,
            channel=scope.channel,
            persona=scope.persona,
            stream=self._stream,
            origins=(name,),
            expires_at=at + self.retention,
        )

    def _begin_stream(self, happened: ChatMessage | StreamEvent) -> None:
        """Another stream begins when somebody says so, or after a long silence."""
        now = self.clock.now()
        online = isinstance(happened, StreamEvent) and happened.event_type == "online"
        if online or not self._stream or now - self._last_at > NEW_STREAM_AFTER_S:
            self._stream = self.clock.wall().strftime("%Y%m%dT%H%M%SZ")
        self._last_at = now
