"""The co-host's loop: what waits is decided at the right moment, and said when it may be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import structlog

from pickled.brain.floor import Floor, preempts
from pickled.brain.selection import Selection, Verdict
from pickled.memory.short_term import ShortTerm
from pickled.messages.base import TurnId
from pickled.messages.chat import ChatMessage, Retraction
from pickled.messages.decision import Priority, Request
from pickled.messages.memory import Line
from pickled.messages.response import Outcome
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.conversation.decisions import Decisions
from pickled.orchestrator.conversation.early import Early
from pickled.orchestrator.conversation.errands import MOST_WAITING, Errand, Errands
from pickled.orchestrator.conversation.last_answer import LastAnswer
from pickled.orchestrator.conversation.occasions import Moments, Silence
from pickled.orchestrator.conversation.own_words import in_own_words
from pickled.orchestrator.conversation.requests import Requests
from pickled.orchestrator.conversation.speaking import Speaking
from pickled.orchestrator.conversation.told_aloud import ToldAloud
from pickled.orchestrator.conversation.turns import Turns
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.situation.show import Show
from pickled.orchestrator.turn.turn import Turn

log = structlog.get_logger()


@dataclass
class CoHost:
    """Decides, and runs the turns."""

    selection: Selection
    short_term: ShortTerm
    controls: Controls
    decisions: Decisions
    states: States
    clock: Clock
    show: Show
    turns: Turns
    speaking: Speaking
    requests: Requests
    dice: Callable[[], float]
    """In [0, 1)."""
    on_heard: Callable[[Request, str, str], None]
    """Called with what was answered, by which persona, and the words that were played."""
    on_taken_back: Callable[[Request], None]
    """Called with what was answered in words that are taken back."""
    on_action: Callable[[Turn, str], None]
    """Called when an answer was heard to its end, with what its model wants done."""
    last: LastAnswer = field(init=False)
    errands: Errands = field(default_factory=Errands, init=False)
    """What waits to be said, outside of chat's queue."""
    early: Early = field(init=False)
    told_aloud: ToldAloud = field(init=False)
    on_begun: Callable[[Turn], None] = field(default=lambda _turn: None, init=False)
    """Called with each turn that begins."""
    on_ended: Callable[[Turn], None] = field(default=lambda _turn: None, init=False)
    _moments: Moments = field(default_factory=Moments, init=False)
    _began: float = field(default=float("-inf"), init=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def __post_init__(self) -> None:
        self.speaking.on_change = self.wake
        self.last = LastAnswer(self.states)
        make = partial(self._make, early=True)
        self.early = Early(self.speaking, self.controls, self.requests, make)
        self.told_aloud = ToldAloud(self.selection, self.speaking, self.decisions)

    async def run(self) -> None:
        """Decide whenever something may have changed, until cancelled."""
        self._began = self.clock.now()
        try:
            while True:
                self._woken.clear()
                self._step()
                await self._sleep()
        finally:
            await self._end()

    def wake(self) -> None:
        """Something changed: look again."""
        self._woken.set()
        self.speaking.look_again()

    def say(
        self,
        text: str,
        *,
        target: str | None,
        priority: Priority,
        answers: tuple[ChatMessage, ...] = (),
    ) -> TurnId | None:
        """Speak this when the floor is free; None if too much waits already."""
        request = self.requests.make("say", "say", answers, priority=priority)
        return self.queue(Errand(request, script=text, target=target))

    def ask(self, text: str, *, user: str) -> TurnId | None:
        """Answer this as if the streamer had said it; None if too much waits already."""
        return self.queue(
            Errand(self.requests.make("ask", "ask", (self.requests.spoken(text, user),)))
        )

    def answer(self, line: ChatMessage) -> TurnId | None:
        """Answer that line of chat before others; None if too much waits already.

        Raises CommandRefused if it is being answered.
        """
        self.speaking.refuse_answered(line.id)
        turn = self.queue(Errand(self.requests.make("chat", "wanted", (line,))))
        if turn is not None:
            self.selection.withdraw(line.id)
            self.decisions.wanted(line.id, turn=turn)
        return turn

    def is_free(self) -> bool:
        """Does nobody speak, and nothing wait?"""
        waits = len(self.errands) or self.selection.waiting
        return self.speaking.turn is None and not waits and not self.speaking.floor().taken

    def remark(self) -> None:
        """Something new is in the picture: say a word about it, if nothing else comes up."""
        self.queue(Errand(self.requests.make("moment", "scene", priority="low")), most=1)

    def link_changed(self) -> None:
        """The uplink went, or came back."""
        self._moments.link(self.show.link.quality, now=self.clock.now())
        self.wake()

    def empty(self, outcome: Outcome = "muted") -> int:
        """Drop everything that waits, also for a person; how much it was."""
        dropped = self.selection.drop(outcome, now=self.clock.now())
        self.decisions.publish(dropped)
        self.early.drop()
        count = self.errands.drop() + sum(len(each.messages) for each in dropped)
        return count + self.speaking.drop_waiting(outcome)

    def retract(self, retraction: Retraction) -> int:
        """Answer nothing that is taken back, and show no such answer; how many wait or run."""
        stopped = self.errands.retract(retraction) + self.speaking.retract(retraction)
        self.turns.own.retract(retraction)
        last = self.last.turn
        if last is not None and last.request.is_taken_back(retraction):
            self.last.take_back()
        return stopped

    def cut(self, quotes: Callable[[str], bool]) -> int:
        """Stop the turns that quote what is taken back though they answer something else."""
        quoting = [each for each in self.speaking.turns if quotes(each.about)]
        for each in quoting:
            each.take_back()
        last = self.last.turn
        if last is not None and quotes(last.about):
            self.on_taken_back(last.request)
            self.last.take_back()
        self.short_term.retract_own(quotes)
        return len(quoting)

    def decided(self, verdicts: list[Verdict]) -> None:
        """Publish decisions, and start the turn if one of them is to answer."""
        answer = next((each for each in verdicts if each.kind == "answer"), None)
        request = self.requests.answering(answer) if answer else None
        self.decisions.publish(verdicts, turn=request.turn if request else None)
        if request is not None:
            asker = request.messages[-1].user_id
            self.selection.answered([asker], now=self.clock.now())
            self._start(Errand(request))

    def withdraw(self, turn: TurnId) -> None:
        """It is not wanted any more; what is heard already is let alone."""
        if self.errands.withdraw(turn) or not self.pending(turn):
            return
        self.speaking.stop("interrupted")

    def pending(self, turn: TurnId) -> bool:
        """Does it wait, or is it being worded, and nothing of it was heard?"""
        running = self.speaking.turn
        if running is not None and running.request.turn == turn:
            return not running.sounding
        return self.errands.waits(turn)

    def _step(self) -> None:
        self.selection.rules = self.show.paced(self.controls.rules)
        if self.speaking.let_in():
            return
        now, floor = self.clock.now(), self.speaking.floor()
        self.told_aloud.look(now=now)
        self._look_for_moments(floor, now)
        for expired in self.errands.expired(now=now):
            log.warning("expired before it could be said", turn=expired.request.turn)
            self._make(expired).expire()
        if self._run_errand(floor, now, lowest="normal"):
            return
        self.decided(self.selection.next(floor, now=now, dice=self.dice))
        self._run_errand(self.speaking.floor(), now, lowest="low")

    def _run_errand(self, floor: Floor, now: float, *, lowest: Priority) -> bool:
        cooldown = self.controls.cooldown
        errand = self.errands.next(floor, now=now, cooldown=cooldown, lowest=lowest)
        if errand is not None:
            self._start(replace(errand, request=errand.request.model_copy(update={"decided": now})))
        return errand is not None

    def _look_for_moments(self, floor: Floor, now: float) -> None:
        """Something that nobody asked for, if this is the time for it."""
        if floor.taken or len(self.errands):
            return
        reason = self._moments.due(self._silence(), now=now)
        if reason is not None:
            priority: Priority = "low" if reason == "idle" else "normal"
            self.errands.add(Errand(self.requests.make("moment", reason, priority=priority)))

    def _silence(self) -> Silence:
        idle = self.controls.persona.behavior.idle_after
        return Silence(
            quiet_since=max(self.speaking.quiet_since, self._began),
            talked_until=self.show.streamer.until,
            idle_after=idle if self.show.watched else None,
        )

    async def _sleep(self) -> None:
        now, floor = self.clock.now(), self.speaking.floor()
        wakes = [
            self.selection.wake_at(floor, now=now),
            self.controls.inhibited_until,
            self.errands.wake_at(floor, cooldown=self.controls.cooldown),
            self.show.streamer.breath_over(now=now),
            None if floor.taken else self._moments.wake_at(self._silence()),
        ]
        due = min((at for at in wakes if at is not None), default=None)
        try:
            async with asyncio.timeout(None if due is None else max(0.005, due - now)):
                await self._woken.wait()
        except TimeoutError:
            if floor.streamer or floor.inhibited or self.show.streamer.breath_over(now=now):
                self.wake()  # turns that wait for the floor look again, too
                self.show.publish()

    def _start(self, errand: Errand) -> None:
        turn, task = self.early.take(errand) or (self._make(errand), None)
        self.on_begun(turn)
        self.speaking.begin(turn, on_end=self._ended, task=task)

    def _make(self, errand: Errand, *, early: bool = False) -> Turn:
        errand = in_own_words(errand, self.controls.persona)
        whole = self.controls.approval and errand.request.origin != "say"
        speaking = self.speaking
        return self.turns.make(
            errand,
            permit=speaking.permit,
            free=speaking.free,
            hold=speaking.hold,
            whole=whole,
            early=early,
        )

    def _ended(self, turn: Turn, task: asyncio.Task[Outcome]) -> None:
        self.on_ended(turn)
        self.last.turn = None if turn.taken_back else turn
        if (heard := turn.talker.heard) and not turn.taken_back:
            line = Line(speaker="cohost", user=turn.persona.name, text=heard)
            self.short_term.add(line, answers=turn.request.messages)
            self.on_heard(turn.request, turn.persona.name, heard)
            if (action := turn.answer.action) and turn.outcome == "finished":
                self.on_action(turn, action)
            if turn.request.origin == "chat" and turn.outcome == "finished":
                asked = turn.request.messages[-1]
                self.decisions.publish(self.selection.heard(asked, now=self.clock.now()))
        if not task.cancelled() and (error := task.exception()):
            log.error("turn failed", turn=turn.request.turn, exc_info=error)
        self.wake()

    async def _end(self) -> None:
        self.empty("interrupted")
        await self.speaking.end()
        await self.early.close()

    def queue(self, errand: Errand, *, most: int = MOST_WAITING) -> TurnId | None:
        """Let an errand wait, and make room for it if it is urgent; None if too much waits."""
        if not self.errands.add(errand, most=most):
            return None
        match preempts(errand.request.priority):
            case "cut":
                self.speaking.stop("interrupted")
            case "shorten":
                self.speaking.shorten()
        self.wake()
        return errand.request.turn
