"""One turn: from the decision to speak to its outcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog

from pickled.brain.persona import Persona
from pickled.messages.decision import Request
from pickled.messages.prompt import Prompt
from pickled.messages.response import Outcome, Recipient, ResponseEvent, ResponseState
from pickled.orchestrator.clock import Clock
from pickled.orchestrator.events import Events
from pickled.orchestrator.stages import Ledger, Stages
from pickled.orchestrator.state import States
from pickled.orchestrator.talking import Talker
from pickled.orchestrator.writing import Answer, Writer

log = structlog.get_logger()

LONGEST_TURN_S = 90.0
"""Nothing that takes longer is worth hearing; a turn that hangs can't block the next one."""


@dataclass(frozen=True)
class Prepared:
    """What the model gets, and which memories are in it."""

    prompt: Prompt
    memory_hits: tuple[str, ...] = ()
    """Their ids."""


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
    ledger: Ledger
    stages: Stages
    prepare: Callable[[Request], Awaitable[Prepared]] | None = None
    """Recalls and words the prompt; None: `script` is spoken as given."""
    script: str = ""
    memory_hits: tuple[str, ...] = ()
    answer: Answer = field(default_factory=Answer)
    outcome: Outcome = "failed"
    _stopped: Outcome | None = None
    _task: asyncio.Task[object] | None = None

    async def run(self) -> Outcome:
        """Run to the end; never raises for what a model, a voice or a node does."""
        self._task = asyncio.current_task()
        self.states.set("thinking/state", True)
        self._emit("started")
        try:
            async with asyncio.timeout(LONGEST_TURN_S):
                if self._stopped is None:
                    await self._speak()
            self.outcome = self._stopped or self._judge()
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
            self._close()
        return self.outcome

    def expire(self) -> None:
        """It waited too long: it ends without having begun."""
        self.outcome = "expired"
        self._close()

    def cancel(self, outcome: Outcome) -> None:
        """Stop it at once: the model, the voice and the sound; what was heard stays said."""
        if self._stopped is None:
            self._stopped = outcome
            if self._task is not None:
                self._task.cancel()

    async def _speak(self) -> None:
        async with aclosing(self._clauses()) as clauses:
            index = 0
            async for clause in clauses:
                if index == 0:
                    self.states.set("emotion/state", self.answer.emotion)
                self._emit("clause", index=index, text=clause)
                await self.talker.say(index, clause)
                if self.talker.lost:
                    break
                index += 1
        self.states.set("thinking/state", False)
        await self.talker.finish()

    async def _clauses(self) -> AsyncGenerator[str, None]:
        if self.prepare is None:
            for clause in self.writer.pass_as_given(self.script, self.answer, self.stages):
                yield clause
            return
        prepared = await self.prepare(self.request)
        self.memory_hits = prepared.memory_hits
        self.stages.reach("recalled", self.clock.now())
        most = self.persona.behavior.max_sentences
        writing = self.writer.write(prepared.prompt, self.answer, self.stages, max_sentences=most)
        async with aclosing(writing) as clauses:
            async for clause in clauses:
                yield clause

    def _judge(self) -> Outcome:
        if not self.answer.clauses:
            return "blocked" if self.answer.blocked else "failed"
        if self.talker.muted:
            return "muted"
        cut = self.answer.broken or self.answer.blocked or self.talker.lost
        return "interrupted" if cut else "finished"

    def _close(self) -> None:
        self.talker.close()
        self.states.set("thinking/state", False)
        self.states.set("speaking/state", False)
        self.states.set("caption/state", "")
        self.states.set("latency/state", self.ledger.state(self.stages))
        self.states.set("response/state", self.state(), again=True)
        heard = self.talker.heard
        ended = "finished" if self.outcome == "finished" else "interrupted"
        self._emit(ended, text=self.answer.text, heard=heard, outcome=self.outcome)
        log.info(
            "turn",
            turn=self.request.turn,
            origin=self.request.origin,
            reason=self.request.reason,
            outcome=self.outcome,
            model=self.answer.model,
            clauses=len(self.answer.clauses),
            heard_chars=len(heard),
            total_ms=self.stages.total_ms,
        )

    def state(self) -> ResponseState:
        """What `response/state` shows."""
        return ResponseState(
            turn=self.request.turn,
            persona=self.persona.name,
            emotion=self.answer.emotion,
            text=self.answer.text,
            heard=self.talker.heard,
            outcome=self.outcome,
            to=recipients(self.request),
            memory_hits=self.memory_hits,
            at=self.clock.wall(),
        )

    def _emit(self, kind: str, **fields: object) -> None:
        event = ResponseEvent.model_validate(
            {
                "event_type": kind,
                "ts": self.clock.wall(),
                "turn": self.request.turn,
                "persona": self.persona.name,
                "emotion": self.answer.emotion,
                **fields,
            }
        )
        self.events.emit("event/response", event)


def recipients(request: Request) -> tuple[Recipient, ...]:
    """Who is answered: the one that asked."""
    if request.origin == "say" or not request.messages:
        return ()
    asked = request.messages[-1]
    return (Recipient(source=asked.source or request.origin, user=asked.user, text=asked.text),)
