"""Makes requests: what a turn is about, in one form, whoever wanted it."""

from __future__ import annotations

import base64
import random
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from pickled.brain.selection import Verdict
from pickled.messages.base import TurnId
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Origin, Priority, Request
from pickled.orchestrator.parts.clock import Clock


@dataclass(frozen=True)
class Requests:
    """Gives each a turn's id and the moment."""

    clock: Clock
    random: random.Random
    _unused: deque[TurnId] = field(default_factory=lambda: deque(maxlen=10))
    """Names that were drawn for what nobody came to know."""

    def make(
        self,
        origin: Origin,
        reason: str,
        messages: Iterable[ChatMessage] = (),
        *,
        priority: Priority = "normal",
    ) -> Request:
        """A request of now."""
        now = self.clock.now()
        return Request(
            turn=self._name(),
            origin=origin,
            reason=reason,
            messages=tuple(messages),
            priority=priority,
            arrived=now,
            decided=now,
        )

    def new_turn(self) -> TurnId:
        """The id of a turn in which nothing is said."""
        return turn_id(self.random)

    def answering(self, verdict: Verdict) -> Request:
        """To answer what the selection chose."""
        messages = tuple(each.message for each in verdict.messages)
        request = self.make("chat", verdict.reason, messages)
        viewers = max(1, round(verdict.parts.get("viewers", 1)))
        return request.model_copy(
            update={
                "arrived": verdict.messages[-1].arrived,
                "cluster": verdict.cluster,
                "viewers": viewers,
            }
        )

    def spoken(self, text: str, user: str, *, user_id: str = "") -> ChatMessage:
        """What did not come from chat, in chat's form."""
        name = self._name()
        return ChatMessage(ts=self.clock.wall(), id=name, user=user, user_id=user_id, text=text)

    def give_back(self, *names: TurnId) -> None:
        """These were not needed: the next ones are called so, and no chance is felt twice."""
        self._unused.extend(names)

    def _name(self) -> TurnId:
        return self._unused.popleft() if self._unused else turn_id(self.random)


def turn_id(dice: random.Random) -> TurnId:
    """12 lower-case base32 characters."""
    return base64.b32encode(dice.randbytes(8)).decode().lower()[:12]
