"""Tells which lines of chat give orders to the model; chat repeats itself, and so do viewers."""

from __future__ import annotations

from dataclasses import dataclass, field

from pickled.language.injection.orders import orders
from pickled.messages.chat import ChatMessage, Retraction
from pickled.orchestrator.parts.memo import Memo


@dataclass
class Tricks:
    """Looks at texts and names."""

    _texts: Memo[str | None] = field(default_factory=lambda: Memo(orders))
    _names: Memo[str | None] = field(default_factory=lambda: Memo(orders))
    """Apart from texts, so that a flood of new ones does not push known viewers out."""

    def has(self, message: ChatMessage) -> bool:
        """Does it, or its author's name, try to be obeyed?"""
        return bool(self._texts.of(message.text) or self._names.of(message.user))

    def retract(self, retraction: Retraction) -> int:
        """Know no text and no name any more; no line is kept here, so none went."""
        return self._texts.retract(retraction) + self._names.retract(retraction)
