"""What a thing that happened becomes in memory's file; what can't be written is given back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
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
from pickled.messages.memory import Entry, EntrySource, Scope
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.recollection.jobs import Job, Reached, Said, StreamEnded
from pickled.orchestrator.recollection.trouble import Trouble

log = structlog.get_logger()


@dataclass
class Writing:
    """Stores jobs in order; what follows each other of chat goes into one transaction."""

    database: Database
    long_term: LongTerm
    viewers: Viewers
    clock: Clock
    scope: Callable[[], Scope]
    words: Callable[[str], Awaitable[str]]
    """Lets the model word a summary; raises ModelError."""
    retention: timedelta
    trouble: Trouble
    _counted: set[str] = field(default_factory=set, init=False)
    """Messages whose viewers know of them, though they could not be stored themselves."""

    async def store(self, batch: Sequence[Job], stream: str, *, closing: bool) -> list[Job]:
        """What could not be stored; `closing`: nothing is summed up any more."""
        left: list[Job] = []
        for kind, jobs in groupby(batch, key=type):
            if kind is ChatMessage:
                messages = [each for each in jobs if isinstance(each, ChatMessage)]
                left += await self._messages(messages, stream)
                continue
            left += [job for job in jobs if not await self._stored(job, stream, closing=closing)]
        return left

    async def _stored(self, job: Job, stream: str, *, closing: bool) -> bool:
        match job:
            case StreamEvent():
                happened = self.viewers.happened(job, scope=self.scope(), stream=stream)
                return await self.trouble.wrote(happened)
            case Said():
                entry = self._entry(
                    job.turn, job.heard, "cohost", stream, at=job.at, author=job.persona
                )
                said = entry.model_copy(update={"about": job.about})
                return await self.trouble.wrote(self.long_term.remember([said]))
            case Reached():
                job.event.set()
            case StreamEnded() if not closing:
                return await self.trouble.wrote(self._consolidate(job.stream))
            case Retraction():
                return await self.trouble.wrote(self._unremember(job), proves=False)
        return True

    async def _unremember(self, job: Retraction) -> None:
        """Raises StoreError if something of it may still be there."""
        message = job.id if job.kind == "message" else None
        viewer = job.id if job.kind == "user" else None
        await self.long_term.forget(message=message, author_id=viewer)
        await self.viewers.unsee(message_id=message, user_id=viewer, scope=self.scope())

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

    async def _messages(self, messages: list[ChatMessage], stream: str) -> list[ChatMessage]:
        authors = {each.user_id for each in messages}
        refused = await self.trouble.guarded(self.viewers.opted_out(authors), proves=False)
        if refused is None:
            return messages  # who knows who asked not to be remembered? then nobody is
        kept = [each for each in messages if each.user_id not in refused]
        new = [each for each in kept if each.id not in self._counted]
        if new and not await self.trouble.wrote(
            self.viewers.seen(new, scope=self.scope(), stream=stream)
        ):
            return kept
        entries = [
            self._entry(
                each.id,
                each.text,
                "chat",
                stream,
                at=each.ts,
                author=each.user,
                author_id=each.user_id,
            )
            for each in kept
            if is_worth_keeping(each.text)
        ]
        ids = {each.id for each in kept}
        if entries and not await self.trouble.wrote(self.long_term.remember(entries)):
            self._counted |= ids
            return kept
        self._counted -= ids
        return []

    def forget_counted(self, ids: set[str]) -> None:
        """Those messages are never stored."""
        self._counted -= ids

    def _entry(
        self,
        name: str,
        text: str,
        source: EntrySource,
        stream: str,
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
            stream=stream,
            origins=(name,),
            expires_at=at + self.retention,
        )
