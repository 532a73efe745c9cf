"""The co-host's loop: what waits is decided at the right moment, and one turn runs at a time."""

from __future__ import annotations

import asyncio
import base64
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import structlog

from pickled.brain import prompt as prompting
from pickled.brain.gate import Floor, Selection, Verdict
from pickled.brain.persona import Persona
from pickled.memory.short_term import ShortTerm
from pickled.messages.base import TurnId
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Priority, Request
from pickled.messages.memory import Line
from pickled.messages.response import Outcome
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.clock import Clock
from pickled.orchestrator.controls import Controls
from pickled.orchestrator.decisions import Decisions
from pickled.orchestrator.events import Events
from pickled.orchestrator.ladder import Ladder
from pickled.orchestrator.remembering import Recalled
from pickled.orchestrator.stages import Ledger, Stages
from pickled.orchestrator.state import States
from pickled.orchestrator.talking import Manner, Talker
from pickled.orchestrator.turn import Prepared, Turn
from pickled.orchestrator.writing import Writer
from pickled.outputs.voice.speaker import Speaker
from pickled.tts import Synthesizer

log = structlog.get_logger()

KNOWN_TURNS = 200

MOST_WAITING = 20
"""Texts to say and questions to answer that wait for their turn; more are refused."""

WAIT_S = 20.0
"""What waited longer to be said is not worth saying any more."""

LAST_TURN_S = 1.5
"""At the end, so long the running turn may take to fall silent."""

REACTIONS = frozenset({"sub", "resub", "gift", "cheer", "tip", "raid", "follow", "redemption"})
REACT_AGAIN_S = 10.0
"""The same person's same event within this time is one."""


class Recall(Protocol):
    """Where memories come from."""

    async def __call__(self, request: Request, *, exclude: Sequence[str]) -> Recalled:
        """What is known about who asks and what is asked; never raises, never takes long."""


@dataclass
class Errand:
    """Something that a person or a stream event asked for, outside of the chat's queue."""

    request: Request
    script: str = ""
    target: str | None = None


@dataclass
class CoHost:
    """Decides, and runs the turns."""

    selection: Selection
    short_term: ShortTerm
    controls: Controls
    decisions: Decisions
    states: States
    events: Events
    clock: Clock
    writer: Writer
    voices: Ladder[Synthesizer]
    speaker: Speaker
    random: random.Random
    recall: Recall
    on_heard: Callable[[Request, str, str], None]
    """Called with what was answered, by which persona, and the words that were played."""
    max_recent: int = 10
    ledger: Ledger = field(default_factory=Ledger)
    turn: Turn | None = field(default=None, init=False)
    last: Turn | None = field(default=None, init=False)
    _task: asyncio.Task[Outcome] | None = field(default=None, init=False)
    _errands: deque[Errand] = field(default_factory=deque, init=False)
    _reacted: dict[tuple[str, str], float] = field(default_factory=dict, init=False)
    _quiet_since: float = field(default=float("-inf"), init=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    known: deque[TurnId] = field(default_factory=lambda: deque(maxlen=KNOWN_TURNS), init=False)
    """The last turns."""

    async def run(self) -> None:
        """Decide whenever something may have changed, until cancelled."""
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

    def say(self, text: str, *, target: str | None, priority: Priority) -> TurnId | None:
        """Speak this when the floor is free; None if too much waits already."""
        request = self._request("say", "say", (), priority=priority)
        return self._queue(Errand(request, script=text, target=target))

    def ask(self, text: str, *, user: str) -> TurnId | None:
        """Answer this as if the streamer had said it; None if too much waits already."""
        request = self._request("ask", "ask", (self._spoken(text, user),))
        return self._queue(Errand(request))

    def react(self, event: StreamEvent) -> None:
        """A raid, a sub, a tip: say something about it."""
        now = self.clock.now()
        self._reacted = {k: at for k, at in self._reacted.items() if now - at < REACT_AGAIN_S}
        key = (event.event_type, event.user_id or event.user)
        if event.event_type not in REACTIONS or key in self._reacted or len(self._reacted) > 100:
            return
        self._reacted[key] = now
        if self.controls.muted or self.controls.paused:
            return
        message = self._spoken(told(event), event.user)
        request = self._request("stream", event.event_type, (message,))
        if len(self._errands) < MOST_WAITING // 2:
            self._errands.append(Errand(request))
            self.wake()

    def stop(self, outcome: Outcome) -> bool:
        """Stop the running turn; False if there is none."""
        if self.turn is None:
            return False
        self.turn.cancel(outcome)
        return True

    def empty(self) -> int:
        """Drop everything that waits; how much it was."""
        count = len(self._errands) + self.selection.remove()
        self._errands.clear()
        return count

    def retract(self, message_id: str | None, user_id: str | None) -> int:
        """Stop the turn that answers what was taken back, and take its traces from the states."""

        def concerned(request: Request) -> bool:
            if message_id is None and user_id is None:
                return request.origin == "chat"
            return any(
                each.id == message_id or (user_id and each.user_id == user_id)
                for each in request.messages
            )

        stopped = 0
        if self.turn is not None and concerned(self.turn.request):
            self.turn.cancel("interrupted")
            stopped = 1
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
        errand = self._errand(answer) if answer else None
        self.decisions.publish(verdicts, turn=errand.request.turn if errand else None)
        if errand is not None:
            self._start(self._make(errand))

    def _step(self) -> None:
        self.selection.rules = self.controls.rules
        if self._run_errand():
            return
        self.decided(
            self.selection.next(self._floor(), now=self.clock.now(), dice=self.random.random)
        )

    def _floor(self) -> Floor:
        return Floor(
            muted=self.controls.muted,
            paused=self.controls.paused,
            inhibited=self.controls.inhibited,
            busy=self._task is not None,
            quiet_since=self._quiet_since,
        )

    async def _sleep(self) -> None:
        now = self.clock.now()
        wakes = [self.selection.wake_at(self._floor(), now=now), self.controls.inhibited_until]
        wakes.append(self._errands[0].request.arrived + WAIT_S if self._errands else None)
        due = min((at for at in wakes if at is not None), default=None)
        try:
            async with asyncio.timeout(None if due is None else max(0.005, due - now)):
                await self._woken.wait()
        except TimeoutError:
            return

    def _run_errand(self) -> bool:
        now = self.clock.now()
        while self._errands and now - self._errands[0].request.arrived > WAIT_S:
            expired = self._errands.popleft()
            log.warning("expired before it could be said", turn=expired.request.turn)
            self._make(expired).expire()
        closed = self.controls.muted or self.controls.inhibited
        if not self._errands or self._task is not None or closed:
            return False
        errand = self._errands.popleft()
        request = errand.request.model_copy(update={"decided": now})
        self._start(self._make(Errand(request, errand.script, errand.target)))
        return True

    def _errand(self, verdict: Verdict) -> Errand:
        asked = verdict.messages[-1]
        request = self._request(
            "chat", verdict.reason, tuple(each.message for each in verdict.messages)
        )
        return Errand(request.model_copy(update={"arrived": asked.arrived}))

    def _make(self, errand: Errand) -> Turn:
        request, persona = errand.request, self.controls.persona
        stages = Stages(arrived=request.arrived, decided=request.decided)
        manner = Manner(persona, self.controls.voice)
        return Turn(
            request=request,
            persona=persona,
            prepare=None if errand.script else partial(self._prepare, persona),
            script=errand.script,
            writer=self.writer,
            talker=Talker(
                turn=request.turn,
                voices=self.voices,
                speaker=self.speaker,
                stages=stages,
                now=self.clock.now,
                on_caption=lambda words: self.states.set("caption/state", words),
                on_sound=lambda: self.states.set("speaking/state", True),
                manner=manner,
                target=errand.target,
                priority=request.priority,
            ),
            states=self.states,
            events=self.events,
            clock=self.clock,
            ledger=self.ledger,
            stages=stages,
        )

    async def _prepare(self, persona: Persona, request: Request) -> Prepared:
        """Recall comes before what is asked is stored: a message can't recall itself."""
        recent = self.short_term.recent(self.max_recent)
        known = [line.message_id for line in recent if line.message_id]
        recalled = await self.recall(request, exclude=known)
        prompt = prompting.build(
            request,
            persona=persona,
            recent=recent,
            max_recent=self.max_recent,
            remembered=recalled.lines,
        )
        return Prepared(prompt, tuple(hit.id for hit in recalled.hits))

    def _start(self, turn: Turn) -> None:
        self.turn = turn
        self.known.append(turn.request.turn)
        self._task = asyncio.create_task(turn.run(), name=f"turn {turn.request.turn}")
        self._task.add_done_callback(lambda task: self._ended(turn, task))

    def _ended(self, turn: Turn, task: asyncio.Task[Outcome]) -> None:
        self.turn, self._task, self.last = None, None, turn
        self._quiet_since = self.clock.now()
        if heard := turn.talker.heard:
            self.short_term.add(Line(speaker="cohost", user=turn.persona.name, text=heard))
            self.on_heard(turn.request, turn.persona.name, heard)
        if not task.cancelled() and (error := task.exception()):
            log.error("turn failed", turn=turn.request.turn, exc_info=error)
        self.wake()

    async def _end(self) -> None:
        if self._task is not None:
            self.stop("interrupted")
            await asyncio.wait([self._task], timeout=LAST_TURN_S)

    def _queue(self, errand: Errand) -> TurnId | None:
        if len(self._errands) >= MOST_WAITING:
            return None
        self._errands.append(errand)
        if errand.request.priority == "critical":
            self._errands.rotate(1)
            self.stop("interrupted")
        self.wake()
        return errand.request.turn

    def _request(
        self,
        origin: str,
        reason: str,
        messages: tuple[ChatMessage, ...],
        *,
        priority: Priority = "normal",
    ) -> Request:
        now = self.clock.now()
        return Request.model_validate(
            {
                "turn": turn_id(self.random),
                "origin": origin,
                "reason": reason,
                "messages": messages,
                "priority": priority,
                "arrived": now,
                "decided": now,
            }
        )

    def _spoken(self, text: str, user: str) -> ChatMessage:
        """What did not come from chat, in chat's form."""
        name = turn_id(self.random)
        return ChatMessage(ts=self.clock.wall(), id=name, user=user, user_id="", text=text)


def told(event: StreamEvent) -> str:
    """What happened on the stream, in words for the prompt."""
    what = event.event_type.replace("_", " ")
    if event.viewers:
        what += f" with {event.viewers} viewers"
    if event.amount:
        what += f" of {event.amount:g} {event.currency or ''}".rstrip()
    if event.months:
        what += f", {event.months} months"
    return f"{what}: {event.text}" if event.text else what


def turn_id(dice: random.Random) -> TurnId:
    """12 lower-case base32 characters."""
    return base64.b32encode(dice.randbytes(8)).decode().lower()[:12]
