"""What a part may use of the house, and what it borrowed is given back when it ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pickled.messages.recognized import Recognized
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


class MicrophoneBus(Protocol):
    """What the audio-nodes hear, on the connection for sound."""

    def names(self) -> tuple[str, ...]:
        """The nodes with a microphone that are online, by name."""

    def on(self, path: str, handler: Handler) -> Undo:
        """Have each message of that topic; raises KeyError for one that is no microphone's."""


class Recognizers(Protocol):
    """Who recognizes what the streamer says: the first of them that works."""

    def recognize(self, sound: AsyncIterator[bytes]) -> AsyncGenerator[Recognized, None]:
        """Turn by turn, until the sound ends; as `Recognizer.recognize`, but it never fails."""


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


@dataclass
class _BorrowedMicrophone:
    """The same."""

    microphone: MicrophoneBus
    undo: list[Undo]

    def names(self) -> tuple[str, ...]:
        return self.microphone.names()

    def on(self, path: str, handler: Handler) -> Undo:
        self.undo.append(self.microphone.on(path, handler))
        return self.undo[-1]


@dataclass(frozen=True)
class Offers:
    """All of them; None where the house has none."""

    tap: Tap | None = None
    bus: PartBus | None = None
    share: Share | None = None
    house: HouseBus | None = None
    microphone: MicrophoneBus | None = None
    recognizers: Recognizers | None = None
    """None: nobody recognizes, as nobody is named under `stt`."""

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
                microphone=(
                    _BorrowedMicrophone(self.microphone, undo) if self.microphone else None
                ),
                recognizers=self.recognizers,
            )
        finally:
            for each in undo:
                each()
