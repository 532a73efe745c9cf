"""Who has the floor: one turn speaks, approved ones wait to, and others wait for a person."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from pickled.brain.floor import Floor, may_begin
from pickled.errors import CommandRefused
from pickled.messages.base import TurnId
from pickled.messages.chat import Retraction
from pickled.messages.response import Outcome
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.conversation.approval import Approval
from pickled.orchestrator.conversation.errands import WAIT_S
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.situation.show import Show
from pickled.orchestrator.turn.asked import recipients
from pickled.orchestrator.turn.turn import Turn

KNOWN_TURNS = 200

LAST_TURN_S = 1.5
"""At the end, so long the running turn may take to fall silent."""

STALE_S = 6.0
"""An answer that nobody asked for by name is not worth waiting longer for the floor."""

_ASKED_FOR = ("mention", "wanted", "streamer", "ask", "say")


@dataclass
class Speaking:
    """The turns that run, and the one that may be heard."""

    controls: Controls
    show: Show
    approval: Approval
    states: States
    clock: Clock
    turn: Turn | None = field(default=None, init=False)
    """The one that has the floor."""
    known: deque[TurnId] = field(default_factory=lambda: deque(maxlen=KNOWN_TURNS), init=False)
    """The last turns."""
    quiet_since: float = field(default=float("-inf"), init=False)
    """End of the last sound, in seconds of the loop's clock."""
    on_change: Callable[[], None] = field(default=lambda: None, init=False)
    """Called when the floor may be free for others."""
    _running: dict[TurnId, tuple[Turn, asyncio.Task[Outcome]]] = field(
        default_factory=dict, init=False
    )
    _entering: deque[tuple[Turn, asyncio.Future[None]]] = field(default_factory=deque, init=False)
    """Approved turns that wait for the floor."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Set and replaced at every change, for turns that wait."""

    def look_again(self) -> None:
        """Something changed: turns that wait for the floor shall see."""
        self._changed.set()
        self._changed = asyncio.Event()

    def floor(self) -> Floor:
        """May it speak now?"""
        return Floor(
            muted=self.controls.muted,
            paused=self.controls.paused,
            inhibited=self.controls.inhibited,
            streamer=self.show.streamer.talking(now=self.clock.now()),
            busy=self.turn is not None,
            quiet_since=self.quiet_since,
        )

    @property
    def turns(self) -> list[Turn]:
        """All that run, also those that wait for a person."""
        return [turn for turn, _ in self._running.values()]

    def begin(
        self,
        turn: Turn,
        *,
        on_end: Callable[[Turn, asyncio.Task[Outcome]], None],
        task: asyncio.Task[Outcome] | None = None,
    ) -> None:
        """Give a turn the floor, and run it, unless it runs already, as that task.

        `on_end` is called when it has ended.
        """
        name = turn.request.turn
        self.turn = turn
        self.known.append(name)
        task = task or asyncio.create_task(turn.run(), name=f"turn {name}")
        self._running[name] = (turn, task)

        def ended(task: asyncio.Task[Outcome]) -> None:
            self._running.pop(name, None)
            if self.turn is turn:
                self.turn, self.quiet_since = None, self.clock.now()
            on_end(turn, task)

        task.add_done_callback(ended)

    def let_in(self) -> bool:
        """Give the floor to the turn that was approved first, if it is free; False if none is."""
        free = may_begin("normal", self.floor(), now=self.clock.now(), cooldown=0.0)
        if not self._entering or not free:
            return False
        turn, entered = self._entering.popleft()
        self.turn, turn.held = turn, False
        entered.set_result(None)
        return True

    async def permit(self, turn: Turn) -> Outcome | None:
        """May it be heard? When the floor is free again, and a person agrees where one has to."""
        if turn.whole and (refused := await self._held(turn)):
            return refused
        return await self._until_free(turn)

    def free(self) -> bool:
        """Would a turn that has the floor be let in at once?"""
        pausing = self.show.streamer.breathing(now=self.clock.now())
        return not (pausing or self.controls.inhibited)

    async def hold(self, _turn: Turn) -> None:
        """Does somebody begin to talk over it? Then it goes on when it was only a noise."""
        while (streamer := self.show.streamer).doubtful(now=self.clock.now()):
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, streamer.doubt_until - self.clock.now())):
                    await self._changed.wait()

    def shorten(self) -> None:
        """Let the turn that has the floor come to an end after its clause."""
        if self.turn is not None:
            self.turn.shorten()

    def stop(self, outcome: Outcome) -> bool:
        """Stop the turn that has the floor; False if there is none."""
        if self.turn is None:
            return False
        self.turn.cancel(outcome)
        return True

    def drop_waiting(self, outcome: Outcome) -> int:
        """Stop the turns that wait for a person or for the floor; how many."""
        waiting = [turn for turn in self.turns if turn is not self.turn]
        for turn in waiting:
            turn.cancel(outcome)
        return len(waiting)

    def retract(self, retraction: Retraction) -> int:
        """Stop the turns that answer what is taken back, also those that wait; how many."""
        answering = [each for each in self.turns if each.request.is_taken_back(retraction)]
        for turn in answering:
            turn.take_back()
        return len(answering)

    def refuse_answered(self, message_id: str) -> None:
        """Raises CommandRefused if a turn answers that line already."""
        asked = (each.id for turn in self.turns for each in turn.request.messages)
        if message_id in asked:
            raise CommandRefused("stale", "that line is being answered", field="message")

    def begun_s(self) -> float | None:
        """How long the turn has had the floor, s; None without one."""
        return None if self.turn is None else self.clock.now() - self.turn.stages.decided

    async def end(self) -> None:
        """Stop everything, and wait for it, but not for ever."""
        self.drop_waiting("interrupted")
        self.stop("interrupted")
        if self._running:
            await asyncio.wait([task for _, task in self._running.values()], timeout=LAST_TURN_S)

    async def _held(self, turn: Turn) -> Outcome | None:
        """Leave the floor to others until a person has decided; then wait for it again."""
        turn.held, self.turn = True, None
        self.quiet_since = self.clock.now()  # a person can't read one after the other
        self.states.set("thinking/state", False)
        self.on_change()
        to = recipients(turn.request)
        action = turn.answer.action or ""
        decision = await self.approval.ask(turn.request.turn, turn.about, to, action=action)
        if decision != "approved":
            return decision
        entered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._entering.append((turn, entered))
        self.on_change()
        try:
            await asyncio.wait_for(entered, WAIT_S)
        except TimeoutError:
            return "expired"
        finally:
            self._entering = deque(each for each in self._entering if each[0] is not turn)
        return None

    async def _until_free(self, turn: Turn) -> Outcome | None:
        """While it was written, the streamer may have begun to talk: wait, but not for too long."""
        asked_for = turn.request.reason in _ASKED_FOR or turn.whole
        patience = self.controls.rules.mention_ttl if asked_for else STALE_S
        until = self.clock.now() + patience
        streamer = self.show.streamer
        while (floor := self.floor()).inhibited or streamer.breathing(now=self.clock.now()):
            if turn.request.priority == "critical" and not floor.inhibited:
                return None
            try:
                async with asyncio.timeout(max(0.0, until - self.clock.now())):
                    await self._changed.wait()
            except TimeoutError:
                return "expired"
        return None
