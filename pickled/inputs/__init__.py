"""Sources of events: chat, speech, sight, and recordings of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pickled.messages.events import Event

Emit = Callable[[Event], None]
"""Takes an event at once; what is too much is dropped and counted behind it."""


class Source(Protocol):
    """What `start` of each file here yields."""

    async def run(self, emit: Emit) -> None:
        """Emit events until cancelled, or until there are no more.

        Raises SourceError when the service is lost; the supervisor starts it again.
        """
