"""From a prompt to clauses that passed the gate: the model writes, the brain cuts and checks."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog

from pickled.brain import safety
from pickled.brain.clauses import ClauseSplitter
from pickled.brain.parse import AnswerParser
from pickled.errors import ModelError
from pickled.llm import Model
from pickled.messages.decision import Request
from pickled.messages.emotion import Emotion
from pickled.messages.prompt import Prompt, PromptMessage
from pickled.messages.response import SafetyEvent
from pickled.orchestrator.clock import Clock
from pickled.orchestrator.events import Events
from pickled.orchestrator.ladder import Ladder, Rung
from pickled.orchestrator.stages import Stages

log = structlog.get_logger()

PLAIN_ANSWER = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
"""JSON schema of an answer that is only text."""

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)")


@dataclass
class Answer:
    """What has been written and has passed the gate."""

    clauses: list[str] = field(default_factory=list)
    emotion: Emotion = "neutral"
    model: str = ""
    broken: bool = False
    """The model failed after it had begun, or nothing at all came."""
    blocked: bool = False
    """The gate stopped it."""

    @property
    def text(self) -> str:
        return " ".join(self.clauses)


@dataclass(frozen=True)
class Writer:
    """Words answers with the first model that works; every clause passes the same gate."""

    models: Ladder[Model]
    gate: safety.GateRules
    events: Events
    clock: Clock

    async def write(
        self, prompt: Prompt, answer: Answer, stages: Stages, *, max_sentences: int
    ) -> AsyncGenerator[str, None]:
        """Clauses that may be spoken, as soon as each is complete.

        A model that fails before its first clause is replaced by the next one within the turn;
        afterwards the answer ends where it broke. Nothing of a failure is ever a clause.
        """
        for rung in self.models.working():
            try:
                async with aclosing(self._clauses(rung, prompt, answer, stages)) as clauses:
                    async for clause in clauses:
                        passed = self._check(clause, answer, stages)
                        if passed is None:
                            return
                        if passed:
                            yield passed
                        if not rung.part.bounded and _sentences(answer.clauses) >= max_sentences:
                            break
            except ModelError as error:
                self.models.failed(rung, error)
                if answer.clauses:
                    answer.broken = True
                    return
                continue
            self.models.succeeded(rung)
            return
        answer.broken = True

    def pass_as_given(self, text: str, answer: Answer, stages: Stages) -> list[str]:
        """Clauses of a text that a person gave; the same gate."""
        splitter = ClauseSplitter()
        passed = []
        for clause in [*splitter.feed(text), *splitter.finish()]:
            stages.reach("first_clause", self.clock.now())
            checked = self._check(clause, answer, stages)
            if checked is None:
                break
            passed += [checked] if checked else []
        return passed

    async def _clauses(
        self, rung: Rung[Model], prompt: Prompt, answer: Answer, stages: Stages
    ) -> AsyncGenerator[str, None]:
        parser = AnswerParser(prompt_emotions(prompt))
        splitter = ClauseSplitter()
        answer.model = rung.part.name
        async with aclosing(rung.part.stream(prompt)) as deltas:
            async for delta in deltas:
                stages.reach("first_token", self.clock.now())
                parser.feed(delta)
                rest = splitter.finish if parser.text_closed else list
                for clause in [*splitter.feed(parser.text), *rest()]:
                    answer.emotion = parser.emotion or "neutral"
                    stages.reach("first_clause", self.clock.now())
                    yield clause
        parser.finish()
        answer.emotion = parser.emotion or "neutral"
        for clause in [*splitter.feed(parser.text), *splitter.finish()]:
            stages.reach("first_clause", self.clock.now())
            yield clause

    def _check(self, clause: str, answer: Answer, stages: Stages) -> str | None:
        """What may be spoken of it; empty if no word is left, None if the answer must end here."""
        checked = safety.check(clause, gate=self.gate)
        stages.reach("gated", self.clock.now())
        if checked.kind != "passed" and checked.rule != "empty":
            self._tell(checked)
        if checked.text is None and checked.rule != "empty":
            answer.blocked = True
            return None
        if checked.text:
            answer.clauses.append(checked.text)
        return checked.text or ""

    def _tell(self, checked: safety.Checked) -> None:
        """Which rule stepped in; never what it stopped."""
        event = {
            "event_type": checked.kind,
            "ts": self.clock.wall(),
            "rule": checked.rule or "",
            "tier": "first",
        }
        self.events.emit("event/safety", SafetyEvent.model_validate(event))


async def word(models: Ladder[Model], task: str) -> str:
    """What a model makes of a task that is not for the air; raises ModelError.

    One that only reads out can't do that.
    """
    able = [rung for rung in models.working() if not rung.part.bounded]
    if not able:
        raise ModelError("no model that can write is there")
    prompt = Prompt(
        messages=(PromptMessage(role="user", content=task),),
        answer_schema=PLAIN_ANSWER,
        request=Request(turn="a" * 12, origin="ask", reason="summary", arrived=0.0, decided=0.0),
        persona="",
    )
    parser = AnswerParser(())
    async with aclosing(able[0].part.stream(prompt)) as deltas:
        async for delta in deltas:
            parser.feed(delta)
    parser.finish()
    return parser.text


def prompt_emotions(prompt: Prompt) -> tuple[str, ...]:
    """The emotions that the prompt's schema allows."""
    emotion = prompt.answer_schema.get("properties", {}).get("emotion", {})
    return tuple(emotion.get("enum", ()))


def _sentences(clauses: list[str]) -> int:
    return len(_SENTENCE_END.findall(" ".join(clauses)))
