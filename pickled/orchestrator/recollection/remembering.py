"""Joins the memory to the show: what a turn recalls, what a person asks for, what is forgotten."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog

from pickled.brain.remembered import presentable
from pickled.config import Config
from pickled.errors import CommandRefused, EmbedderError, StoreError, UsageError
from pickled.llm import Model
from pickled.memory import Embedder
from pickled.memory.database import FILE_NAME, Database
from pickled.memory.describe import describe
from pickled.memory.forget import forget_entry, forget_message, forget_viewer, whose
from pickled.memory.long_term import LongTerm
from pickled.memory.viewers import Viewers
from pickled.messages.decision import Request
from pickled.messages.memory import Hit, MemoryHitEvent, Scope, ViewerProfile
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.fenced import FencedEmbedder
from pickled.orchestrator.parts.keeping import Kept, keeping_after
from pickled.orchestrator.parts.ladder import Ladder
from pickled.orchestrator.parts.summing_up import word
from pickled.orchestrator.parts.supervise import Report
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.recollection.opened import open_memory
from pickled.orchestrator.recollection.questions import Questions
from pickled.orchestrator.recollection.storing import Storing
from pickled.orchestrator.recollection.trouble import Trouble
from pickled.orchestrator.recollection.writing import Writing
from pickled.plugins import Plug, Surroundings

log = structlog.get_logger()

RECALL_S = 0.3
"""A turn waits no longer for its memories."""


@dataclass(frozen=True)
class Recalled:
    """What a turn knows from before."""

    hits: tuple[Hit, ...] = ()
    viewers: tuple[str, ...] = ()
    """One line for each viewer who is answered."""


@dataclass
class Remembering:
    """The memory's owner in the daemon; a memory that fails never stops a turn."""

    storing: Storing
    database: Database
    long_term: LongTerm
    viewers: Viewers
    by_meaning: bool
    """An embedder is wanted."""
    report: Report
    states: States
    events: Events
    clock: Clock
    scope: Callable[[], Scope]
    top: int = 3
    least: float = 0.0
    """Similarity below which only shared words make a memory fit."""
    embedder: Embedder | None = None
    _last_hits: int = field(default=0, init=False)
    _emptied: int = field(default=0, init=False)

    async def recall(self, request: Request, *, exclude: Sequence[str]) -> Recalled:
        """What is known about who asks and what is asked; empty when memory can't say in time."""
        if not request.messages:
            return Recalled()
        asked = request.messages[-1]
        known = {each.id for each in request.messages} | set(exclude)
        try:
            async with asyncio.timeout(RECALL_S):
                await self.storing.clean.wait()  # nothing that was taken back is recalled once more
                profile, hits = await asyncio.gather(
                    self._profile(asked.user_id),
                    self.long_term.recall(
                        asked.text,
                        scope=self.scope(),
                        k=self.top,
                        viewer=asked.user_id or None,
                        exclude=known,
                        least=self.least,
                        vector=partial(self.storing.questions.vector, asked),
                    ),
                )
        except TimeoutError:
            log.warning("memory took too long", turn=request.turn)
            return Recalled()
        except (StoreError, EmbedderError) as error:
            log.warning("memory can't be read", turn=request.turn, why=str(error))
            return Recalled()
        self._tell(request, hits)
        if profile is None:
            return Recalled(hits)
        return Recalled(hits, (describe(presentable(profile), now=self.clock.wall()),))

    def count_emptied(self, memories: int) -> None:
        """So many were recalled for a turn, and no prompt may show any of their words."""
        self._emptied += memories
        log.info("memories were left out of a prompt: nothing of them may be shown", count=memories)

    async def search(self, text: str, *, k: int) -> tuple[Hit, ...]:
        """For a person who looks into memory; raises StoreError."""
        return await self.long_term.recall(text, scope=self.scope(), k=k, deadline_s=2.0)

    async def find(self, who: str) -> ViewerProfile:
        """Any name, or `id:<user id>`; raises CommandRefused if nobody of that name is known."""
        profile = await self.viewers.find(who, scope=self.scope())
        if profile is None:
            raise CommandRefused("unknown_viewer", "nobody of that name is known", field="viewer")
        return profile

    async def about(self, user_id: str) -> ViewerProfile | None:
        """Who that viewer is; None if nobody of that id is known. Raises StoreError."""
        return await self._profile(user_id)

    async def opt_out(self, user_id: str) -> None:
        """Nothing is ever kept of them again; raises StoreError."""
        await self.viewers.opt_out(user_id)

    async def meaning(self, text: str) -> tuple[float, ...] | None:
        """The text's vector; None while no embedder is ready. Raises EmbedderError."""
        if self.embedder is None or not self.embedder.dimensions:
            return None
        (vector,) = await self.embedder.embed([text])
        return struct.unpack(f"<{len(vector) // 4}f", vector) if vector else None

    async def forget_entry(self, entry: str) -> dict[str, int]:
        """One memory, and how much went; raises CommandRefused if there is none."""
        counts = await forget_entry(
            self.database, self.long_term, entry, rewrite=self.storing.rewrite
        )
        if not counts["entries"]:
            raise CommandRefused("bad_payload", "there is no such memory", field="memory")
        return counts

    async def forget_message(self, message: str) -> dict[str, int]:
        """What was made of a message; how much went."""
        await self.storing.settled()
        return await forget_message(
            self.database, self.long_term, message, rewrite=self.storing.rewrite
        )

    async def forget_viewer(
        self, who: str, *, opted_out: bool = False
    ) -> tuple[frozenset[str], dict[str, int]]:
        """Everything about them, down to the bytes: the user ids that they had, how much went.

        On a full disk the bytes follow when there is room. Raises CommandRefused if several have
        that name.
        """
        await self.storing.settled()
        try:
            person = await self.database.read(lambda of: whose(of, who))
            counts = await forget_viewer(
                self.database,
                self.long_term,
                who,
                now=self.clock.wall(),
                opted_out=opted_out,
                rewrite=self.storing.rewrite,
            )
        except UsageError as error:
            raise CommandRefused("bad_payload", str(error), field="viewer") from error
        log.info("a viewer was forgotten", **counts)
        return person.ids, counts

    async def publish(self) -> None:
        """`memory/state`, and how memory is."""
        try:
            state = await self.long_term.stats()
        except StoreError as error:
            log.error("memory can't be read", why=str(error))
            self.report("down", "the file can't be read; see `pickled memory check`")
            return
        counts = {"last_hit_count": self._last_hits, "emptied": self._emptied}
        counted = state.model_copy(update=counts)
        self.states.set("memory/state", counted)
        by_words = state.embedder.startswith(("none", "loading"))
        if why := self.storing.trouble.why:
            self.report("degraded", f"it keeps nothing new: {why}; {self.storing.unwritten.said}")
        elif self.by_meaning and by_words:
            self.report("degraded", f"words alone serve: {state.embedder}")
        else:
            self.report("up", "")

    async def _profile(self, user_id: str) -> ViewerProfile | None:
        if not user_id:
            return None
        return await self.viewers.profile(user_id, scope=self.scope())

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


@asynccontextmanager
async def start_remembering(
    config: Config,
    plug: Plug | None,
    *,
    begin: asyncio.Event,
    around: Surroundings,
    dice: Callable[[], float],
    controls: Controls,
    report: Report,
    complain: Callable[[str], None],
    models: Ladder[Model],
    states: States,
    events: Events,
    clock: Clock,
) -> AsyncIterator[Remembering]:
    """Open the memory's file (or raise StoreError), and at `begin` start its embedder."""
    assert config.data_dir is not None
    channel = next((str(each.options.get("channel", "")) for each in config.inputs), "")
    async with AsyncExitStack() as stack:
        embedder: Embedder | None = None
        if plug is not None:
            kept: Kept[Embedder] = Kept(plug, around, dice)
            await stack.enter_async_context(keeping_after(begin, kept))
            embedder = FencedEmbedder(kept)
        path = config.data_dir / FILE_NAME
        opening = open_memory(path, wall=clock.wall, embedder=embedder)
        memory = await stack.enter_async_context(opening)
        questions = Questions(memory.long_term.vectors, clock.now)

        def scope() -> Scope:
            return Scope(persona=controls.persona_name, channel=channel)

        trouble = Trouble(clock.now, complain)
        writing = Writing(
            database=memory.database,
            long_term=memory.long_term,
            viewers=memory.viewers,
            clock=clock,
            scope=scope,
            words=partial(word, models),
            retention=timedelta(days=config.memory.retention_days),
            trouble=trouble,
        )
        yield Remembering(
            storing=Storing(writing, clock, trouble, questions),
            database=memory.database,
            long_term=memory.long_term,
            viewers=memory.viewers,
            by_meaning=embedder is not None,
            report=report,
            states=states,
            events=events,
            clock=clock,
            scope=scope,
            top=config.memory.top,
            least=config.memory.minimum_relevance,
            embedder=embedder,
        )
