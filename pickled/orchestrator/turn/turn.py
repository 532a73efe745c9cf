"""One turn: from the decision to speak to its outcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog

from pickled.brain.persona import Persona
from pickled.language.normalization.aloud import aloud
from pickled.messages.decision import Request
from pickled.messages.response import Outcome, ResponseEvent, ResponseState
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.turn.answer import Answer
from pickled.orchestrator.turn.asked import answered, recipients
from pickled.orchestrator.turn.following import Following
from pickled.orchestrator.turn.preparing import Prepared
from pickled.orchestrator.turn.stages import Latencies, Stages
from pickled.orchestrator.turn.talking import Talker
from pickled.orchestrator.turn.writing import Writer

log = structlog.get_logger()

LONGEST_TURN_S = 90.0
"""Nothing that takes longer is worth hearing; a turn that hangs can't block the next one."""


@dataclass
class Turn:
    """Writes, gates and speaks one answer; `cancel` stops it at any point."""

    request: Request
    persona: Persona
    writer: Writer
    talker: Talker
    states: States
    events: Events
    clock: Clock
    latencies: Latencies
    stages: Stages
    permit: Callable[[Turn], Awaitable[Outcome | None]]
    """Asked once, before the first word: None lets it speak, an outcome ends it unheard."""
    prepare: Callable[[Request], Awaitable[Prepared]] | None = None
    """Recalls and words the prompt; None: `script` is spoken as given."""
    on_begun: Callable[[str], None] = lambda _opener: None
    """Called when it begins to be heard, with its opener, or nothing."""
    script: str = ""
    whole: bool = False
    """Write all of it before asking: a person wants to read it first."""
    free: Callable[[], bool] = lambda: True
    """Would `permit` let it speak at once?"""
    hold: Callable[[Turn], Awaitable[None]] | None = None
    """Asked before each further clause: returns when nobody begins to talk over it."""
    early: bool = False
    """It is not sure that it is wanted: nothing of it is published before `settle`."""
    held: bool = field(default=False, init=False)
    """It waits for a person, and leaves the floor to others meanwhile."""
    memory_hits: tuple[str, ...] = ()
    answer: Answer = field(default_factory=Answer)
    outcome: Outcome = "failed"
    taken_back: bool = field(default=False, init=False)
    """What it answers was deleted: nothing of it is shown or kept."""
    _dropped: bool = False
    _settled: asyncio.Event = field(default_factory=asyncio.Event)
    _stopped: Outcome | None = None
    _short: asyncio.Event = field(default_factory=asyncio.Event)
    _refused: Outcome | None = None
    _task: asyncio.Task[object] | None = None

    async def run(self) -> Outcome:
        """Run to the end; never raises for what a model, a voice or a node does."""
        self.answer.turn = self.request.turn
        self._task = asyncio.current_task()
        if self.early:
            self.answer.untold = []
        else:
            self._announce()
        try:
            async with asyncio.timeout(LONGEST_TURN_S):
                if self._stopped is None:
                    await self._speak()
            self.outcome = self._stopped or self._refused or self._judge()
        except TimeoutError:
            log.error("turn took too long", turn=self.request.turn)
            await self.talker.stop()
            self.outcome = "failed"
        except asyncio.CancelledError:
            await self.talker.stop()
            if self._stopped is None:
                self.outcome = "interrupted"
                raise
            self.outcome = self._stopped
        finally:
            try:
                await self.talker.end()
            finally:
                self._close()
        return self.outcome

    def expire(self) -> None:
        """It waited too long: it ends without having begun."""
        self.outcome = "expired"
        self._close()

    def settle(self, request: Request) -> None:
        """It was begun early, and is wanted: to answer that."""
        self.early, self.request = False, request
        self.stages.settle(request.arrived, request.decided)
        if self._task is not None:  # else it tells by itself when it begins to run
            self._announce()
        for event in self.answer.untold or ():
            self.events.emit("event/safety", event)
        self.answer.untold = None
        self.talker.settle()
        self._settled.set()

    def drop(self) -> None:
        """It was begun early, and is not wanted: stop it, without a trace."""
        self._dropped = True
        self.cancel("interrupted")

    def cancel(self, outcome: Outcome) -> None:
        """Stop it at once: the model, the voice and the sound; what was heard stays said."""
        if self._stopped is None:
            self._stopped = outcome
            if self._task is not None:
                self._task.cancel()

    def take_back(self) -> None:
        """What it answers was deleted: stop, and leave no trace of its words."""
        self.taken_back = True
        self.cancel("interrupted")

    def shorten(self) -> None:
        """Come to an end after the clause that is being spoken."""
        self._short.set()

    @property
    def sounding(self) -> bool:
        """Some of it is on its way to the ear."""
        return self.talker.speech is not None and not self.held

    @property
    def about(self) -> str:
        """What it is about to say, or is saying: all clauses that passed the gate."""
        return self.answer.text

    async def _speak(self) -> None:
        async with aclosing(self._written()) as clauses:
            clause, index = await anext(clauses, None), 0
            following = Following(clauses, self._short)
            if self.early:
                if clause is not None:
                    self.talker.foresee(aloud(clause, self.persona.language))
                await self._settled.wait()
            if clause is not None:
                self._refused = await self.permit(self)
                if self._refused is not None:
                    return
                self.on_begun(self.answer.opener)
                self.states.set("emotion/state", self.answer.emotion)
            while clause is not None:
                spoken = aloud(clause, self.persona.language)
                worded = ("number",) if spoken != clause else ()
                changed = (*self.answer.checked[index].changed, *worded)
                self._emit("clause", index=index, text=clause, changed=changed)
                self.talker.emotion = self.answer.emotion
                async with following.ahead(self._preparing(index + 1)):
                    await self.talker.say(index, clause, spoken)
                if self.talker.lost:
                    await following.end()
                    break
                clause, index = await self._next(following), index + 1
        self.states.set("thinking/state", False)
        await self.talker.finish()

    async def _next(self, following: Following) -> str | None:
        """The next clause; None at the end, or when it is to come to one."""
        clause, cut = await following.next(), following.cut
        if clause is not None and self.hold is not None:
            await self.hold(self)
            cut = self._short.is_set()
        if cut:
            self._refused = "interrupted"
        return None if cut else clause

    def _preparing(self, index: int) -> Callable[[str], None] | None:
        """What has that clause's sound made beforehand, where a voice is slow."""
        if not self.talker.slow:
            return None
        return lambda clause: self.talker.prepare(index, aloud(clause, self.persona.language))

    async def _written(self) -> AsyncGenerator[str, None]:
        """The clauses as they come, or, for a person to read them first, all at once."""
        async with aclosing(self._clauses()) as clauses:
            if self.whole:
                for clause in [each async for each in clauses]:
                    yield clause
            else:
                async for clause in clauses:
                    yield clause

    async def _clauses(self) -> AsyncGenerator[str, None]:
        if self.prepare is None:
            writing = self.writer.pass_as_given(self.script, self.answer, self.stages)
        else:
            prepared = await self.prepare(self.request)
            self.memory_hits = prepared.memory_hits
            self.stages.reach("recalled", self.clock.now())
            most = self.persona.behavior.max_sentences
            guess = None if self.whole else self._guess
            writing = self.writer.write(
                prepared, self.answer, self.stages, max_sentences=most, guess=guess
            )
        async with aclosing(writing) as clauses:
            async for clause in clauses:
                yield clause

    def _guess(self, clause: str) -> None:
        """It may be the next one; an empty one: none is likely."""
        index = len(self.answer.clauses)
        sure = bool(clause) and not self.early and (index > 0 or self.free())
        self.talker.emotion = self.answer.emotion
        self.talker.guess(index, aloud(clause, self.persona.language) if sure else "")

    def _judge(self) -> Outcome:
        if not self.answer.clauses:
            return "blocked" if self.answer.blocked else "failed"
        if self.talker.muted:
            return "muted"
        cut = self.answer.broken or self.answer.blocked or self.talker.lost
        return "interrupted" if cut else "finished"

    def _announce(self) -> None:
        self.states.set("thinking/state", True)
        self._emit("started")

    def _close(self) -> None:
        self.talker.close()
        if self._dropped:
            return
        if not self.held:
            self.states.set("thinking/state", False)
            self.states.set("speaking/state", False)
            self.states.set("caption/state", "")
        times, state = self.stages.times(), self.state()
        self.states.set("latency/state", self.latencies.state(self.request.turn, times))
        self.states.set("response/state", state, again=True)
        self._emit(
            "finished" if self.outcome == "finished" else "interrupted",
            text=state.text,
            heard=state.heard,
            outcome=self.outcome,
            cut=self.answer.cut,
            unheard=self.talker.speculation.dropped,
            messages=answered(self.request),
            reason=self.request.reason,
            stages=times,
        )
        log.info(
            "turn",
            turn=self.request.turn,
            origin=self.request.origin,
            reason=self.request.reason,
            outcome=self.outcome,
            model=self.answer.model,
            clauses=len(self.answer.clauses),
            heard_chars=len(self.talker.heard),
            total_ms=times.total,
        )

    def state(self) -> ResponseState:
        """What `response/state` shows."""
        return ResponseState(
            turn=self.request.turn,
            persona=self.persona.name,
            emotion=self.answer.emotion,
            text="" if self.taken_back else self.answer.text,
            heard="" if self.taken_back else self.talker.heard,
            outcome=self.outcome,
            to=() if self.taken_back else recipients(self.request),
            memory_hits=self.memory_hits,
            at=self.clock.wall(),
        )

    def _emit(self, kind: str, **fields: object) -> None:
        about = {"ts": self.clock.wall(), "turn": self.request.turn, "persona": self.persona.name}
        now = {"emotion": self.answer.emotion, "target": self.talker.target}
        event = ResponseEvent.model_validate({"event_type": kind, **about, **now, **fields})
        self.events.emit("event/response", event)
