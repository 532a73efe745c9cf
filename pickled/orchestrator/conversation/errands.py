"""What a person, a stream event or the moment wants said, outside of the chat's queue."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from math import inf

from pickled.brain.floor import Floor, may_begin
from pickled.messages.base import TurnId
from pickled.messages.chat import Retraction
from pickled.messages.decision import Priority, Request
from pickled.messages.emotion import Emotion
from pickled.messages.stream import StreamEvent

MOST_WAITING = 20
"""Errands that wait for their turn; more are refused."""

WAIT_S = 20.0
"""What waited longer to be said is not worth saying any more."""

TOGETHER = frozenset({"follow", "sub", "resub", "gift"})
"""Stream events of which several that wait are told as one: a gift of ten subs is one thank-you."""

GATHER_S: dict[str, float] = {"sub": 1.5, "resub": 1.5, "gift": 1.5, "cheer": 1.0}
"""Of these, so long is waited for more of a burst; for a cheer, for its line of chat, s."""

LONGEST_GATHERING_S = 5.0
"""A burst that goes on is thanked for all the same."""

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
    emotion: Emotion | None = None
    """Of the script; None: no particular one."""
    events: tuple[StreamEvent, ...] = ()
    """What it tells of, where the persona may have texts of its own for that."""
    not_before: float = -inf
    """It may be said from then on, in seconds of the loop's clock."""
    until: float = inf
    """After that it is not worth saying any more."""

    @property
    def expires(self) -> float:
        """When it has waited too long."""
        return min(self.until, max(self.request.arrived, self.not_before) + WAIT_S)


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

    def join(self, errand: Errand) -> bool:
        """Tell it together with one of the same kind that waits; False if none does."""
        request = errand.request
        if request.reason not in TOGETHER:
            return False
        for place, other in enumerate(self._waiting):
            known = other.request
            if known.origin == "stream" and known.reason == request.reason:
                told = (*known.messages, *request.messages)[-MOST_TOLD:]
                both = {"messages": told, "viewers": known.viewers + request.viewers}
                latest = known.arrived + LONGEST_GATHERING_S
                self._waiting[place] = replace(
                    other,
                    request=known.model_copy(update=both),
                    events=(*other.events, *errand.events)[-MOST_TOLD:],
                    not_before=min(latest, max(other.not_before, errand.not_before)),
                )
                return True
        return False

    def adopt(self, errand: Errand) -> bool:
        """Take the place of what waits about the same cheer; False if nothing does."""
        who = errand.request.messages[-1]
        for place, other in enumerate(self._waiting):
            known = other.request
            if (known.origin, known.reason) == ("stream", "cheer") and all(
                (each.user_id, each.user) == (who.user_id, who.user) for each in known.messages
            ):
                self._waiting[place] = errand
                return True
        return False

    def take_back(self, reason: str) -> None:
        """What waits of that reason is over before it was told."""
        left = (each for each in self._waiting if each.request.reason != reason)
        self._waiting = deque(left)

    def next(
        self, floor: Floor, *, now: float, cooldown: float, lowest: Priority = "low"
    ) -> Errand | None:
        """The one that may be said now, and is at least so urgent, out of the queue."""
        for priority in _ORDER[: _ORDER.index(lowest) + 1]:
            if not may_begin(priority, floor, now=now, cooldown=cooldown):
                continue
            for errand in self._waiting:
                if errand.request.priority == priority and now >= errand.not_before:
                    self._waiting.remove(errand)
                    return errand
        return None

    def expired(self, *, now: float) -> list[Errand]:
        """Those that waited too long, out of the queue."""
        gone = [each for each in self._waiting if now > each.expires]
        for each in gone:
            self._waiting.remove(each)
        return gone

    def wake_at(self, floor: Floor, *, cooldown: float) -> float | None:
        """When one of them expires, or the cooldown that one waits for is over."""
        if not self._waiting:
            return None
        moments = [min(each.expires for each in self._waiting)]
        if not floor.taken:
            moments += [each.not_before for each in self._waiting if each.not_before > -inf]
            if any(each.request.priority == "low" for each in self._waiting):
                moments.append(floor.quiet_since + cooldown)
        return min(moments)

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
        gone, left = 0, deque[Errand]()
        for each in self._waiting:
            stays = _without(each, retraction)
            gone += stays is not each
            if stays is not None:
                left.append(stays)
        self._waiting = left
        return gone


def _without(errand: Errand, retraction: Retraction) -> Errand | None:
    """What is left to be said of it: of a burst, thanks to the others."""
    request = errand.request
    if not request.is_taken_back(retraction):
        return errand
    stay = tuple(each for each in request.messages if not retraction.concerns(each))
    if request.origin != "stream" or not stay:
        return None
    viewers = max(1, request.viewers - (len(request.messages) - len(stay)))
    left = {"messages": stay, "viewers": viewers}
    events = tuple(each for each in errand.events if each.user_id != retraction.id)
    return replace(errand, request=request.model_copy(update=left), events=events)
