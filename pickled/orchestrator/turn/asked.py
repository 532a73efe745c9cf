"""What a turn answers, and whom, as it is published."""

from __future__ import annotations

from pickled.messages.decision import Request
from pickled.messages.response import Recipient


def answered(request: Request) -> tuple[str, ...]:
    """Ids of the chat messages that are answered; what else is asked has none."""
    asked = request.messages if request.origin in ("chat", "say") else ()
    cheered = [each for each in request.messages if each.bits]  # a line of chat, too
    return tuple(each.id for each in asked or cheered)


def recipients(request: Request) -> tuple[Recipient, ...]:
    """Who is answered: the one that asked."""
    if request.origin == "say" or not request.messages:
        return ()
    asked = request.messages[-1]
    return (Recipient(source=asked.source or request.origin, user=asked.user, text=asked.text),)
