"""Why something is answered, and why not."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pickled.messages.base import Message, Published, TurnId
from pickled.messages.chat import ChatMessage

Priority = Literal["low", "normal", "high", "critical"]


class Decision(Published):
    """What was decided about one or several messages."""

    event_type: Literal["answer", "skip", "merge", "expire", "hold", "summary"]
    messages: tuple[str, ...] = ()
    """Ids of the messages that it is about."""
    reason: str = ""
    """`mention question chance cooldown speaking muted paused …`; README lists them."""
    score: float | None = None
    parts: dict[str, float] = Field(default_factory=dict)
    """What the score is made of."""
    cluster: str | None = None
    counts: dict[str, int] = Field(default_factory=dict)
    """In a summary: how many messages for which reason, in the last second."""


class Request(Message):
    """What a turn shall answer."""

    turn: TurnId
    origin: Literal["chat", "ask", "say", "stream"] = "chat"
    reason: str
    """The decision's reason."""
    messages: tuple[ChatMessage, ...] = ()
    """The messages to answer, oldest first; the last one is the one that asked."""
    priority: Priority = "normal"
    arrived: float
    """When the message that asked arrived, in seconds of the loop's clock."""
    decided: float
    """When it was decided, on the same clock."""
