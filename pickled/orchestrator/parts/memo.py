"""Remembers what was found out about a text: chat repeats itself, and so do viewers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pickled.messages.chat import Retraction
from pickled.recent import Recent

MOST_KNOWN = 4_096
"""Texts; of more, the oldest are forgotten."""

LONGEST_KNOWN = 200
"""Characters; a longer text is looked at each time."""

T = TypeVar("T")


@dataclass
class Memo(Generic[T]):
    """Answers from memory while it knows the text, until something is taken back."""

    look: Callable[[str], T]
    """Finds it out; the same for the same text."""
    _known: Recent[str, T] = field(default_factory=lambda: Recent(MOST_KNOWN))

    def of(self, text: str) -> T:
        """What `look` says, or has said."""
        if len(text) > LONGEST_KNOWN:
            return self.look(text)
        if text not in self._known:
            self._known[text] = self.look(text)
        return self._known[text]

    def clear(self) -> None:
        """Know nothing any more."""
        self._known.clear()

    def retract(self, retraction: Retraction) -> int:
        """Whose texts they are is not known: all go; none of them counts as a line."""
        del retraction
        self.clear()
        return 0
