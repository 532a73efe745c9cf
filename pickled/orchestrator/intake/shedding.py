"""Lets no flood take more time than there is: above a rate, further lines are only counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from pickled.brain.chat_command import is_moderator
from pickled.bucket import Bucket
from pickled.language.address import addressed
from pickled.messages.chat import ChatMessage

FULL_RATE, PEAK = 500.0, 2_000.0
"""Lines a second that are looked at for as long as it lasts (30,000 a minute), and at once. What
comes beyond that is a sample's rest: its crowd, its mood and its best line would be the same."""

MENTION_RATE, MENTION_PEAK = 50.0, 200.0
"""The same for lines that name the co-host or come from moderators, who may want it silent: a
flood of others does not push them out."""


@dataclass
class Shedding:
    """Tells which lines are looked at, by nothing but their number; the same for the same chat."""

    _lines: Bucket = field(default_factory=lambda: Bucket(FULL_RATE, PEAK))
    _mentions: Bucket = field(default_factory=lambda: Bucket(MENTION_RATE, MENTION_PEAK))

    def takes(self, message: ChatMessage, *, triggers: tuple[str, ...], now: float) -> bool:
        """Is there time for it? `now` in seconds of a steady clock."""
        if self._lines.take(now):
            return True
        awaited = addressed(message, triggers) or is_moderator(message)
        return awaited and self._mentions.take(now)
