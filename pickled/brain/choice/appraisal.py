"""Looks at each message as it comes, and says at any moment what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pickled.brain.choice.lately import Answered, Crowded, Wordings, wording_of
from pickled.brain.choice.score import Scored, score
from pickled.brain.choice.spam import looks_of, spam
from pickled.brain.choice.verdict import Rules
from pickled.brain.choice.waiting import Waiting
from pickled.language.address import (
    asks_another,
    folded,
    is_question,
    named,
    replied,
    same_words,
)
from pickled.language.meaning.line import asks
from pickled.messages.chat import ChatMessage, Retraction

_ENOUGH_WORDS = 3
"""From so many on, a line says something."""

_ENOUGH_LETTERS = 8
"""As many different ones say as much in scripts that have no spaces, or not ours."""


MOST_TEXTS = 500
"""So many different lines are kept as they were read: a flood repeats itself."""


@dataclass(frozen=True, slots=True)
class _Text:
    named: bool
    words: str
    marked: bool
    says: float
    looks: float


class Appraisal:
    """Knows what was said and answered lately; what it keeps is bounded."""

    def __init__(self, crowd: Crowded | None = None) -> None:
        self._crowd = crowd
        self._wordings = Wordings()
        self._answered = Answered()
        self._read = lru_cache(maxsize=MOST_TEXTS)(_read)
        self._asks = lru_cache(maxsize=MOST_TEXTS)(asks)

    def look_at(self, message: ChatMessage, *, rules: Rules, now: float) -> Waiting:
        """A new message, with everything that doesn't change while it waits."""
        text = self._read(message.text, rules.triggers)
        called = text.named or replied(message, rules.triggers)
        words = text.words if text.words or called else folded(message.text).strip()
        wording = wording_of(words)
        before = self._wordings.add(wording, message.user_id or message.user, now=now)
        known = self._crowd(message.id, now=now) if self._crowd else None
        question = text.marked or (
            known is not None and known.question and self._asks(message.text)
        )
        if not called:
            question = question and rules.answer_questions and not asks_another(message)
        return Waiting(
            message,
            now,
            wait_s=rules.delay_s if question and not called else 0.0,
            addressed=called,
            question=question,
            marked=text.marked,
            says=text.says,
            spam=spam(message, said_before=before, looks=text.looks),
            words=words,
            wording=wording,
            cluster=known.cluster if known else wording,
        )

    def scored(self, each: Waiting, *, rules: Rules, now: float) -> Scored:
        """What it is worth at this moment."""
        novelty = self._answered.novelty((each.cluster, each.wording), now=now)
        return score(
            each.message,
            addressed=each.addressed,
            question=each.question,
            novelty=novelty * each.says if novelty > 0 else novelty,
            viewers=_not_told(self.unanswered(each, now=now)[1], novelty),
            fairness=self._answered.fairness(each.message.user_id, now=now),
            staleness=_staleness(each, rules, now),
            spam=each.spam,
            weights=rules.weights,
        )

    def unanswered(self, each: Waiting, *, now: float) -> tuple[int, int]:
        """Lines and viewers that mean the same, since that was answered; at least 1.

        By the crowd, else by their words.
        """
        known = self._crowd(each.message.id, now=now) if self._crowd else None
        if known is None:
            return self._wordings.counted(each.wording)
        return self._answered.since(known, now=now)

    def cluster(self, each: Waiting, *, now: float) -> str:
        """What it has in common with those that mean the same."""
        known = self._crowd(each.message.id, now=now) if self._crowd else None
        return known.cluster if known else each.cluster

    def answer(self, each: Waiting, *, now: float) -> None:
        """What that message means is being answered."""
        known = self._crowd(each.message.id, now=now) if self._crowd else None
        if known:
            self._answered.topic(known.cluster, count=known.count, viewers=known.viewers, now=now)
        self._answered.topic(each.wording, now=now)
        self._wordings.restart(each.wording)

    def answered(self, user_id: str, *, now: float) -> None:
        """A viewer is being answered."""
        self._answered.viewer(user_id, now=now)

    def forget(self, retraction: Retraction) -> None:
        """Know no text any more, and no viewer who is meant; of one message no more is known."""
        self._read.cache_clear()
        self._asks.cache_clear()
        if retraction.kind != "message":
            viewer = retraction.id if retraction.kind == "user" else None
            self._wordings.forget(viewer)
            self._answered.forget(viewer)


def _read(text: str, triggers: tuple[str, ...]) -> _Text:
    words = same_words(text, triggers)
    return _Text(
        named=named(text, triggers),
        words=words,
        marked=is_question(text),
        says=_says(words),
        looks=looks_of(text),
    )


def _not_told(viewers: int, novelty: float) -> int:
    """Just after an answer its topic has no support, however many go on about it."""
    return viewers if novelty >= 0 else 1 + int((viewers - 1) * (1 + novelty))


def _says(words: str) -> float:
    """0–1: how much a line says."""
    count = words.count(" ") + 1 if words else 0
    enough = min(1.0, count / _ENOUGH_WORDS)
    if enough < 1 and not words.isascii():
        letters = len({each for each in words if each.isalpha()})
        enough = max(enough, min(1.0, letters / _ENOUGH_LETTERS))
    return enough


def _staleness(each: Waiting, rules: Rules, now: float) -> float:
    """An unaddressed message loses with age; a mention wins when it is about to expire."""
    if not each.addressed:
        return (
            -min(1.0, max(0.0, now - each.ripe) / rules.stale_after) if rules.stale_after else 0.0
        )
    age = (now - each.arrived) / rules.mention_ttl if rules.mention_ttl else 0.0
    return min(1.0, max(0.0, 2 * age - 1))
