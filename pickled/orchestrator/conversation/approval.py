"""Answers that wait for a person: shown on `held/state`, approved, rejected, or expired."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from pickled.errors import CommandRefused
from pickled.messages.base import TurnId
from pickled.messages.response import HeldAnswer, Recipient
from pickled.messages.state import HeldState
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.publishing.tap import PublishingTap

EXPIRES_S = 30.0
"""An answer that nobody looked at for so long is not spoken any more."""

SHOWN_S = 0.5
"""An empty payload means the answer that has been shown for at least so long."""

MOST_HELD = 10
"""Answers that wait at the same time; the oldest expires for a new one."""

Decision = Literal["approved", "rejected", "expired"]


@dataclass
class _Held:
    answer: HeldAnswer
    decided: asyncio.Future[Decision]
    shown_at: float | None = None
    """When `held/state` first had it."""


@dataclass
class Approval:
    """The answers that wait, oldest first."""

    states: States
    tap: PublishingTap
    clock: Clock
    _held: dict[TurnId, _Held] = field(default_factory=dict)

    def listen(self) -> None:
        """Notice when an answer has been shown."""
        self.tap.on("held/state", self._shown)

    async def ask(
        self,
        turn: TurnId,
        text: str,
        to: tuple[Recipient, ...],
        *,
        action: str = "",
        args: Mapping[str, str] | None = None,
    ) -> Decision:
        """Show an answer, an action or both, and wait for what a person says to it."""
        if len(self._held) >= MOST_HELD:
            self._decide(next(iter(self._held)), "expired")
        until = self.clock.wall() + timedelta(seconds=EXPIRES_S)
        answer = HeldAnswer(
            turn=turn, text=text, to=to, expires_at=until, action=action, args=dict(args or {})
        )
        held = _Held(answer, asyncio.get_running_loop().create_future())
        self._held[turn] = held
        self.publish()
        try:
            return await asyncio.wait_for(held.decided, EXPIRES_S)
        except TimeoutError:
            return "expired"
        finally:
            self._held.pop(turn, None)
            self.publish()

    def decide(self, turn: TurnId | None, decision: Decision) -> TurnId:
        """What a person says to that one, or to the oldest that they can have seen.

        Raises CommandRefused: `stale` if nothing waits, or it has only just been shown;
        `unknown_turn` if that one doesn't wait.
        """
        if turn is not None and turn not in self._held:
            raise CommandRefused("unknown_turn", "that answer does not wait", field="turn")
        if turn is None:
            oldest = next(iter(self._held.values()), None)
            if oldest is None:
                raise CommandRefused("stale", "no answer waits")
            if oldest.shown_at is None or self.clock.now() - oldest.shown_at < SHOWN_S:
                raise CommandRefused("stale", "this answer has only just been shown")
            turn = oldest.answer.turn
        self._decide(turn, decision)
        return turn

    def drop(self, turn: TurnId) -> bool:
        """Who it was for was taken back; False if nothing of that turn waits."""
        if waits := turn in self._held:
            self._decide(turn, "rejected")
        return waits

    def publish(self) -> None:
        """`held/state`."""
        self.states.set("held/state", HeldState(tuple(each.answer for each in self._held.values())))

    def _shown(self, state: HeldState) -> None:
        """It went out: from now on somebody can have seen it."""
        for answer in state.root:
            held = self._held.get(answer.turn)
            if held is not None and held.shown_at is None:
                held.shown_at = self.clock.now()

    def _decide(self, turn: TurnId, decision: Decision) -> None:
        held = self._held.pop(turn)
        if not held.decided.done():
            held.decided.set_result(decision)
        self.publish()
