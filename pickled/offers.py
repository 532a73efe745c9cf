"""What a part may use of the house, and what it borrowed is given back when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pickled.mqtt import Handler

Undo = Callable[[], None]
"""Ends a subscription; doing it twice changes nothing."""

Options = TypeVar("Options")
Service = TypeVar("Service")


class Tap(Protocol):
    """What this daemon publishes, also without a broker."""

    def on(self, path: str, take: Callable[[Any], None]) -> Undo:
        """Have `take` called with each state or event of that topic (`speaking/state`).

        It is called in the loop and must return at once; one that raises is logged, no more.
        Raises KeyError for a topic that there isn't.
        """


class PartBus(Protocol):
    """MQTT below this instance, by the paths of the contract's table."""

    def on(self, path: str, handler: Handler) -> Undo:
        """Have each message of that topic; raises KeyError for a topic that there isn't."""

    async def publish(self, path: str, value: Any) -> bool:
        """By the rules of that topic; False if it was not sent."""


class HouseBus(Protocol):
    """MQTT outside of this instance: the rest of the house."""

    def refusal(self, topic: str) -> str:
        """Why nothing may be published there; empty if it may."""

    async def publish(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Raises PartError if it may not be, or was not, published."""


class Share(Protocol):
    """Connections that several parts use."""

    async def __call__(
        self,
        start: Callable[[Options], AbstractAsyncContextManager[Service]],
        options: Options,
    ) -> Service:
        """The service that `start(options)` yields, opened once for all who ask for the same.

        It is closed when the daemon ends. Raises what `start` raises; the next one tries again.
        """


@dataclass
class _BorrowedTap:
    """Remembers what was subscribed to."""

    tap: Tap
    undo: list[Undo]

    def on(self, path: str, take: Callable[[Any], None]) -> Undo:
        self.undo.append(self.tap.on(path, take))
        return self.undo[-1]


@dataclass
class _BorrowedBus:
    """The same."""

    bus: PartBus
    undo: list[Undo]

    def on(self, path: str, handler: Handler) -> Undo:
        self.undo.append(self.bus.on(path, handler))
        return self.undo[-1]

    async def publish(self, path: str, value: Any) -> bool:
        return await self.bus.publish(path, value)


@dataclass(frozen=True)
class Offers:
    """All of them; None where the house has none."""

    tap: Tap | None = None
    bus: PartBus | None = None
    share: Share | None = None
    house: HouseBus | None = None

    @contextmanager
    def lent(self) -> Iterator[Offers]:
        """The same for one part: what it subscribed to is undone when it ends."""
        undo: list[Undo] = []
        try:
            yield Offers(
                tap=_BorrowedTap(self.tap, undo) if self.tap else None,
                bus=_BorrowedBus(self.bus, undo) if self.bus else None,
                share=self.share,
                house=self.house,
            )
        finally:
            for each in undo:
                each()
