"""What an instance publishes, decoded: each message typed, and the last value of each topic."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from pickled.mqtt.rules import too_large
from pickled.recent import Recent
from pickled.topic_rows import Topic
from pickled.topics import Root

MOST_VALUES = 2_000
"""Topics whose last value is kept; nodes may have any number of names."""

_OF_A_NODE = ("availability", "info", "state")
FILTERS = ("availability", "info", "+/state", "event/#", *(f"node/+/{x}" for x in _OF_A_NODE))
"""All states and events, and none of the sound."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A message of the contract, and what it says."""

    row: Topic
    path: str
    """Below the instance, with the node's name."""
    node: str | None
    value: Any


class Mirror:
    """Fed with every message; knows no connection and no clock."""

    def __init__(self, root: Root, *, only: Set[str] = frozenset()) -> None:
        """`only`: the rows that are read; none named means all."""
        self.values: Recent[str, Any] = Recent(MOST_VALUES)
        """Path → its last value."""
        self.unreadable = 0
        """Messages of the contract that are not as it says."""
        self._root = root
        self._only = only

    def take(self, topic: str, payload: bytes) -> Decoded | None:
        """What a message says; None for sound, commands, and what the contract doesn't know."""
        found = self._root.find(topic)
        if found is None:
            return None
        row, node = found
        wanted = not self._only or row.path in self._only
        if row.kind == "command" or row.form == "binary" or not wanted:
            return None
        try:
            if too_large(payload, retain=row.retain):
                raise ValueError("larger than any of ours")
            value = row.decode(payload)
        except ValueError:
            self.unreadable += 1
            return None
        path = topic.removeprefix(self._root(""))
        self.values[path] = value
        return Decoded(row, path, node, value)
