"""What comes by the hundred is answered sparingly: `event/command` is for people who look at it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pickled.bucket import Bucket
from pickled.messages.command import CommandEvent
from pickled.orchestrator.parts.clock import Clock

SILENT = frozenset({"cmd/chat"})
"""Commands that show in what they do: a line that is taken stands on `event/chat`."""

A_SECOND, AT_ONCE = 5.0, 10.0
"""Refused lines of chat, and events that were too many, of which all are told."""

REPLIES_A_SECOND = 200.0
"""Refusals that are told to who asked: a flood's don't stand in the way of other answers."""


@dataclass
class Sparing:
    """Decides which answers all may read, and which go to who asked on a response topic alone."""

    clock: Clock
    _refusals: Bucket = field(default_factory=lambda: Bucket(A_SECOND, AT_ONCE))
    _replies: Bucket = field(default_factory=lambda: Bucket(REPLIES_A_SECOND, REPLIES_A_SECOND))
    _untold: int = 0

    def told(self, event: CommandEvent) -> CommandEvent | None:
        """The answer as it is published, with how many refusals were left out before; or None."""
        if event.event_type == "accepted":
            return None if event.command in SILENT else event
        floods = event.command == "cmd/event" and event.code == "busy"
        if event.code == "retained" or not (event.command in SILENT or floods):
            return event
        if not self._refusals.take(self.clock.now()):
            self._untold += 1
            return None
        left_out, self._untold = self._untold, 0
        return event.model_copy(update={"suppressed": left_out}) if left_out else event

    def replies(self, event: CommandEvent) -> bool:
        """Is it told to who asked, though not to all?"""
        return event.event_type == "accepted" or self._replies.take(self.clock.now())
