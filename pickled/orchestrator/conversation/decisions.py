"""Publishes why something is answered and why not: one by one when calm, summed up when busy."""

from __future__ import annotations

from collections import Counter

from pickled.brain.selection import Verdict
from pickled.messages.base import TurnId
from pickled.messages.decision import Decision
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.events import Events

CALM = {"skip": 5, "merge": 5, "expire": 5, "hold": 10, "mention": 20}
"""Decisions a second that are still named one by one, `mention`: of any kind that ends what names
the co-host, for its author looks for it. Together below the topic's rate: no answer is left out."""

_ENDS = ("skip", "merge", "expire")


class Decisions:
    """`event/decision`: each answer; of the rest, when busy, a summary a second of what ended."""

    def __init__(self, *, events: Events, clock: Clock) -> None:
        self._events = events
        self._clock = clock
        self.dropped: Counter[str] = Counter()
        """Messages that were not answered, by reason, since the start."""
        self._named: Counter[str] = Counter()
        """In this second, by kind; what ends a mention by itself."""
        self._counts: Counter[str] = Counter()

    def publish(self, verdicts: list[Verdict], *, turn: TurnId | None = None) -> None:
        """Note what was decided; `turn` is the one that the answer among them starts."""
        for verdict in verdicts:
            if verdict.kind in _ENDS:
                self.dropped[verdict.reason] += len(verdict.messages)
            if verdict.kind == "answer" or self._is_calm(verdict):
                self._emit(verdict, turn if verdict.kind == "answer" else None)
            elif verdict.kind in _ENDS:
                self._counts[verdict.reason] += len(verdict.messages)

    def wanted(self, message_id: str, *, turn: TurnId) -> None:
        """A person chose that line to be answered."""
        decision = Decision(
            event_type="answer", ts=self._clock.wall(), turn=turn, messages=(message_id,),
            reason="wanted",
        )  # fmt: skip
        self._events.emit("event/decision", decision)

    def _is_calm(self, verdict: Verdict) -> bool:
        """Is there room in this second to name it?"""
        mention = any(each.addressed for each in verdict.messages)
        group = "mention" if mention and verdict.kind != "hold" else verdict.kind
        self._named[group] += 1
        return self._named[group] <= CALM[group]

    def summarize(self) -> None:
        """A second is over: what was not named one by one, by reason."""
        self._named.clear()
        if self._counts:
            self._events.emit(
                "event/decision",
                Decision(event_type="summary", ts=self._clock.wall(), counts=dict(self._counts)),
            )
            self._counts.clear()

    def _emit(self, verdict: Verdict, turn: TurnId | None) -> None:
        decision = Decision(
            event_type=verdict.kind,
            ts=self._clock.wall(),
            turn=turn,
            messages=tuple(each.message.id for each in verdict.messages),
            reason=verdict.reason,
            score=verdict.score,
            parts=dict(verdict.parts),
            scores=verdict.scores,
            cluster=verdict.cluster or None,
        )
        self._events.emit("event/decision", decision)
