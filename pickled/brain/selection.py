"""Chooses what is answered: mentions first, then what scores best; says why for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from math import inf

from pickled.brain.choice.appraisal import Appraisal
from pickled.brain.choice.backlog import Backlog
from pickled.brain.choice.lately import Crowded
from pickled.brain.choice.look import Look
from pickled.brain.choice.spam import SPAM, is_bot, is_command
from pickled.brain.choice.told import is_answered
from pickled.brain.choice.verdict import Rules as Rules
from pickled.brain.choice.verdict import Verdict as Verdict
from pickled.brain.choice.waiting import Waiting
from pickled.brain.floor import Floor as Floor
from pickled.language.address import addressed as addressed
from pickled.language.address import same_words
from pickled.messages.chat import ChatMessage, Retraction
from pickled.recent import Seen

FLUSH_AFTER = 2.0
"""How long unaddressed messages are collected before they are looked at, s."""

FRESH = 4.0
"""An unaddressed message older than this is passed over when chat has moved on, s."""

REMEMBERED_IDS = 10_000
"""So many messages back, one that comes twice is noticed."""

RESCUE = 0.25
"""In this last part of its time a mention goes first, whatever its score."""

RESCUED = 2
"""When more viewers than this are about to be too late, all can't be saved: the best goes first."""


class Selection:
    """The messages that wait, and the choice among them; knows no clock and no chance."""

    def __init__(self, rules: Rules, *, support: Crowded | None = None) -> None:
        self.rules = rules
        """May be replaced at any time; what waits stays."""
        self._appraisal = Appraisal(support)
        self._backlog = Backlog(self._appraisal)
        self._seen: Seen[str] = Seen(REMEMBERED_IDS)

    @property
    def waiting(self) -> int:
        """How many messages wait."""
        return len(self._backlog)

    @property
    def oldest(self) -> float | None:
        """When the oldest one arrived, in seconds of the loop's clock."""
        return self._backlog.oldest

    def add(self, message: ChatMessage, *, now: float, refused: str = "") -> list[Verdict]:
        """Take a message in; a known id is ignored. Tells what had to go for it.

        A message that is refused is passed over at once, for that reason.
        """
        if not self._seen.add(message.id):
            return []
        if not refused:
            refused = "bot" if is_bot(message) else "command" if is_command(message.text) else ""
        look = self._look(now)
        if refused:
            return look.skip(refused, [Waiting(message, now)])
        each = self._appraisal.look_at(message, rules=self.rules, now=now)
        return self._backlog.add(each, self.rules, look)

    def retract(self, retraction: Retraction) -> int:
        """Let nothing wait that is taken back; how many messages went."""
        gone = self._backlog.take_if(lambda each: retraction.concerns(each.message))
        self._appraisal.forget(retraction)
        return len(gone)

    def withdraw(self, message_id: str) -> bool:
        """Let a message wait no longer, as it is answered otherwise; False if it didn't."""
        return bool(self._backlog.take_if(lambda each: each.message.id == message_id))

    def drop(self, reason: str, *, now: float) -> list[Verdict]:
        """Pass over everything that waits."""
        return self._look(now).skip(reason, self._backlog.take_if(_any))

    def heard(self, asked: ChatMessage, *, now: float) -> list[Verdict]:
        """An answer was heard to its end: who asked the same meanwhile has heard it, too."""
        words = same_words(asked.text, self.rules.triggers)
        told = self._backlog.take_mentions(lambda each: each.question and each.words == words != "")
        return self._look(now).merge("same_words", told)

    def told(self, said: str, *, at: float, now: float) -> list[Verdict]:
        """The streamer said that, at that moment: what was asked before, and is told by it, goes.

        So do those who mean the same; who asks it again soon finds it answered.
        """
        look = self._look(now)
        gone = self._backlog.take_if(
            lambda each: (
                each.arrived < at
                and each.question
                and is_answered(each.message.text, said, called=each.addressed)
            )
        )
        if not gone:
            return []
        meant = {self._appraisal.cluster(each, now=now) for each in gone}
        gone += self._backlog.take_if(
            lambda each: not each.addressed and self._appraisal.cluster(each, now=now) in meant
        )
        for each in gone:
            self._appraisal.answer(each, now=now)
        return look.skip("answered", gone)

    def answered(self, user_ids: Iterable[str], *, now: float) -> None:
        """A turn for these viewers starts: for some minutes, others go first."""
        for user_id in user_ids:
            if user_id:
                self._appraisal.answered(user_id, now=now)

    def next(self, floor: Floor, *, now: float, dice: Callable[[], float]) -> list[Verdict]:
        """Everything that is decided at this moment; an answer, at most one, comes last."""
        look, backlog = self._look(now), self._backlog
        verdicts = backlog.drop_old(self.rules, look)
        if taken := floor.taken:
            if taken in _NOT_LISTENING:
                unheard = [*backlog.others.take_if(_any), *backlog.ripening.take_if(_any)]
                verdicts += look.skip(taken, unheard)
            verdicts += look.each("hold", taken, backlog.untold.values())
            backlog.untold.clear()
        elif backlog.mentions:
            verdicts += self._answer_mention(look)
        elif backlog.others and now >= self._flush_at(floor, now):
            verdicts += self._answer_batch(look, dice)
        return verdicts

    def wake_at(self, floor: Floor, *, now: float) -> float | None:
        """When `next` will have something to decide; None: not before a new message comes."""
        taken, backlog, moments = floor.taken, self._backlog, []
        if backlog.mentions:
            expires = backlog.mentions.first.arrived + self.rules.mention_ttl
            moments.append(now if backlog.untold or not taken else expires)
        if ripe := self._ripe():
            moments.append(min(ripe) + self.rules.stale_after)
            if taken in _NOT_LISTENING:
                moments.append(now)
            if not taken:
                moments.append(self._flush_at(floor, now))
        return max(now, min(moments)) if moments else None

    def _flush_at(self, floor: Floor, now: float) -> float:
        """A batch is full, or its first message waited long enough; and the cooldown is over.

        What very many ask needs no cooldown: mentions, which need none either, would never end it.
        """
        others, ripening = self._backlog.others, self._backlog.ripening
        ready = [ripe + FLUSH_AFTER for ripe in self._ripe()]
        missing = self.rules.batch_size - len(others)
        if missing <= 0:
            ready.append(-inf)
        elif len(ripening) >= missing:
            ready.append(max(each.ripe for each in islice(ripening, missing)))
        if self._is_pressing(now):
            return min(ready)
        return max(min(ready), floor.quiet_since + self.rules.cooldown)

    def _is_pressing(self, now: float) -> bool:
        others = self._backlog.others
        if not others:
            return False
        best = others.best
        if others.worth(best).score < self.rules.pressing:
            return False
        return self._look(now).scored(best).parts["novelty"] >= 0

    def _ripe(self) -> list[float]:
        """From when on the first of the unaddressed ones can be decided on."""
        pools = (self._backlog.others, self._backlog.ripening)
        return [pool.first.ripe for pool in pools if pool]

    def _look(self, now: float) -> Look:
        return Look(self._appraisal, self.rules, now)

    def _answer_mention(self, look: Look) -> list[Verdict]:
        """The best mention, with those of the same viewer and those of the same words."""
        backlog, waiting, first = self._backlog, self.waiting, self._first_mention(look)
        asking = _asking(backlog.mentions.of_viewer(first.viewer))
        together = backlog.take_mentions(
            lambda each: each.viewer == first.viewer or each.words == first.words
        )
        like = look.like(asking, backlog.others) if asking.words else []
        for each in like:
            backlog.others.take(each)
        with_it = [each for each in together if each is not asking]
        room = self.rules.batch_size - 1
        merged = look.merge("same_words", with_it[room:]) + look.merge_like(asking, like)
        like += [each for each in with_it if each.words == asking.words]
        parts = look.parts(asking, like, waiting=waiting)
        return [*merged, self._answer(look, "mention", [*with_it[:room], asking], parts)]

    def _first_mention(self, look: Look) -> Waiting:
        """The best; but first, while all of them can be saved, those whose time is nearly over."""
        mentions = self._backlog.mentions
        late_from = look.now - (1 - RESCUE) * self.rules.mention_ttl
        late = [each for each in mentions if each.arrived <= late_from and each.spam < SPAM]
        if late and len({each.viewer for each in late}) <= RESCUED:
            return late[0]
        return max(mentions, key=look.score)

    def _answer_batch(self, look: Look, dice: Callable[[], float]) -> list[Verdict]:
        """The best message if it is worth an answer, else by chance; the newest go with it."""
        waiting, everything = self.waiting, self._backlog.others.take_if(_any)
        pasted = {(each.viewer, each.words) for each in everything if self._is_spam(each)}
        lines = [each for each in everything if (each.viewer, each.words) not in pasted]
        verdicts = look.skip("spam", [e for e in everything if (e.viewer, e.words) in pasted])
        if not lines:
            return verdicts
        fresh = self._fresh(lines, look.now)
        asking = look.wording(max(fresh, key=look.score), fresh)
        reason, parts = "question" if asking.question else "score", dict[str, float]()
        if look.score(asking) < self.rules.threshold:
            # What was answered just now is not told once more by chance.
            chance = self.rules.spontaneity if look.scored(asking).parts["novelty"] >= 0 else 0.0
            reason, parts = "chance", {"dice": dice(), "spontaneity": chance}
            if parts["dice"] >= parts["spontaneity"]:
                return [*verdicts, look.verdict("skip", reason, lines, asking, parts)]
        like = look.like(asking, lines)
        alike = set(like)
        told = [each for each in fresh if each.words == asking.words or each not in alike]
        told = [each for each in told if each is not asking][: self.rules.batch_size - 1]
        parts = {**look.parts(asking, like, waiting=waiting), **parts}
        verdicts += look.merge_like(asking, [each for each in like if each not in told])
        rest = [each for each in lines if each not in told and each not in alike]
        verdicts += look.skip("crowded", [each for each in rest if each is not asking])
        return [*verdicts, self._answer(look, reason, [*reversed(told), asking], parts)]

    def _fresh(self, lines: list[Waiting], now: float) -> list[Waiting]:
        """Newest first: as many as belong to a batch, and beyond that what is not old yet."""
        return [
            each
            for place, each in enumerate(reversed(lines))
            if place < self.rules.batch_size or now - each.ripe <= FRESH
        ]

    def _is_spam(self, each: Waiting) -> bool:
        return each.spam >= SPAM and self.rules.weights.spam > 0

    def _answer(
        self, look: Look, reason: str, messages: list[Waiting], parts: dict[str, float]
    ) -> Verdict:
        verdict = look.verdict("answer", reason, messages, messages[-1], parts)
        self._appraisal.answer(messages[-1], now=look.now)
        return verdict


_NOT_LISTENING = ("muted", "paused")


def _any(each: Waiting) -> bool:
    del each
    return True


def _asking(own: list[Waiting]) -> Waiting:
    """Of one viewer's messages: the newest question, else the newest."""
    return next((each for each in reversed(own) if each.question), own[-1])
