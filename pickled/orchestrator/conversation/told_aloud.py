"""What the streamer tells aloud: chat's questions that are answered by it get no other answer."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from pickled.brain.choice.told import is_answered
from pickled.brain.choice.waiting import Waiting
from pickled.brain.selection import Selection, Verdict
from pickled.orchestrator.conversation.decisions import Decisions
from pickled.orchestrator.conversation.speaking import Speaking

MOST = 20
"""Sentences that were not compared with chat's questions yet."""


@dataclass
class ToldAloud:
    """Takes sentences as they come, and looks at them when something is decided."""

    selection: Selection
    speaking: Speaking
    decisions: Decisions
    _told: deque[tuple[str, float]] = field(default_factory=lambda: deque(maxlen=MOST))

    def add(self, said: str, at: float) -> None:
        """The streamer said that, at that moment of the loop's clock."""
        self._told.append((said, at))

    def look(self, *, now: float) -> None:
        """Publish what needs no answer any more, and stop what is being worded to no avail."""
        while self._told:
            said, at = self._told.popleft()
            self.decisions.publish(self.selection.told(said, at=at, now=now))
            self._stop(said, at)

    def _stop(self, said: str, at: float) -> None:
        """What is heard already goes on, or is interrupted as anything else."""
        turn = self.speaking.turn
        if turn is None or turn.sounding or turn.request.origin != "chat":
            return
        asked, since = turn.request.messages, turn.request.arrived
        called = turn.request.reason == "mention"
        if since < at and is_answered(asked[-1].text, said, called=called):
            waited = tuple(Waiting(each, since) for each in asked)
            self.decisions.publish([Verdict("skip", "answered", waited)])
            self.speaking.stop("skipped")
