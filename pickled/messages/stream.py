"""What happens on the stream beside chat: follows, subs, raids, tips."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from pickled.messages.base import Message, Published, Timestamp

StreamEventType = Literal[
    "follow",
    "sub",
    "resub",
    "gift",
    "cheer",
    "tip",
    "raid",
    "redemption",
    "hype_train",
    "poll",
    "prediction",
    "ad",
    "online",
    "offline",
]
STREAM_EVENT_TYPES: tuple[str, ...] = get_args(StreamEventType)


class StreamEvent(Published):
    """A follow, a sub, a raid …"""

    event_type: StreamEventType
    user: str = ""
    """Empty when it was anonymous."""
    user_id: str = ""
    amount: float | None = Field(default=None, ge=0)
    currency: str | None = None
    months: int | None = Field(default=None, ge=0)
    tier: str | None = None
    viewers: int | None = Field(default=None, ge=0)
    text: str = ""
    title: str = ""
    seconds: float | None = Field(default=None, ge=0)
    """How long it lasts, as an ad break does."""
    in_seconds: float | None = Field(default=None, ge=0)
    """It is only announced: in so many it begins."""
    source: str = ""
    login: str = Field(default="", exclude=True)
    """As that of a chat message: for memory, never published."""
    masked_name: str = Field(default="", exclude=True)
    """The same."""

    @property
    def other_names(self) -> tuple[str, ...]:
        """By which somebody may look for them, beside `user`."""
        return tuple(filter(None, (self.login, self.masked_name)))


class StreamState(Message):
    """`stream/state`: is the stream live, and since when."""

    live: bool
    title: str = ""
    game: str = ""
    viewers: int | None = None
    since: Timestamp | None = None
