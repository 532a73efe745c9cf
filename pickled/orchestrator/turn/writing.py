"""From a prompt to clauses that passed the gate: the model writes, the brain cuts and checks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

import structlog

from pickled.brain import safety
from pickled.brain.answer_form import emotions_of
from pickled.brain.opened_clauses import OpenedClauses
from pickled.brain.parse import AnswerParser
from pickled.brain.repeats import Repeats, otherwise
from pickled.errors import ModelError
from pickled.language.address import folded
from pickled.language.beginnings import may_go_on
from pickled.language.clauses import ClauseSplitter
from pickled.language.injection.echo import echoes
from pickled.llm import Model
from pickled.llm.guard import Guard
from pickled.messages.response import SafetyEvent
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.ladder import Ladder, Rung
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.turn.answer import Answer
from pickled.orchestrator.turn.cutting import Likely, with_last, within
from pickled.orchestrator.turn.growing import growing
from pickled.orchestrator.turn.preparing import Prepared
from pickled.orchestrator.turn.stages import Stages

log = structlog.get_logger()


@dataclass(frozen=True)
class Writer:
    """Words answers with the first model that works; every clause passes the same gate."""

    models: Ladder[Model]
    rules: Callable[[], safety.GateRules]
    """The gate's, as they are now."""
    events: Events
    clock: Clock
    guard: Guard | None = None

    async def write(
        self,
        prepared: Prepared,
        answer: Answer,
        stages: Stages,
        *,
        max_sentences: int,
        guess: Callable[[str], None] | None = None,
    ) -> AsyncGenerator[str, None]:
        """Clauses that may be spoken, as soon as each is complete.

        `guess` is told of one that would pass and is likely the next, before it is sure; of an
        empty one where none is likely any more. Where a guard judges, nothing is guessed.

        A model that fails before its first clause is replaced by the next one within the turn;
        afterwards the answer ends where it broke. Nothing of a failure is ever a clause.
        """
        await self.models.ready()
        for rung in self.models.working():
            most = None if rung.part.bounded else max_sentences
            try:
                told = None if self.guard else guess
                worded = self._worded(rung, prepared, answer, stages, most=most, guess=told)
                async with aclosing(worded) as clauses:
                    async for clause in clauses:
                        yield clause
            except ModelError as error:
                self.models.failed(rung, error)
                if len(answer.clauses) > answer.opened:
                    answer.broken = True
                    return
                continue
            if not answer.blocked:
                self.models.succeeded(rung)
            return
        answer.broken = True

    async def _worded(
        self,
        rung: Rung[Model],
        prepared: Prepared,
        answer: Answer,
        stages: Stages,
        *,
        most: int | None,
        guess: Callable[[str], None] | None,
    ) -> AsyncGenerator[str, None]:
        """An answer; where it only repeats one of the last, another one, and then silence."""
        said = () if rung.part.bounded else prepared.opening.bare(prepared.said)
        fitted = await prepared.prompt_for(rung.part)
        for prompt in (fitted, otherwise(fitted)):
            repeats = Repeats(said)
            asked = replace(prepared, prompt=prompt)
            async with aclosing(
                self._clauses(rung, asked, answer, stages, guessing=guess is not None)
            ) as clauses:
                async for clause in clauses:
                    opens = clause is answer.opener
                    before = [*answer.clauses[answer.opened :], *repeats.held]
                    short, full = (clause, False) if opens else within(before, clause, most)
                    if isinstance(clause, Likely):
                        if guess is not None:
                            likely = short if short and repeats.is_new(short) else ""
                            guess(await self._likely(rung, likely, answer, prepared))
                        continue
                    for free in [clause] if opens else repeats.take(short):
                        if passed := await self._passed(rung, free, answer, stages, prepared):
                            answer.opened = max(answer.opened, opens)
                            yield passed
                    if full:
                        answer.cut = "sentences" if answer.more or short != clause else ""
                    if full and prompt.actions and not answer.blocked:
                        await _read_on(clauses, answer)
                    if full or answer.blocked:
                        break
            alone = answer.opened and prompt is not fitted  # an opener, and nothing more
            if not repeats.only or alone:
                for free in repeats.rest():
                    if passed := await self._passed(rung, free, answer, stages, prepared):
                        yield passed
                return
        answer.blocked = self._stops(answer, "repeated")

    async def _likely(
        self, rung: Rung[Model], clause: str, answer: Answer, prepared: Prepared
    ) -> str:
        """The clause if all of it may be spoken, however its last word goes on; else nothing."""
        gate, sites = self.rules(), prepared.sites if "." in clause[-3:] else frozenset[str]()
        if not clause or may_go_on(clause, words=gate.words, private=gate.private, sites=sites):
            return ""
        checked = self._checked(clause, answer, prepared)
        if checked.kind != "passed" or not checked.text:
            return ""
        echo = None
        if not rung.part.bounded:
            echo = echoes(checked.text, await prepared.others, before=answer.clauses)
        return "" if echo else checked.text

    async def _passed(
        self, rung: Rung[Model], clause: str, answer: Answer, stages: Stages, prepared: Prepared
    ) -> str:
        """What may be spoken of it; nothing any more once the answer was stopped."""
        if answer.blocked:
            return ""
        quotes = rung.part.bounded
        return await self._gate(clause, answer, stages, prepared=prepared, quotes=quotes) or ""

    async def pass_as_given(
        self, text: str, answer: Answer, stages: Stages
    ) -> AsyncGenerator[str, None]:
        """Clauses of a text that a person gave; the same gate."""
        splitter = ClauseSplitter()
        for clause in [*splitter.feed(text), *splitter.finish()]:
            stages.reach("first_clause", self.clock.now())
            passed = await self._gate(clause, answer, stages)
            if passed is None:
                break
            if passed:
                yield passed

    async def _clauses(
        self,
        rung: Rung[Model],
        prepared: Prepared,
        answer: Answer,
        stages: Stages,
        *,
        guessing: bool,
    ) -> AsyncGenerator[str, None]:
        """Clauses that are whole; between them, if they are wanted, those that are likely."""
        emotions, actions = emotions_of(prepared.prompt), prepared.prompt.actions
        known, listed = prepared.opening.known, prepared.opening.listed
        parser = AnswerParser(emotions, names=prepared.names, actions=actions, openers=listed)
        splitter = OpenedClauses(known, silent=bool(answer.opener or answer.clauses))
        likely = ""
        answer.model = rung.part.name

        def reached() -> None:
            stages.reach("first_token", self.clock.now())

        async with aclosing(growing(rung.part, prepared.prompt, parser, reached)) as texts:
            async for text in texts:
                whole, splitter.emotion = parser.text_closed or parser.rests, parser.emotion
                found = [*splitter.feed(text), *(splitter.finish() if whole else ())]
                for clause, last in with_last(found):
                    answer.more = not (last and whole)
                    answer.emotion = parser.emotion or "neutral"
                    answer.opener = answer.opener or splitter.opener
                    stages.reach("first_clause", self.clock.now())
                    yield clause
                    likely = ""
                if guessing and likely != (newer := "" if whole else splitter.likely()):
                    likely = newer
                    yield Likely(likely)
        answer.emotion, answer.action = parser.emotion or "neutral", parser.action
        answer.cut = "" if parser.complete else "tokens"
        splitter.emotion = parser.emotion
        found = [*splitter.feed(parser.text), *splitter.finish(torn=not parser.complete)]
        for clause, last in with_last(found):
            answer.more = not last
            answer.opener = answer.opener or splitter.opener
            stages.reach("first_clause", self.clock.now())
            yield clause

    async def _gate(
        self,
        clause: str,
        answer: Answer,
        stages: Stages,
        *,
        prepared: Prepared | None = None,
        quotes: bool = False,
    ) -> str | None:
        """What may be spoken of it; empty if no word is left, None if the answer must end here.

        `quotes`: it reads out what somebody wrote, so it is not held against their words.
        """
        checked = self._checked(clause, answer, prepared)
        if checked.kind != "passed" and checked.rule != "empty":
            self._tell(answer, checked.kind, checked.rule or "", tier=checked.tier)
        text = checked.text
        stopped = text is None and checked.rule != "empty"
        if text and prepared is not None and not quotes:
            rule = echoes(text, await prepared.others, before=answer.clauses)
            stopped = self._stops(answer, rule)
        if text and not stopped:
            stopped = self._stops(answer, await self._judged(text, prepared, quotes=quotes))
        stages.reach("gated", self.clock.now())
        if stopped:
            answer.blocked = True
            return None
        if text:
            answer.clauses.append(text)
            answer.checked.append(checked)
        return text or ""

    def _checked(self, clause: str, answer: Answer, prepared: Prepared | None) -> safety.Checked:
        """What the gate says of it, behind what went out already."""
        return safety.check(
            clause,
            gate=self.rules(),
            before=answer.clauses,
            seen=[each.seen for each in answer.checked],
            speaker=(prepared.prompt.persona,) if prepared is not None else (),
        )

    async def _judged(self, text: str, prepared: Prepared | None, *, quotes: bool) -> str | None:
        """The rule by which the guard stops it; without a verdict, names and quotes don't pass."""
        if self.guard is None:
            return None
        try:
            judgement = await self.guard.judge(text)
        except ModelError as error:
            log.warning("the guard did not judge", guard=self.guard.name, why=str(error))
            names = prepared.names if prepared is not None else frozenset[str]()
            said = folded(text)
            careful = quotes or any(name in said for name in names)
            return "guard_unavailable" if careful else None
        return None if judgement.safe else "guard"

    def _stops(self, answer: Answer, rule: str | None) -> bool:
        if rule is not None:
            self._tell(answer, "blocked", rule)
        return rule is not None

    def _tell(self, answer: Answer, kind: str, rule: str, *, tier: str = "") -> None:
        """Which rule stepped in; never what it stopped."""
        event = {
            "event_type": kind,
            "ts": self.clock.wall(),
            "turn": answer.turn,
            "rule": rule,
            "tier": tier,
            "source": answer.model or "say",
        }
        told = SafetyEvent.model_validate(event)
        if answer.untold is not None:
            answer.untold.append(told)
        else:
            self.events.emit("event/safety", told)


async def _read_on(clauses: AsyncGenerator[str, None], answer: Answer) -> None:
    """To the answer's end, of which nothing more is said: an action may stand there."""
    cut = answer.cut
    with suppress(ModelError):
        async for _ in clauses:
            pass
    answer.cut = cut
