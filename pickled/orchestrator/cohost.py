"""The co-host's loop: what waits is decided at the right moment, and one turn speaks at a time."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import structlog

from pickled.brain.address import addressed
from pickled.brain.floor import Floor, interrupts, is_own_voice, may_begin, preempts
from pickled.brain.gate import Rules, Selection, Verdict
from pickled.memory.short_term import ShortTerm
from pickled.messages.base import TurnId
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Origin, Priority, Request
from pickled.messages.memory import Line
from pickled.messages.response import Outcome
from pickled.messages.speech import Speech
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.approval import Approval
from pickled.orchestrator.clock import Clock
from pickled.orchestrator.controls import Controls
from pickled.orchestrator.decisions import Decisions
from pickled.orchestrator.errands import MOST_WAITING, WAIT_S, Errand, Errands
from pickled.orchestrator.occasions import Moments, Reactions, Silence, told
from pickled.orchestrator.show import Show
from pickled.orchestrator.state import States
from pickled.orchestrator.turn import Turn, recipients
from pickled.orchestrator.turns import Turns, turn_id

log = structlog.get_logger()

KNOWN_TURNS = 200

LAST_TURN_S = 1.5
"""At the end, so long the running turn may take to fall silent."""

ALONE_S = 1.0
"""While the uplink is lost, the longest pause between two answers to chat."""

STALE_S = 6.0
"""An answer that nobody asked for by name is not worth waiting longer for the floor."""


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
    approval: Approval
    random: random.Random
    on_heard: Callable[[Request, str, str], None]
    """Called with what was answered, by which persona, and the words that were played."""
    turn: Turn | None = field(default=None, init=False)
    """The one that has the floor."""
    last: Turn | None = field(default=None, init=False)
    known: deque[TurnId] = field(default_factory=lambda: deque(maxlen=KNOWN_TURNS), init=False)
    """The last turns."""
    _tasks: dict[TurnId, tuple[Turn, asyncio.Task[Outcome]]] = field(
        default_factory=dict, init=False
    )
    """All that run, also those that wait for a person."""
    _entering: deque[tuple[Turn, asyncio.Future[None]]] = field(default_factory=deque, init=False)
    """Approved turns that wait for the floor."""
    _errands: Errands = field(default_factory=Errands, init=False)
    _moments: Moments = field(default_factory=Moments, init=False)
    _reactions: Reactions = field(default_factory=Reactions, init=False)
    _quiet_since: float = field(default=float("-inf"), init=False)
    _began: float = field(default=float("-inf"), init=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Set and replaced at every change, for turns that wait for the floor."""

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
        self._changed.set()
        self._changed = asyncio.Event()

    def say(self, text: str, *, target: str | None, priority: Priority) -> TurnId | None:
        """Speak this when the floor is free; None if too much waits already."""
        request = self._request("say", "say", priority=priority)
        return self._queue(Errand(request, script=text, target=target))

    def ask(self, text: str, *, user: str) -> TurnId | None:
        """Answer this as if the streamer had said it; None if too much waits already."""
        return self._queue(Errand(self._request("ask", "ask", (self._spoken(text, user),))))

    def react(self, event: StreamEvent) -> None:
        """A raid, a sub, a tip: say something about it."""
        worth = self._reactions.worth(event, now=self.clock.now())
        if worth and not (self.controls.muted or self.controls.paused):
            message = self._spoken(told(event), event.user)
            priority: Priority = "high" if event.event_type == "raid" else "normal"
            request = self._request("stream", event.event_type, (message,), priority=priority)
            if not self._errands.join(request):
                self._queue(Errand(request), most=MOST_WAITING // 2)

    def hear(self, speech: Speech) -> bool:
        """The streamer speaks; False if it was only the co-host's own voice that came back."""
        speaking = self.turn.about if self.turn is not None and self.turn.sounding else ""
        if speaking and is_own_voice(speech.text, own=speaking):
            return False
        final = speech.event_type == "final"
        spoken = self._spoken(speech.text, "streamer") if final and speech.text else None
        to_us = spoken is not None and addressed(spoken, self.controls.persona.triggers)
        self.show.hear(speech, to_us=to_us)
        if speaking and speech.text and interrupts(speech.text, own=speaking):
            self.stop("interrupted")
        if to_us and spoken and not (self.controls.muted or self.controls.paused):
            self._queue(Errand(self._request("speech", "streamer", (spoken,))))
        self.wake()
        return True

    def link_changed(self) -> None:
        """The uplink went, or came back."""
        self._moments.link(self.show.link.quality, now=self.clock.now())
        self.wake()

    def yield_floor(self) -> None:
        """Somebody took a do-not-speak lease: come to an end after this clause."""
        if self.turn is not None:
            self.turn.shorten()

    def stop(self, outcome: Outcome) -> bool:
        """Stop the turn that has the floor; False if there is none."""
        if self.turn is None:
            return False
        self.turn.cancel(outcome)
        return True

    def empty(self, outcome: Outcome = "muted") -> int:
        """Drop everything that waits, also for a person; how much it was."""
        dropped = self.selection.drop(outcome, now=self.clock.now())
        self.decisions.publish(dropped)
        count = self._errands.drop() + sum(len(each.messages) for each in dropped)
        for turn, _ in list(self._tasks.values()):
            if turn is not self.turn:
                turn.cancel(outcome)
                count += 1
        return count

    def retract(self, message_id: str | None, user_id: str | None) -> int:
        """Stop the turns that answer what was taken back, and take its traces from the states."""

        def concerned(request: Request) -> bool:
            if message_id is None and user_id is None:
                return request.origin == "chat"
            return any(
                each.id == message_id or (user_id and each.user_id == user_id)
                for each in request.messages
            )

        stopped = self._errands.drop(concerned)
        for turn, _ in list(self._tasks.values()):
            if concerned(turn.request):
                turn.take_back()
                stopped += 1
        if self.last is not None and concerned(self.last.request):
            cleaned = self.last.state().model_copy(update={"to": (), "text": "", "heard": ""})
            self.states.set("response/state", cleaned, again=True)
            self.last = None
        return stopped

    def begun_s(self) -> float | None:
        """How long the running turn has been running, seconds; None without one."""
        return None if self.turn is None else self.clock.now() - self.turn.stages.decided

    def decided(self, verdicts: list[Verdict]) -> None:
        """Publish decisions, and start the turn if one of them is to answer."""
        answer = next((each for each in verdicts if each.kind == "answer"), None)
        request = self._answering(answer) if answer else None
        self.decisions.publish(verdicts, turn=request.turn if request else None)
        if request is not None:
            asker = request.messages[-1].user_id
            self.selection.answered([asker], now=self.clock.now())
            self._start(Errand(request))

    def _step(self) -> None:
        now, floor = self.clock.now(), self._floor()
        self.selection.rules = self._rules()
        if self._entering and may_begin("normal", floor, now=now, cooldown=0.0):
            turn, entered = self._entering.popleft()
            self.turn, turn.held = turn, False
            entered.set_result(None)
            return
        self._look_for_moments(floor, now)
        for expired in self._errands.expired(now=now):
            log.warning("expired before it could be said", turn=expired.request.turn)
            self._make(expired).expire()
        if self._run_errand(floor, now, lowest="normal"):
            return
        self.decided(self.selection.next(floor, now=now, dice=self.random.random))
        self._run_errand(self._floor(), now, lowest="low")

    def _rules(self) -> Rules:
        """Nobody else speaks while the link is lost: chat need not wait for its answers then."""
        rules = self.controls.rules
        if self.show.link.quality == "lost":
            return replace(rules, cooldown=min(rules.cooldown, ALONE_S))
        return replace(rules, delay_s=self.show.delay_s)

    def _run_errand(self, floor: Floor, now: float, *, lowest: Priority) -> bool:
        cooldown = self.controls.cooldown
        errand = self._errands.next(floor, now=now, cooldown=cooldown, lowest=lowest)
        if errand is not None:
            self._start(replace(errand, request=errand.request.model_copy(update={"decided": now})))
        return errand is not None

    def _look_for_moments(self, floor: Floor, now: float) -> None:
        """Something that nobody asked for, if this is the time for it."""
        if floor.taken or len(self._errands):
            return
        reason = self._moments.due(self._silence(), now=now)
        if reason is not None:
            priority: Priority = "low" if reason == "idle" else "normal"
            self._errands.add(Errand(self._request("moment", reason, priority=priority)))

    def _silence(self) -> Silence:
        idle = self.controls.persona.behavior.idle_after
        return Silence(
            quiet_since=max(self._quiet_since, self._began),
            talked_until=self.show.streamer.until,
            idle_after=idle if self.show.watched else None,
        )

    def _floor(self) -> Floor:
        return Floor(
            muted=self.controls.muted,
            paused=self.controls.paused,
            inhibited=self.controls.inhibited,
            streamer=self.show.streamer.talking(now=self.clock.now()),
            busy=self.turn is not None,
            quiet_since=self._quiet_since,
        )

    async def _sleep(self) -> None:
        now, floor = self.clock.now(), self._floor()
        wakes = [
            self.selection.wake_at(floor, now=now),
            self.controls.inhibited_until,
            self._errands.wake_at(floor, cooldown=self.controls.cooldown),
            self.show.streamer.until if floor.streamer else None,
            None if floor.taken else self._moments.wake_at(self._silence()),
        ]
        due = min((at for at in wakes if at is not None), default=None)
        try:
            async with asyncio.timeout(None if due is None else max(0.005, due - now)):
                await self._woken.wait()
        except TimeoutError:
            if floor.streamer or floor.inhibited:
                self.wake()  # turns that wait for the floor look again, too
                self.show.publish()

    async def _permit(self, turn: Turn) -> Outcome | None:
        """May it be heard? When the floor is free again, and a person agrees where one has to."""
        if turn.whole:
            turn.held, self.turn = True, None
            self._quiet_since = self.clock.now()  # a person can't read one after the other
            self.states.set("thinking/state", False)
            self.wake()
            to = recipients(turn.request)
            decision = await self.approval.ask(turn.request.turn, turn.about, to)
            if decision != "approved":
                return decision
            entered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._entering.append((turn, entered))
            self.wake()
            try:
                await asyncio.wait_for(entered, WAIT_S)
            except TimeoutError:
                return "expired"
            finally:
                self._entering = deque(each for each in self._entering if each[0] is not turn)
        return await self._until_free(turn)

    async def _until_free(self, turn: Turn) -> Outcome | None:
        """While it was written, the streamer may have begun to talk: wait, but not for too long."""
        named = turn.request.reason in ("mention", "streamer", "ask", "say") or turn.whole
        patience = self.controls.rules.mention_ttl if named else STALE_S
        until = self.clock.now() + patience
        while (floor := self._floor()).streamer or floor.inhibited:
            if turn.request.priority == "critical" and not floor.inhibited:
                return None
            try:
                async with asyncio.timeout(max(0.0, until - self.clock.now())):
                    await self._changed.wait()
            except TimeoutError:
                return "expired"
        return None

    def _start(self, errand: Errand) -> None:
        turn = self._make(errand)
        name = turn.request.turn
        self.turn = turn
        self.known.append(name)
        task = asyncio.create_task(turn.run(), name=f"turn {name}")
        self._tasks[name] = (turn, task)
        task.add_done_callback(lambda done: self._ended(turn, done))

    def _make(self, errand: Errand) -> Turn:
        whole = self.controls.approval and errand.request.origin != "say"
        return self.turns.make(errand, permit=self._permit, whole=whole)

    def _ended(self, turn: Turn, task: asyncio.Task[Outcome]) -> None:
        self._tasks.pop(turn.request.turn, None)
        if self.turn is turn:
            self.turn, self._quiet_since = None, self.clock.now()
        self.last = turn
        if (heard := turn.talker.heard) and not turn.taken_back:
            line = Line(speaker="cohost", user=turn.persona.name, text=heard)
            self.short_term.add(line, answers=turn.request.messages)
            self.on_heard(turn.request, turn.persona.name, heard)
            if turn.request.origin == "chat" and turn.outcome == "finished":
                asked = turn.request.messages[-1]
                self.decisions.publish(self.selection.heard(asked, now=self.clock.now()))
        if not task.cancelled() and (error := task.exception()):
            log.error("turn failed", turn=turn.request.turn, exc_info=error)
        self.wake()

    async def _end(self) -> None:
        self.empty("interrupted")
        self.stop("interrupted")
        if self._tasks:
            await asyncio.wait([task for _, task in self._tasks.values()], timeout=LAST_TURN_S)

    def _queue(self, errand: Errand, *, most: int = MOST_WAITING) -> TurnId | None:
        if not self._errands.add(errand, most=most):
            return None
        match preempts(errand.request.priority):
            case "cut":
                self.stop("interrupted")
            case "shorten" if self.turn is not None:
                self.turn.shorten()
        self.wake()
        return errand.request.turn

    def _answering(self, verdict: Verdict) -> Request:
        messages = tuple(each.message for each in verdict.messages)
        request = self._request("chat", verdict.reason, messages)
        viewers = max(1, round(verdict.parts.get("viewers", 1)))
        return request.model_copy(
            update={
                "arrived": verdict.messages[-1].arrived,
                "cluster": verdict.cluster,
                "viewers": viewers,
            }
        )

    def _request(
        self,
        origin: Origin,
        reason: str,
        messages: Iterable[ChatMessage] = (),
        *,
        priority: Priority = "normal",
    ) -> Request:
        now = self.clock.now()
        return Request(
            turn=turn_id(self.random),
            origin=origin,
            reason=reason,
            messages=tuple(messages),
            priority=priority,
            arrived=now,
            decided=now,
        )

    def _spoken(self, text: str, user: str) -> ChatMessage:
        """What did not come from chat, in chat's form."""
        name = turn_id(self.random)
        return ChatMessage(ts=self.clock.wall(), id=name, user=user, user_id="", text=text)
