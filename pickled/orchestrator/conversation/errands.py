"""What a person, a stream event or the moment wants said, outside of the chat's queue."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from pickled.brain.floor import Floor, may_begin
from pickled.messages.base import TurnId
from pickled.messages.chat import Retraction
from pickled.messages.decision import Priority, Request

MOST_WAITING = 20
"""Errands that wait for their turn; more are refused."""

WAIT_S = 20.0
"""What waited longer to be said is not worth saying any more."""

TOGETHER = frozenset({"follow", "sub", "resub", "gift"})
"""Stream events of which several that wait are told as one: a gift of ten subs is one thank-you."""

MOST_TOLD = 10
"""So many of them are named, the newest; the others are counted."""

_ORDER: tuple[Priority, ...] = ("critical", "high", "normal", "low")


@dataclass(frozen=True)
class Errand:
    """One thing to say."""

    request: Request
    script: str = ""
    """Spoken as given; empty: the model words it."""
    target: str | None = None
    """A node or a role; None: everybody."""


@dataclass
class Errands:
    """Waiting errands: the most urgent first, then the oldest."""

    _waiting: deque[Errand] = field(default_factory=deque)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, errand: Errand, *, most: int = MOST_WAITING) -> bool:
        """Let it wait; False if too much waits already."""
        if len(self._waiting) >= most:
            return False
        self._waiting.append(errand)
        return True

    def join(self, request: Request) -> bool:
        """Tell it together with one of the same kind that waits; False if none does."""
        if request.reason not in TOGETHER:
            return False
        for place, errand in enumerate(self._waiting):
            known = errand.request
            if known.origin == "stream" and known.reason == request.reason:
                told = (*known.messages, *request.messages)[-MOST_TOLD:]
                both = {"messages": told, "viewers": known.viewers + request.viewers}
                self._waiting[place] = replace(errand, request=known.model_copy(update=both))
                return True
        return False

    def next(
        self, floor: Floor, *, now: float, cooldown: float, lowest: Priority = "low"
    ) -> Errand | None:
        """The one that may be said now, and is at least so urgent, out of the queue."""
        for priority in _ORDER[: _ORDER.index(lowest) + 1]:
            if not may_begin(priority, floor, now=now, cooldown=cooldown):
                continue
            for errand in self._waiting:
                if errand.request.priority == priority:
                    self._waiting.remove(errand)
                    return errand
        return None

    def expired(self, *, now: float) -> list[Errand]:
        """Those that waited too long, out of the queue."""
        gone = [each for each in self._waiting if now - each.request.arrived > WAIT_S]
        for each in gone:
            self._waiting.remove(each)
        return gone

    def wake_at(self, floor: Floor, *, cooldown: float) -> float | None:
        """When one of them expires, or the cooldown that one waits for is over."""
        if not self._waiting:
            return None
        expiry = min(each.request.arrived for each in self._waiting) + WAIT_S
        low = any(each.request.priority == "low" for each in self._waiting)
        return min(expiry, floor.quiet_since + cooldown) if low and not floor.taken else expiry

    def withdraw(self, turn: TurnId) -> bool:
        """That one is not wanted any more; False if it does not wait."""
        found = next((each for each in self._waiting if each.request.turn == turn), None)
        if found is not None:
            self._waiting.remove(found)
        return found is not None

    def waits(self, turn: TurnId) -> bool:
        """Has it not begun?"""
        return any(each.request.turn == turn for each in self._waiting)

    def drop(self) -> int:
        """Let none wait any more; how many did."""
        gone = len(self._waiting)
        self._waiting.clear()
        return gone

    def retract(self, retraction: Retraction) -> int:
        """Say nothing to what is taken back; how many errands went."""
        before = len(self._waiting)
        self._waiting = deque(
            each for each in self._waiting if not each.request.is_taken_back(retraction)
        )
        return before - len(self._waiting)
