"""Lets anything in the process listen to what is published, also without a broker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from pickled.topics import topic

log = structlog.get_logger()

Listener = Callable[[Any], None]


@dataclass
class PublishingTap:
    """Who listens to which topic."""

    _listeners: dict[str, tuple[Listener, ...]] = field(default_factory=dict)

    def on(self, path: str, take: Listener) -> Callable[[], None]:
        """Have `take` called with each state or event of that topic, until the result is called.

        Raises KeyError for a topic that there isn't.
        """
        path = topic(path).path

        def listener(value: Any) -> None:
            take(value)

        self._listeners[path] = (*self._listeners.get(path, ()), listener)

        def undo() -> None:
            left = (each for each in self._listeners[path] if each is not listener)
            self._listeners[path] = tuple(left)

        return undo

    def tell(self, path: str, value: Any) -> None:
        """Call all who listen; one that raises is logged, and the others go on."""
        for listener in self._listeners.get(path, ()):
            try:
                listener(value)
            except Exception:  # what a listener gets wrong is not ours to fall over
                log.exception("a listener failed", topic=path)
