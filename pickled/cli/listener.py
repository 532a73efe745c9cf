"""Hears what an instance publishes, for a command that shows it."""

from __future__ import annotations

import time
from typing import Any

from pickled.mqtt.conversation import Conversation
from pickled.topics import Root
from pickled.view.mirror import FILTERS, Mirror


class Listener:
    """Hears all states and events, and none of the sound."""

    def __init__(self, talk: Conversation, root: Root) -> None:
        self.mirror = Mirror(root)
        self._talk = talk
        self._root = root

    def listen(self) -> None:
        """Subscribe; raises BrokerError."""
        self._talk.subscribe(*(self._root(path) for path in FILTERS))

    def next(self, timeout_s: float) -> tuple[str, Any] | None:
        """The next topic below the instance, and its value; None if nothing came in time."""
        until = time.monotonic() + timeout_s
        while message := self._talk.next(until - time.monotonic()):
            if said := self.mirror.take(message.topic, message.payload):
                return said.path, said.value
        return None

    def forget(self, *, node: str) -> None:
        """Remove the retained messages of the daemon, and of that node, from the broker."""
        while self.next(0.2):
            pass
        for path in self.mirror.values:
            if not path.startswith(("event/", "node/")) or path.startswith(f"node/{node}/"):
                self._talk.publish(self._root(path), b"", retain=True)
