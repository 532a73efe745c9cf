"""MQTT: one interface for a real broker (`client`) and for unit tests (`in_process`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pickled.topic_rows import Topic
from pickled.topics import Root


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that came in, already found in the table."""

    row: Topic
    node: str | None
    """The node's name, where the topic has one."""
    topic: str
    payload: bytes
    retain: bool = False
    """The sender's flag (Retain As Published), or a retained message at subscribing."""
    dup: bool = False
    response_topic: str | None = None
    correlation: bytes | None = None


Handler = Callable[[Incoming], None]
"""Called by the reader for each message: must return at once, so it queues what takes time."""

RawHandler = Callable[[str, bytes, bool], None]
"""The same for a topic outside the table: its name, the payload, the retain flag."""

Hook = Callable[[], Awaitable[None]]


class Bus(Protocol):
    """One connection to the broker; topics are named by their path in the table.

    QoS, retain flag and expiry come from the table.
    """

    root: Root

    @property
    def connected(self) -> bool:
        """Is the broker there, with all our subscriptions made?"""

    @property
    def rival(self) -> str:
        """Who takes our place again and again, with the remedy; until a connection has lasted."""

    def on(self, path: str, handler: Handler) -> Callable[[], None]:
        """Subscribe: the handler gets each message of that row, of all nodes.

        The result ends that for this handler.
        """

    def on_raw(self, topic_filter: str, handler: RawHandler) -> None:
        """Subscribe to whole topics, wildcards allowed, before the start.

        The handler gets what no handler of a row takes, as Home Assistant's status or an unknown
        command.
        """

    def on_connect(self, hook: Hook) -> None:
        """Run after every (re)connect, once subscribed and before the states are sent."""

    def on_down(self, hook: Callable[[str], None]) -> None:
        """Called when the connection is lost, with the cause."""

    def on_refused(self, hook: Callable[[str, str], None]) -> None:
        """Called with topic and a sentence when the broker does not take, or give us, something."""

    def retain(self, path: str, value: Any, *, node: str | None = None) -> None:
        """Publish a state; while the broker is away the latest value of each topic waits.

        All are sent again on every reconnect.
        """

    def retain_raw(self, topic: str, payload: bytes) -> None:
        """As `retain`, for a whole topic outside the table; sent before the states.

        Nothing but an empty payload removes it.
        """

    def resend(self) -> None:
        """Send everything that is retained again, the states last."""

    async def settle(self) -> None:
        """Wait until what was retained when we subscribed has come."""

    async def publish(self, path: str, value: Any, *, node: str | None = None) -> bool:
        """Publish an event, a command or a stream message, encoded by its row.

        Returns False if it was not sent: the broker is away, or took longer than the timeout.
        """

    async def publish_raw(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """As `publish`, for a whole topic outside the table, once and not again."""

    async def respond(self, to: Incoming, value: Any) -> None:
        """Answer on the MQTT 5 response topic, if the sender gave one."""

    async def clear(self, topic: str) -> None:
        """Remove a retained message by an empty retained one."""
