"""What is remembered."""

from __future__ import annotations

from typing import Literal

from pickled.messages.base import Message, Published


class Hit(Message):
    """One memory that fits what is being talked about."""

    id: str
    score: float
    text: str
    viewer: str = ""
    age_s: float = 0.0
    source: str = ""


class MemoryHitEvent(Published):
    """A memory was recalled for a turn."""

    event_type: Literal["recalled"] = "recalled"
    id: str
    score: float
    text: str = ""
    viewer: str = ""
    age_s: float = 0.0
    source: str = ""


class MemoryState(Message):
    """`memory/state`."""

    entries: int
    viewers: int
    last_hit_count: int = 0
    embedder: str = ""
    size_bytes: int = 0


class Line(Message):
    """One line of the conversation, as kept in short-term memory."""

    speaker: Literal["viewer", "streamer", "cohost", "stream"]
    user: str = ""
    user_id: str = ""
    message_id: str = ""
    text: str
