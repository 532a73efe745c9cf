"""What the co-host says, and what was heard of it."""

from __future__ import annotations

from typing import Annotated, Literal

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


_Ms = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class StageTimes(Message):
    """How long a turn's stages took, in ms, each from the end of the one before."""

    gate: _Ms | None = None
    """Arrival of the message to the decision."""
    recall: _Ms | None = None
    llm_first_token: _Ms | None = None
    first_clause: _Ms | None = None
    safety: _Ms | None = None
    tts_first_byte: _Ms | None = None
    first_sound: _Ms | None = None
    """First byte of the voice to the first sample at the lead node's device."""
    total: _Ms | None = None
    """Arrival of the message to the first sample at the device."""


class ResponseEvent(Published):
    """An answer begins, says a clause, or ends."""

    event_type: Literal["started", "clause", "finished", "interrupted"]
    persona: str = ""
    emotion: Emotion = "neutral"
    index: int | None = Field(default=None, ge=0)
    """Which clause, from 0."""
    text: str = ""
    changed: tuple[str, ...] = ()
    """What was taken out of the clause, as it is no speech: `picture action mark name`; `number`:
    the voice words its numbers and signs."""
    heard: str = ""
    outcome: Outcome | None = None
    messages: tuple[str, ...] = ()
    """At its end: ids of the chat messages that were answered, the one that asked last."""
    reason: str = ""
    """At its end: the decision's reason."""
    stages: StageTimes | None = None
    """At its end: how long it took to the first sound."""
    cut: Cut = ""
    """At its end: why it is shorter than what the model wrote, or would have written."""
    target: str | None = None
    """A node or role that it is for; None: the stream."""
    unheard: int = Field(default=0, ge=0)
    """At its end: so many clauses a voice was asked for before they were sure, and nobody heard."""


class HeldAnswer(Message):
    """An answer that waits for a person."""

    turn: TurnId
    text: str
    to: tuple[Recipient, ...] = ()
    expires_at: Timestamp
    action: str = ""
    """What is done if it is approved; alone, the text is `!` and its name."""
    args: dict[str, str] = Field(default_factory=dict)


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
