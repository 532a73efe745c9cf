"""What the co-host says, and what was heard of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pickled.messages.base import Message, Published, Timestamp, TurnId
from pickled.messages.emotion import Emotion

Outcome = Literal[
    "finished", "interrupted", "skipped", "muted", "blocked", "rejected", "expired", "failed"
]


Cut = Literal["", "sentences", "tokens"]
"""Why an answer ended before the model's own end: at the persona's `max_sentences`, or where the
model's tokens were used up."""


class Recipient(Message):
    """Who is answered."""

    source: str
    user: str = ""
    text: str = ""


class ResponseState(Message):
    """`response/state`: the last answer."""

    turn: TurnId
    persona: str
    emotion: Emotion
    text: str
    heard: str
    """What was really played."""
    outcome: Outcome
    to: tuple[Recipient, ...] = ()
    memory_hits: tuple[str, ...] = ()
    at: Timestamp


class ResponseEvent(Published):
    """An answer begins, says a clause, or ends."""

    event_type: Literal["started", "clause", "finished", "interrupted"]
    persona: str = ""
    emotion: Emotion = "neutral"
    index: int | None = Field(default=None, ge=0)
    """Which clause, from 0."""
    text: str = ""
    heard: str = ""
    outcome: Outcome | None = None
    cut: Cut = ""
    """At its end: why it is shorter than what the model wrote, or would have written."""


class HeldAnswer(Message):
    """An answer that waits for a person."""

    turn: TurnId
    text: str
    to: tuple[Recipient, ...] = ()
    expires_at: Timestamp


class SafetyEvent(Published):
    """The output gate stopped or changed something; never says what."""

    event_type: Literal["blocked", "masked"]
    rule: str
    tier: str = ""
    side: Literal["input", "output"] = "output"
    source: str = ""


class RetractionEvent(Published):
    """Something was taken back."""

    event_type: Literal["message", "user", "all"]
    ids: tuple[str, ...] = ()
    removed: dict[str, int] = Field(default_factory=dict)
    """Where from, and how many."""
