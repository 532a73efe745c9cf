"""Where events come in, from inputs and from commands alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.messages.events import Event


@dataclass
class Inlet:
    """Hands events on to whoever takes them; who makes events need not know who that is."""

    _take: Callable[[Event], None] | None = field(default=None, init=False)

    def open(self, take: Callable[[Event], None]) -> None:
        """From now on, events go there."""
        self._take = take

    def emit(self, event: Event) -> None:
        """Something happened; taken at once."""
        assert self._take is not None, "nobody takes events yet"
        self._take(event)
