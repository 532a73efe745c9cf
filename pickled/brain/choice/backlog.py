"""What waits to be decided on: mentions, the rest, and questions that are left to the streamer.

Everything is bounded, and each drop has its reason: of too many that wait, the oldest of the same
words or meaning as the new one is merged into it, else the lowest score goes (`overflow`); of too
many mentions of one viewer, the oldest is merged into the newest (`per_viewer`).
"""

from __future__ import annotations

from collections.abc import Callable

from pickled.brain.choice.appraisal import Appraisal
from pickled.brain.choice.look import Look
from pickled.brain.choice.verdict import Kind, Rules, Verdict
from pickled.brain.choice.waiting import Pool, Waiting

MOST_WAITING = 200
"""Mentions that wait, and unaddressed messages that wait, at most."""


class Backlog:
    """Each message is in one pool; what goes by itself is told."""

    def __init__(self, appraisal: Appraisal) -> None:
        self._appraisal = appraisal
        self.mentions = Pool()
        self.others = Pool()
        """Unaddressed ones that can be decided on."""
        self.ripening = Pool()
        """Questions that are still left to the streamer."""
        self.untold: dict[str, Waiting] = {}
        """Mentions that nobody was told are held."""

    def __len__(self) -> int:
        return sum(map(len, self._pools))

    @property
    def oldest(self) -> float | None:
        """When the oldest one arrived, in seconds of the loop's clock."""
        return min((pool.first.arrived for pool in self._pools if pool), default=None)

    def add(self, each: Waiting, rules: Rules, look: Look) -> list[Verdict]:
        """One more waits; tells what had to go for it."""
        if not each.addressed:
            return self._enter(self.ripening if each.wait_s else self.others, each, rules, look)
        merged = look.merge("per_viewer", self._too_many_of(each, rules))
        self.untold[each.message.id] = each
        return merged + self._enter(self.mentions, each, rules, look)

    def take_if(self, which: Callable[[Waiting], bool]) -> list[Waiting]:
        """Take out all for which it holds."""
        return self._told([each for pool in self._pools for each in pool.take_if(which)])

    def take_mentions(self, which: Callable[[Waiting], bool]) -> list[Waiting]:
        """Take out the mentions for which it holds."""
        return self._told(self.mentions.take_if(which))

    def drop_old(self, rules: Rules, look: Look) -> list[Verdict]:
        """Mentions expire, lines become stale, and what was left to the streamer is ripe."""
        now, ttl, stale = look.now, rules.mention_ttl, rules.stale_after
        expired = self._told(self.mentions.take_while(lambda each: each.arrived + ttl <= now))
        verdicts = look.each("expire", "mention_ttl", expired)
        for each in self.ripening.take_while(lambda each: each.ripe <= now):
            verdicts += self._enter(self.others, each, rules, look)
        old = self.others.take_while(lambda each: each.ripe + stale <= now)
        return verdicts + look.skip("stale", old)

    @property
    def _pools(self) -> tuple[Pool, Pool, Pool]:
        return self.mentions, self.others, self.ripening

    def _enter(self, pool: Pool, each: Waiting, rules: Rules, look: Look) -> list[Verdict]:
        """When it is one too many, its like or the worst goes."""
        pool.add(each, self._appraisal.scored(each, rules=rules, now=look.now))
        if len(pool) <= MOST_WAITING:
            return []
        like = pool.first_of(each.cluster)
        if like is each:
            return [self._too_many(pool, "skip", "overflow", pool.worst)]
        reason = "same_words" if like.words == each.words else "same_meaning"
        return [self._too_many(pool, "merge", reason, like)]

    def _too_many(self, pool: Pool, kind: Kind, reason: str, each: Waiting) -> Verdict:
        """It goes for what it was worth when it came: nothing is appraised twice in a flood."""
        worth = pool.worth(each)
        self._told([pool.take(each)])
        return Verdict(
            kind, reason, (each,), worth.score, worth.parts, each.cluster, (worth.score,)
        )

    def _too_many_of(self, each: Waiting, rules: Rules) -> list[Waiting]:
        """The oldest of that viewer's mentions, so that there is room for one more."""
        own, most = self.mentions.of_viewer(each.viewer), max(1, rules.mentions_per_viewer)
        oldest = own[: max(0, len(own) + 1 - most)]
        return self._told([self.mentions.take(old) for old in oldest])

    def _told(self, gone: list[Waiting]) -> list[Waiting]:
        """What is gone needs no telling that it is held."""
        for each in gone:
            self.untold.pop(each.message.id, None)
        return gone
