"""What an instance publishes, decoded: fed to what the pages are drawn from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Decision
from pickled.messages.response import ResponseEvent, RetractionEvent
from pickled.topics import topic
from pickled.view.mirror import Decoded

NOW = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)
TURN, OTHER = "abcdefghijkl", "bcdefghijklm"
EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def said(path: str, value: Any, *, node: str | None = None) -> Decoded:
    """A message of that row."""
    row = topic(path)
    return Decoded(row, path.replace("{node}", node or ""), node, value)


def chat(message_id: str, text: str, *, user: str = "Ana", user_id: str = "") -> Decoded:
    """A line of chat."""
    message = ChatMessage(
        ts=NOW, id=message_id, user=user, user_id=user_id or f"u-{user}", text=text
    )
    return said("event/chat", message)


def decision(kind: str, *messages: str, turn: str | None = None, **fields: Any) -> Decoded:
    """What was decided about lines of chat."""
    told = {"ts": NOW, "event_type": kind, "messages": messages, "turn": turn, **fields}
    return said("event/decision", Decision.model_validate(told))


def response(kind: str, turn: str = TURN, **fields: Any) -> Decoded:
    """An event of a turn."""
    told = {"ts": NOW, "event_type": kind, "turn": turn, "persona": "John", **fields}
    return said("event/response", ResponseEvent.model_validate(told))


def retraction(kind: str, *ids: str) -> Decoded:
    """Something was taken back."""
    told = {"ts": NOW, "event_type": kind, "ids": ids}
    return said("event/retraction", RetractionEvent.model_validate(told))
