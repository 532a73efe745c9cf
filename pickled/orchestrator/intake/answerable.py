"""The last lines of chat that may be answered, for somebody who asks for one of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from pickled.language.address import folded
from pickled.messages.chat import ChatMessage, Retraction
from pickled.recent import Recent

KEPT = 500
"""Lines; at a thousand a minute, those of half a minute."""


@dataclass
class Answerable:
    """Lines that passed the input gate, and were neither trick, command nor a bot's."""

    _lines: Recent[str, ChatMessage] = field(default_factory=lambda: Recent(KEPT))

    def add(self, message: ChatMessage) -> None:
        """One more."""
        self._lines[message.id] = message

    def get(self, message_id: str) -> ChatMessage | None:
        """That line, if it is still known."""
        return self._lines.get(message_id)

    def newest_of(self, name: str) -> ChatMessage | None:
        """What somebody of that name wrote last."""
        wanted = folded(name).strip().removeprefix("@")
        for each in reversed(self._lines.values()):
            if wanted in map(folded, (each.user, *each.other_names)):
                return each
        return None

    def of(self, retraction: Retraction) -> tuple[ChatMessage, ...]:
        """The lines that are taken back, oldest first."""
        return tuple(retraction.among(self._lines.values()))

    def retract(self, retraction: Retraction) -> int:
        """Know nothing of it any more; how many lines went."""
        gone = retraction.among(list(self._lines.values()))
        for each in gone:
            del self._lines[each.id]
        return len(gone)
