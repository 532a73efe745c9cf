"""Chooses what is answered: mentions first, then questions, then chance; says why for the rest."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from pickled.brain.address import addressed as addressed
from pickled.brain.address import is_question, same_words
from pickled.messages.chat import ChatMessage

FLUSH_AFTER = 2.0
"""How long unaddressed messages are collected before they are looked at, s."""

FRESH = 4.0
"""A question older than this is passed over when chat has moved on, s."""

MOST_WAITING = 200
"""Mentions that wait, and unaddressed messages that wait, at most; the oldest goes first."""

REMEMBERED_IDS = 10_000
"""So many messages back, one that comes twice is noticed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits to be decided on."""

    message: ChatMessage
    arrived: float
    """Seconds of the loop's clock."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the persona and the settings ask for; times in seconds."""

    triggers: tuple[str, ...]
    spontaneity: float
    """0–1"""
    cooldown: float
    mention_ttl: float
    batch_size: int
    answer_questions: bool
    stale_after: float = 6.0
    """An unaddressed message that waited this long is dropped."""


@dataclass(frozen=True, slots=True)
class Floor:
    """May it speak?"""

    muted: bool = False
    paused: bool = False
    inhibited: bool = False
    """Somebody holds a do-not-speak lease."""
    busy: bool = False
    """A turn is running, or sound is heard."""
    quiet_since: float = -inf
    """End of the last sound, in seconds of the loop's clock."""

    @property
    def taken(self) -> str:
        """Why nothing can be said now; empty if it can."""
        reasons = {
            "muted": self.muted,
            "paused": self.paused,
            "inhibited": self.inhibited,
            "speaking": self.busy,
        }
        return next((reason for reason, given in reasons.items() if given), "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about some messages."""

    kind: Literal["answer", "skip", "merge", "expire", "hold"]
    reason: str
    messages: tuple[Waiting, ...]
    """Oldest first; in an answer the last one is the one that asked, the others go with it."""
    score: float | None = None
    parts: dict[str, float] = field(default_factory=dict)
    """What the decision is made of."""


class Selection:
    """The messages that wait, and the choice among them; knows no clock and no chance."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        """May be replaced at any time; what waits stays."""
        self._mentions: deque[Waiting] = deque()
        self._untold: deque[Waiting] = deque()
        self._others: deque[Waiting] = deque()
        self._seen: OrderedDict[str, None] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many messages wait."""
        return len(self._mentions) + len(self._others)

    @property
    def oldest(self) -> float | None:
        """When the oldest one arrived, in seconds of the loop's clock."""
        heads = [queue[0].arrived for queue in (self._mentions, self._others) if queue]
        return min(heads, default=None)

    def add(self, message: ChatMessage, *, now: float) -> list[Verdict]:
        """Take a message in; a known id is ignored. Tells what had to go for it."""
        if message.id in self._seen:
            return []
        self._seen[message.id] = None
        if len(self._seen) > REMEMBERED_IDS:
            self._seen.popitem(last=False)
        waiting = Waiting(message, now)
        if not addressed(message, self.rules.triggers):
            self._others.append(waiting)
            return _skip("overflow", _more_than(self._others, MOST_WAITING))
        self._mentions.append(waiting)
        self._untold.append(waiting)
        return _skip("overflow", self._gone(_more_than(self._mentions, MOST_WAITING)))

    def remove(self, *, message_id: str | None = None, user_id: str | None = None) -> int:
        """Take back one message, or all of a viewer, or (with neither) everything; how many."""
        before = self.waiting

        def stays(each: Waiting) -> bool:
            if message_id is None and user_id is None:
                return False
            return each.message.id != message_id and each.message.user_id != user_id

        self._others = deque(filter(stays, self._others))
        self._keep_mentions(stays)
        return before - self.waiting

    def next(self, floor: Floor, *, now: float, dice: Callable[[], float]) -> list[Verdict]:
        """Everything that is decided at this moment; an answer, at most one, comes last."""
        expired = self._gone(_older_than(self._mentions, now, self.rules.mention_ttl))
        verdicts = [Verdict("expire", "mention_ttl", (each,)) for each in expired]
        verdicts += _skip("stale", _older_than(self._others, now, self.rules.stale_after))
        if taken := floor.taken:
            if taken in _NOT_LISTENING:
                verdicts += _skip(taken, _more_than(self._others, 0))
            verdicts += [Verdict("hold", taken, (each,)) for each in self._untold]
            self._untold.clear()
        elif self._mentions:
            verdicts += self._answer_mention(now)
        elif self._others and now >= self._flush_at(floor):
            verdicts += self._answer_batch(now, dice)
        return verdicts

    def wake_at(self, floor: Floor, *, now: float) -> float | None:
        """When `next` will have something to decide; None: not before a new message comes."""
        taken, moments = floor.taken, []
        if self._mentions:
            expires = self._mentions[0].arrived + self.rules.mention_ttl
            moments.append(now if self._untold or not taken else expires)
        if self._others:
            moments.append(self._others[0].arrived + self.rules.stale_after)
            if taken in _NOT_LISTENING:
                moments.append(now)
            if not taken:
                moments.append(self._flush_at(floor))
        return max(now, min(moments)) if moments else None

    def _flush_at(self, floor: Floor) -> float:
        full = len(self._others) >= self.rules.batch_size
        ready = -inf if full else self._others[0].arrived + FLUSH_AFTER
        return max(ready, floor.quiet_since + self.rules.cooldown)

    def _gone(self, mentions: list[Waiting]) -> list[Waiting]:
        """The oldest mentions are gone: those that nobody was told of go there, too."""
        for each in mentions:
            if self._untold and self._untold[0] is each:
                self._untold.popleft()
        return mentions

    def _keep_mentions(self, stays: Callable[[Waiting], bool]) -> None:
        self._mentions = deque(filter(stays, self._mentions))
        self._untold = deque(filter(stays, self._untold))

    def _answer_mention(self, now: float) -> list[Verdict]:
        """The oldest mention, with those of the same viewer and those of the same words."""
        first, waiting = self._mentions[0], self.waiting
        words = self._words(first)
        own = {each.message.id for each in self._mentions if _viewer(each) == _viewer(first)}
        together = [
            each for each in self._mentions if each.message.id in own or self._words(each) == words
        ]
        ids = {each.message.id for each in together}
        self._keep_mentions(lambda each: each.message.id not in ids)
        asking = _asking([each for each in together if each.message.id in own])
        with_it = [each for each in together if each is not asking]
        room = self.rules.batch_size - 1
        answer = _answer("mention", with_it[:room], asking, now=now, waiting=waiting)
        return [*_merge(with_it[room:]), answer]

    def _answer_batch(self, now: float, dice: Callable[[], float]) -> list[Verdict]:
        """The newest question, else by chance the newest message; the newest go with it."""
        waiting, everything = self.waiting, _more_than(self._others, 0)
        newest = everything[-self.rules.batch_size :]
        asking, reason, parts = self._question(everything, len(newest), now), "question", {}
        if asking is None:
            reason, parts = "chance", {"dice": dice(), "spontaneity": self.rules.spontaneity}
            if parts["dice"] >= parts["spontaneity"]:
                return [Verdict("skip", reason, tuple(everything), parts=parts)]
            asking = newest[-1]
        others = [each for each in newest if each is not asking]
        with_it = others[max(0, len(others) - self.rules.batch_size + 1) :]
        answered, words = {each.message.id for each in (*with_it, asking)}, self._words(asking)
        rest = [each for each in everything if each.message.id not in answered]
        same = [each for each in rest if self._words(each) == words]
        crowded = [each for each in rest if self._words(each) != words]
        answer = _answer(reason, with_it, asking, now=now, waiting=waiting, parts=parts)
        return [*_merge(same), *_skip("crowded", crowded), answer]

    def _question(self, everything: list[Waiting], newest: int, now: float) -> Waiting | None:
        if not self.rules.answer_questions:
            return None
        for place, each in enumerate(reversed(everything)):
            if place >= newest and now - each.arrived > FRESH:
                return None
            if is_question(each.message.text):
                return each
        return None

    def _words(self, each: Waiting) -> str:
        return same_words(each.message.text, self.rules.triggers)


_NOT_LISTENING = ("muted", "paused")


def _older_than(queue: deque[Waiting], now: float, seconds: float) -> list[Waiting]:
    gone = []
    while queue and queue[0].arrived + seconds <= now:
        gone.append(queue.popleft())
    return gone


def _more_than(queue: deque[Waiting], limit: int) -> list[Waiting]:
    return [queue.popleft() for _ in range(len(queue) - limit)]


def _viewer(each: Waiting) -> tuple[str, str]:
    return each.message.source, each.message.user_id


def _asking(own: list[Waiting]) -> Waiting:
    """Of one viewer's messages: the newest question, else the newest."""
    return next((each for each in reversed(own) if is_question(each.message.text)), own[-1])


def _skip(reason: str, messages: list[Waiting]) -> list[Verdict]:
    return [Verdict("skip", reason, tuple(messages))] if messages else []


def _merge(messages: list[Waiting]) -> list[Verdict]:
    return [Verdict("merge", "same_words", tuple(messages))] if messages else []


def _answer(
    reason: str,
    with_it: list[Waiting],
    asking: Waiting,
    *,
    now: float,
    waiting: int,
    parts: dict[str, float] | None = None,
) -> Verdict:
    made_of = {**(parts or {}), "age_s": round(now - asking.arrived, 3), "waiting": float(waiting)}
    return Verdict("answer", reason, (*with_it, asking), parts=made_of)
