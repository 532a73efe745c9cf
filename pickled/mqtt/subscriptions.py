"""Who gets which message: from a topic to its row of the table, and to that row's handlers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from paho.mqtt.client import topic_matches_sub

from pickled.mqtt import Handler, Incoming, RawHandler
from pickled.topics import Root, topic

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it came, before it is found in the table."""

    topic: str
    payload: bytes
    retain: bool = False
    dup: bool = False
    response_topic: str | None = None
    correlation: bytes | None = None


class Subscriptions:
    """The handlers of one connection."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._handlers: dict[str, list[Handler]] = {}
        self._raw: dict[str, list[RawHandler]] = {}

    def on(self, path: str, handler: Handler) -> Callable[[], None]:
        """Hand each message of that row to the handler, until the result is called.

        Raises KeyError for an unknown path.
        """
        path = topic(path).path
        self._handlers.setdefault(path, []).append(handler)

        def undo() -> None:
            if handler in self._handlers[path]:
                self._handlers[path].remove(handler)

        return undo

    def filter_of(self, path: str) -> str:
        """What to subscribe to for that row."""
        return self._root(topic(path).path, node="+")

    def on_raw(self, topic_filter: str, handler: RawHandler) -> None:
        """Hand what no row's handler takes to this one."""
        self._raw.setdefault(topic_filter, []).append(handler)

    def filters(self) -> list[str]:
        """What to subscribe to; none covers another, or messages would come twice."""
        wanted = {self._root(path, node="+") for path in self._handlers} | set(self._raw)
        wide = [each for each in wanted if "+" in each or "#" in each]
        return sorted(
            each
            for each in wanted
            if not any(other != each and topic_matches_sub(other, each) for other in wide)
        )

    def want(self, topic_name: str) -> bool:
        """Is that topic subscribed to?"""
        found = self._root.find(topic_name)
        return bool(found and found[0].path in self._handlers) or bool(self._raw_for(topic_name))

    def deliver(self, mail: Mail) -> None:
        """Call the handlers of that topic; one that raises is logged, and the others go on."""
        found = self._root.find(mail.topic)
        calls: list[Callable[[], None]]
        if found and found[0].path in self._handlers:
            message = Incoming(
                *found,
                mail.topic,
                mail.payload,
                mail.retain,
                mail.dup,
                mail.response_topic,
                mail.correlation,
            )
            calls = [partial(each, message) for each in tuple(self._handlers[found[0].path])]
        else:
            calls = [
                partial(each, mail.topic, mail.payload, mail.retain)
                for each in self._raw_for(mail.topic)
            ]
        for call in calls:
            try:
                call()
            except Exception:  # mute must work whatever another handler does
                log.exception("a handler failed", topic=mail.topic)

    def _raw_for(self, topic_name: str) -> list[RawHandler]:
        matching = (
            handlers
            for topic_filter, handlers in self._raw.items()
            if topic_matches_sub(topic_filter, topic_name)
        )
        return [each for handlers in matching for each in handlers]
