"""Lets no flood take more time than there is: above a rate, further lines are only counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from pickled.brain.address import addressed
from pickled.brain.chat_command import is_moderator
from pickled.messages.chat import ChatMessage

FULL_RATE, PEAK = 500.0, 2_000.0
"""Lines a second that are looked at for as long as it lasts (30,000 a minute), and at once. What
comes beyond that is a sample's rest: its crowd, its mood and its best line would be the same."""

MENTION_RATE, MENTION_PEAK = 50.0, 200.0
"""The same for lines that name the co-host or come from moderators, who may want it silent: a
flood of others does not push them out."""


@dataclass
class _Bucket:
    """Fills at a rate, and each line takes one out."""

    rate: float
    most: float
    tokens: float = inf
    at: float = 0.0

    def take(self, now: float) -> bool:
        """Is there one left?"""
        passed = max(0.0, now - self.at)
        self.tokens, self.at = min(self.most, self.tokens + passed * self.rate), now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass
class Shedding:
    """Tells which lines are looked at, by nothing but their number; the same for the same chat."""

    _lines: _Bucket = field(default_factory=lambda: _Bucket(FULL_RATE, PEAK))
    _mentions: _Bucket = field(default_factory=lambda: _Bucket(MENTION_RATE, MENTION_PEAK))

    def takes(self, message: ChatMessage, *, triggers: tuple[str, ...], now: float) -> bool:
        """Is there time for it? `now` in seconds of a steady clock."""
        if self._lines.take(now):
            return True
        awaited = addressed(message, triggers) or is_moderator(message)
        return awaited and self._mentions.take(now)
