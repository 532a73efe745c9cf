"""Publishes why something is answered and why not: one by one when calm, summed up when busy."""

from __future__ import annotations

from collections import Counter

from pickled.brain.gate import Verdict
from pickled.messages.base import TurnId
from pickled.messages.decision import Decision
from pickled.orchestrator.clock import Clock
from pickled.orchestrator.events import Events

CALM = 5
"""Skipped or merged messages a second that are still named one by one."""


class Decisions:
    """`event/decision`: each answer, hold and expiry; of the rest a summary a second when busy."""

    def __init__(self, *, events: Events, clock: Clock) -> None:
        self._events = events
        self._clock = clock
        self.dropped: Counter[str] = Counter()
        """Messages that were not answered, by reason, since the start."""
        self._named = 0
        self._counts: Counter[str] = Counter()

    def publish(self, verdicts: list[Verdict], *, turn: TurnId | None = None) -> None:
        """Note what was decided; `turn` is the one that the answer among them starts."""
        for verdict in verdicts:
            if verdict.kind in ("skip", "merge", "expire"):
                self.dropped[verdict.reason] += len(verdict.messages)
            if verdict.kind in ("skip", "merge"):
                self._named += 1
                if self._named > CALM:
                    self._counts[verdict.reason] += len(verdict.messages)
                    continue
            self._emit(verdict, turn if verdict.kind == "answer" else None)

    def summarize(self) -> None:
        """A second is over: what was not named one by one, by reason."""
        self._named = 0
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
