"""Why something is answered, and why not."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pickled.messages.base import Message, Published, TurnId
from pickled.messages.chat import ChatMessage, Retraction

Priority = Literal["low", "normal", "high", "critical"]
"""It waits for a quiet moment; queues; shortens what is being said; cuts it off."""

Origin = Literal["chat", "ask", "say", "stream", "speech", "moment"]
"""Chat; a person's question; a given text; a stream event; the streamer's voice; the moment itself:
the uplink is lost or back, or nobody has said anything for long."""


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
    scores: tuple[float, ...] = ()
    """One for each message, where several are decided together."""
    cluster: str | None = None
    counts: dict[str, int] = Field(default_factory=dict)
    """In a summary: how many messages for which reason, in the last second."""


class Request(Message):
    """What a turn shall answer."""

    turn: TurnId
    origin: Origin = "chat"
    reason: str
    """The decision's reason."""
    messages: tuple[ChatMessage, ...] = ()
    """The messages to answer, oldest first; the last one is the one that asked."""
    cluster: str = ""
    """The crowd's topic that is answered."""
    viewers: int = Field(default=1, ge=1)
    """How many viewers want that."""
    priority: Priority = "normal"
    arrived: float
    """When the message that asked arrived, in seconds of the loop's clock."""
    decided: float
    """When it was decided, on the same clock."""

    def is_taken_back(self, retraction: Retraction) -> bool:
        """Does it answer what is taken back? With all of chat goes what chat asked, no more."""
        if retraction.kind == "all":
            return self.origin == "chat"
        return any(map(retraction.concerns, self.messages))
