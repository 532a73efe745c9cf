"""What an instance publishes, decoded and in order, for a command that shows it."""

from __future__ import annotations

import time
from typing import Any

from pydantic import ValidationError

from pickled.mqtt.conversation import Conversation
from pickled.topics import Root

_OF_A_NODE = ("availability", "info", "state")
_FILTERS = ("availability", "info", "+/state", "event/#", *(f"node/+/{x}" for x in _OF_A_NODE))


class Listener:
    """Hears all states and events, and none of the sound."""

    def __init__(self, talk: Conversation, root: Root) -> None:
        self.values: dict[str, Any] = {}
        """Topic below the instance → its last value."""
        self._talk = talk
        self._root = root

    def listen(self) -> None:
        """Subscribe; raises BrokerError."""
        self._talk.subscribe(*(self._root(path) for path in _FILTERS))

    def next(self, timeout_s: float) -> tuple[str, Any] | None:
        """The next topic below the instance, and its value; None if nothing came in time."""
        until = time.monotonic() + timeout_s
        while message := self._talk.next(until - time.monotonic()):
            if found := self._root.find(message.topic):
                path = message.topic.removeprefix(self._root(""))
                try:
                    self.values[path] = found[0].decode(message.payload)
                except ValidationError:
                    continue
                return path, self.values[path]
        return None

    def forget(self, *, node: str) -> None:
        """Remove the retained messages of the daemon, and of that node, from the broker."""
        while self.next(0.2):
            pass
        for path in self.values:
            if not path.startswith(("event/", "node/")) or path.startswith(f"node/{node}/"):
                self._talk.publish(self._root(path), b"", retain=True)
