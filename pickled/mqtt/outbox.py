"""What we keep retained at the broker: the latest of each topic, and what is still unsent."""

from __future__ import annotations

import asyncio
from enum import IntEnum


class Rank(IntEnum):
    """What goes out first when everything is sent again."""

    RAW = 0
    STATE = 1
    AVAILABILITY = 2


class Outbox:
    """One payload per topic: a newer one takes the place of the one that waits."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Rank, bytes]] = {}
        self._unsent: set[str] = set()
        self._filled = asyncio.Event()

    def put(self, topic: str, payload: bytes, rank: Rank) -> None:
        """Send this as soon as possible, and again after every reconnect."""
        self._kept[topic] = (rank, payload)
        self._unsent.add(topic)
        self._filled.set()

    def forget(self, topic: str) -> None:
        """Never send that topic again."""
        self._kept.pop(topic, None)
        self._unsent.discard(topic)

    def all_again(self) -> None:
        """The broker may have lost everything."""
        self._unsent.update(self._kept)
        self._filled.set()

    async def wait(self) -> None:
        """Until there is something to send."""
        while not self._unsent:
            self._filled.clear()
            await self._filled.wait()

    def take(self, count: int) -> list[tuple[str, bytes]]:
        """The next ones by rank, each in the order in which it was first put."""
        order = [each for each in self._kept if each in self._unsent]
        order.sort(key=lambda each: self._kept[each][0])
        taken = [(each, self._kept[each][1]) for each in order[:count]]
        self._unsent.difference_update(each for each, _ in taken)
        return taken

    def sent(self, topic: str, payload: bytes) -> None:
        """The broker has it; what was removed by an empty payload is forgotten."""
        kept = self._kept.get(topic)
        if kept is not None and not payload and not kept[1]:
            self.forget(topic)

    def failed(self, topic: str) -> None:
        """It did not arrive: send what is the latest by then."""
        if topic in self._kept:
            self._unsent.add(topic)
