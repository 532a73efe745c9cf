"""One look at what waits, at one moment: what each message is worth, and the verdicts on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pickled.brain.choice.appraisal import Appraisal
from pickled.brain.choice.score import Scored
from pickled.brain.choice.verdict import Kind, Rules, Verdict
from pickled.brain.choice.waiting import Waiting


class Look:
    """Scores and verdicts of one moment; made for one step, and thrown away."""

    def __init__(self, appraisal: Appraisal, rules: Rules, now: float) -> None:
        self._appraisal = appraisal
        self._rules = rules
        self._scored: dict[str, Scored] = {}
        self.now = now
        """Seconds of the loop's clock."""

    def scored(self, each: Waiting) -> Scored:
        """What it is worth, and why."""
        known = self._scored.get(each.message.id)
        if known is None:
            known = self._appraisal.scored(each, rules=self._rules, now=self.now)
            self._scored[each.message.id] = known
        return known

    def score(self, each: Waiting) -> float:
        """What it is worth."""
        return self.scored(each).score

    def like(self, asking: Waiting, among: Iterable[Waiting]) -> list[Waiting]:
        """Those that mean the same, itself left out."""
        cluster = self._appraisal.cluster(asking, now=self.now)
        return [
            each
            for each in among
            if each is not asking
            and (
                each.words == asking.words or self._appraisal.cluster(each, now=self.now) == cluster
            )
        ]

    def wording(self, best: Waiting, among: Iterable[Waiting]) -> Waiting:
        """Of those that ask the same as the best: the best one with a question mark, if any."""
        if best.marked or not best.question:
            return best
        marked = [each for each in self.like(best, among) if each.marked]
        return max(marked, key=self.score, default=best)

    def parts(self, asking: Waiting, like: Sequence[Waiting], *, waiting: int) -> dict[str, float]:
        """What an answer is made of, beside the score: its age, and for how many it stands."""
        count, viewers = self._appraisal.unanswered(asking, now=self.now)
        return {
            "age_s": round(self.now - asking.arrived, 3),
            "waiting": float(waiting),
            "count": float(max(count, len(like) + 1)),
            "viewers": float(max(viewers, len({each.viewer for each in (*like, asking)}))),
        }

    def skip(self, reason: str, messages: Sequence[Waiting]) -> list[Verdict]:
        """They are passed over."""
        return [self.verdict("skip", reason, messages)] if messages else []

    def merge(self, reason: str, messages: Sequence[Waiting]) -> list[Verdict]:
        """They share another message's fate."""
        return [self.verdict("merge", reason, messages)] if messages else []

    def merge_like(self, asking: Waiting, like: Sequence[Waiting]) -> list[Verdict]:
        """Those that mean the same, by words or by meaning."""
        words = [each for each in like if each.words == asking.words]
        meaning = [each for each in like if each.words != asking.words]
        return [*self.merge("same_words", words), *self.merge("same_meaning", meaning)]

    def each(self, kind: Kind, reason: str, messages: Iterable[Waiting]) -> list[Verdict]:
        """A verdict for each of them."""
        return [self.verdict(kind, reason, (each,)) for each in messages]

    def verdict(
        self,
        kind: Kind,
        reason: str,
        messages: Sequence[Waiting],
        about: Waiting | None = None,
        parts: dict[str, float] | None = None,
    ) -> Verdict:
        """With each one's score, and the parts of the one that it is about, or of the only one."""
        about = about or (messages[0] if len(messages) == 1 else None)
        one = self.scored(about) if about else None
        shared = about or (messages[0] if kind == "merge" else None)
        return Verdict(
            kind,
            reason,
            tuple(messages),
            score=one.score if one else None,
            parts={**(one.parts if one else {}), **(parts or {})},
            cluster=self._appraisal.cluster(shared, now=self.now) if shared else "",
            scores=tuple(self.score(each) for each in messages),
        )
