"""Joins the memory to the show: what is stored, what a turn recalls, what is taken back."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import TypeVar

import structlog

from pickled.config import Config
from pickled.errors import CommandRefused, EmbedderError, StoreError, UsageError
from pickled.llm import Model
from pickled.memory import Embedder
from pickled.memory.consolidate import consolidate
from pickled.memory.database import FILE_NAME, Database, open_database
from pickled.memory.describe import describe
from pickled.memory.forget import forget_entry, forget_viewer
from pickled.memory.long_term import LongTerm
from pickled.memory.viewers import Viewers
from pickled.memory.worth import is_worth_keeping
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Request
from pickled.messages.memory import Entry, EntrySource, Hit, MemoryHitEvent, Scope, ViewerProfile
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.clock import Clock
from pickled.orchestrator.controls import Controls
from pickled.orchestrator.events import Events
from pickled.orchestrator.ladder import Ladder
from pickled.orchestrator.state import States
from pickled.orchestrator.writing import word
from pickled.plugins import Plug, Surroundings

log = structlog.get_logger()

LONGEST_QUEUE = 5_000
"""Messages that wait to be stored; the oldest are dropped, and counted."""

BATCH = 500
GATHER_S = 0.5
"""So long messages are collected into one transaction."""

RECALL_S = 0.3
"""A turn waits no longer for its memories."""

NEW_STREAM_AFTER_S = 4 * 3600.0
"""Silence after which the next message belongs to another stream, where nobody says so."""


@dataclass(frozen=True)
class _Said:
    turn: str
    persona: str
    heard: str


@dataclass(frozen=True)
class _Retracted:
    message: str | None
    author_id: str | None


@dataclass(frozen=True)
class _StreamEnded:
    stream: str


Job = ChatMessage | StreamEvent | _Said | _Retracted | _StreamEnded
T = TypeVar("T")


@dataclass(frozen=True)
class Recalled:
    """What a turn knows from before."""

    hits: tuple[Hit, ...] = ()
    viewers: tuple[str, ...] = ()
    """One line for each viewer who is answered."""

    @property
    def lines(self) -> tuple[str, ...]:
        """As a prompt shows it."""
        return (*self.viewers, *(hit.text for hit in self.hits))


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class Remembering:
    """The memory's owner in the daemon; a memory that fails never stops a turn."""

    database: Database
    long_term: LongTerm
    viewers: Viewers
    states: States
    events: Events
    clock: Clock
    scope: Callable[[], Scope]
    words: Callable[[str], Awaitable[str]]
    """Lets the model word a summary; raises ModelError."""
    retention: timedelta
    top: int = 3
    least: float = 0.0
    """Similarity below which only shared words make a memory fit."""
    dropped: int = field(default=0, init=False)
    _jobs: deque[Job] = field(default_factory=deque, init=False)
    _filled: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _idle: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _urgent: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Something was taken back: don't gather, act."""
    _clean: asyncio.Event = field(default_factory=_set_event, init=False)
    """Everything that was taken back is gone."""
    _stream: str = field(default="", init=False)
    _last_at: float = field(default=float("-inf"), init=False)
    _last_hits: int = field(default=0, init=False)

    async def run(self) -> None:
        """Store what is taken, in batches, until cancelled."""
        while True:
            if not self._jobs:
                self._idle.set()
                await self._filled.wait()
            self._filled.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GATHER_S):
                    await self._urgent.wait()
            while self._jobs:
                batch = [self._jobs.popleft() for _ in range(min(BATCH, len(self._jobs)))]
                await self._store(batch)
            self._urgent.clear()
            self._clean.set()

    def take(self, happened: ChatMessage | StreamEvent) -> None:
        """Something that may be worth remembering; returns at once."""
        self._begin_stream(happened)
        self._queue(happened)
        if isinstance(happened, StreamEvent) and happened.event_type == "offline":
            self._queue(_StreamEnded(self._stream))

    def _queue(self, job: Job) -> None:
        if len(self._jobs) >= LONGEST_QUEUE:
            self._jobs.popleft()
            self.dropped += 1
        self._jobs.append(job)
        self._idle.clear()
        self._filled.set()

    async def recall(self, request: Request, *, exclude: Sequence[str]) -> Recalled:
        """What is known about who asks and what is asked; empty when memory can't say in time."""
        if not request.messages:
            return Recalled()
        asked = request.messages[-1]
        known = {each.id for each in request.messages} | set(exclude)
        try:
            async with asyncio.timeout(RECALL_S):
                await self._clean.wait()  # nothing that was taken back is recalled once more
                profile = await self._profile(asked.user_id)
                hits = await self.long_term.recall(
                    asked.text,
                    scope=self.scope(),
                    k=self.top,
                    viewer=asked.user_id or None,
                    exclude=known,
                    least=self.least,
                )
        except TimeoutError:
            log.warning("memory took too long", turn=request.turn)
            return Recalled()
        except (StoreError, EmbedderError) as error:
            log.warning("memory can't be read", turn=request.turn, why=str(error))
            return Recalled()
        self._tell(request, hits)
        return Recalled(hits, (describe(profile, now=self.clock.wall()),) if profile else ())

    def hear(self, turn: str, persona: str, heard: str) -> None:
        """What the co-host said, as it was heard."""
        self._queue(_Said(turn, persona, heard))

    def retract(self, message: str | None, author_id: str | None) -> None:
        """A message was deleted, or a viewer banned: un-remember it at once."""
        if message is None and author_id is None:
            return  # chat was cleared: that takes nobody's past away
        self._jobs = deque(each for each in self._jobs if not _is_of(each, message, author_id))
        self._queue(_Retracted(message, author_id))
        self._clean.clear()
        self._urgent.set()

    async def search(self, text: str, *, k: int) -> tuple[Hit, ...]:
        """For a person who looks into memory; raises StoreError."""
        return await self.long_term.recall(text, scope=self.scope(), k=k, deadline_s=2.0)

    async def find(self, who: str) -> ViewerProfile:
        """A login, or `id:<user id>`; raises CommandRefused if nobody of that name is known."""
        profile = await self.viewers.find(who, scope=self.scope())
        if profile is None:
            raise CommandRefused("bad_payload", "nobody of that name is known", field="viewer")
        return profile

    async def forget_entry(self, entry: str) -> None:
        """One memory; raises CommandRefused if there is none."""
        if not (await forget_entry(self.database, self.long_term, entry))["entries"]:
            raise CommandRefused("bad_payload", "there is no such memory", field="memory")

    async def forget_viewer(self, who: str) -> str | None:
        """Everything about them, down to the bytes; their user id, if they were known."""
        profile = await self.viewers.find(who)
        try:
            counts = await forget_viewer(self.database, self.long_term, who, now=self.clock.wall())
        except UsageError as error:
            raise CommandRefused("bad_payload", str(error), field="viewer") from error
        log.info("a viewer was forgotten", **counts)
        return profile.user_id if profile else None

    async def publish(self) -> None:
        """`memory/state`."""
        if state := await self._guard(self.long_term.stats()):
            counted = state.model_copy(update={"last_hit_count": self._last_hits})
            self.states.set("memory/state", counted)

    async def settle(self) -> None:
        """Until everything that was taken is stored."""
        await self._idle.wait()

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
                await self._guard(done)
            case _Said():
                entry = self._entry(job.turn, job.heard, source="cohost", author=job.persona)
                await self._guard(self.long_term.remember([entry]))
            case _StreamEnded():
                await self._guard(self._consolidate(job.stream))
            case _Retracted():
                await self._guard(
                    self.long_term.forget(message=job.message, author_id=job.author_id)
                )
                await self._guard(self.viewers.unsee(message_id=job.message, user_id=job.author_id))

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
        refused = await self._guard(self.viewers.opted_out({each.user_id for each in messages}))
        if refused is None:
            return  # who knows who asked not to be remembered? then nobody is
        kept = [each for each in messages if each.user_id not in refused]
        if not kept:
            return
        await self._guard(self.viewers.seen(kept, scope=self.scope(), stream=self._stream))
        entries = [
            self._entry(each.id, each.text, source="chat", author=each.user, author_id=each.user_id)
            for each in kept
            if is_worth_keeping(each.text)
        ]
        if entries:
            await self._guard(self.long_term.remember(entries))

    async def _profile(self, user_id: str) -> ViewerProfile | None:
        if not user_id:
            return None
        return await self.viewers.profile(user_id, scope=self.scope())

    async def _guard(self, work: Awaitable[T]) -> T | None:
        """A memory that fails is said in the log, and nothing else stops."""
        try:
            return await work
        except StoreError as error:
            log.error("memory failed", why=str(error))
            return None

    def _entry(
        self, name: str, text: str, *, source: EntrySource, author: str, author_id: str = ""
    ) -> Entry:
        scope, now = self.scope(), self.clock.wall()
        return Entry(
            id=name[:64],
            at=now,
            author=author,
            author_id=author_id,
            text=text[:2000],
            source=source,
            channel=scope.channel,
            persona=scope.persona,
            stream=self._stream,
            origins=(name,),
            expires_at=now + self.retention,
        )

    def _tell(self, request: Request, hits: Sequence[Hit]) -> None:
        self._last_hits = len(hits)
        for hit in hits:
            event = MemoryHitEvent(
                ts=self.clock.wall(),
                turn=request.turn,
                id=hit.id,
                score=hit.score,
                text=hit.text,
                viewer=hit.viewer,
                age_s=hit.age_s,
                source=hit.source,
            )
            self.events.emit("event/memory_hit", event)

    def _begin_stream(self, happened: ChatMessage | StreamEvent) -> None:
        """Another stream begins when somebody says so, or after a long silence."""
        now = self.clock.now()
        online = isinstance(happened, StreamEvent) and happened.event_type == "online"
        if online or not self._stream or now - self._last_at > NEW_STREAM_AFTER_S:
            self._stream = self.clock.wall().strftime("%Y%m%dT%H%M%SZ")
        self._last_at = now


@asynccontextmanager
async def start_remembering(
    config: Config,
    plug: Plug | None,
    *,
    controls: Controls,
    models: Ladder[Model],
    states: States,
    events: Events,
    clock: Clock,
) -> AsyncIterator[Remembering]:
    """Open the memory's file and start its embedder; raises StoreError if it can't be used."""
    assert config.data_dir is not None
    channel = next((str(each.options.get("channel", "")) for each in config.inputs), "")
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(config.data_dir / FILE_NAME))
        embedder: Embedder | None = None
        if plug is not None:
            around = Surroundings(config.base_dir, config.data_dir, lambda _status, _detail: None)
            embedder = await stack.enter_async_context(plug.start(around))
        yield Remembering(
            database=database,
            words=partial(word, models),
            long_term=LongTerm(database, embedder, clock.wall),
            viewers=Viewers(database, clock.wall),
            states=states,
            events=events,
            clock=clock,
            scope=lambda: Scope(persona=controls.persona_name, channel=channel),
            retention=timedelta(days=config.memory.retention_days),
            top=config.memory.top,
            least=config.memory.minimum_relevance,
        )


def _is_of(job: Job, message: str | None, author_id: str | None) -> bool:
    match job:
        case ChatMessage():
            return job.id == message or (author_id is not None and job.user_id == author_id)
        case StreamEvent():
            return author_id is not None and job.user_id == author_id
    return False
