"""The daemon's events on MQTT, capped under floods: what is left out is counted in the next one."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from pickled.bucket import Bucket
from pickled.messages.base import Published
from pickled.mqtt import Bus, Incoming
from pickled.orchestrator.publishing.state import without_text
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.topics import topic

LONGEST_QUEUE = 20_000
"""Events that wait for the broker; the oldest are dropped, and counted."""

MOST_KEPT = 200
"""Answers that wait for the broker to be back; the oldest are dropped, and counted."""

_ANSWERS = "event/command"


@dataclass
class _Cap:
    """How many events of one topic may go out."""

    bucket: Bucket | None
    """None: all."""
    suppressed: int = 0


@dataclass(frozen=True)
class _Outgoing:
    path: str
    event: Published
    answer_to: Incoming | None = None
    reply: Published | None = None
    """What the sender alone gets; None: the event itself."""
    aloud: bool = True
    """Published, and not only sent to who asked."""


class Events:
    """A queue of events and the task that publishes them in order."""

    def __init__(self, bus: Bus, *, tap: PublishingTap, publish_text: bool = True) -> None:
        self._bus = bus
        self._tap = tap
        self._publish_text = publish_text
        self._caps: dict[str, _Cap] = {}
        self._queue: deque[_Outgoing] = deque()
        self._answers: deque[_Outgoing] = deque()
        """To commands: they don't wait behind chat."""
        self._kept: deque[_Outgoing] = deque()
        """Answers that the broker could not be given."""
        self._filled = asyncio.Event()
        bus.on_connect(self._again)

    def emit(
        self,
        path: str,
        event: Published,
        *,
        answer_to: Incoming | None = None,
        reply: Published | None = None,
    ) -> None:
        """Publish an event, and answer the sender of the command if it was one; never blocks."""
        cap = self._cap(path)
        if cap.bucket and not cap.bucket.take(asyncio.get_running_loop().time()):
            cap.suppressed += 1
            return
        queue = self._queue if answer_to is None else self._answers
        if len(queue) >= LONGEST_QUEUE:
            self._cap(queue.popleft().path).suppressed += 1
        if cap.suppressed:
            event = event.model_copy(update={"suppressed": event.suppressed + cap.suppressed})
            cap.suppressed = 0
        self._tap.tell(path, event)
        if not self._publish_text:
            event, reply = without_text(event), without_text(reply)
        queue.append(_Outgoing(path, event, answer_to, reply))
        self._filled.set()

    def respond(self, to: Incoming, event: Published) -> None:
        """Answer the sender of a command alone, on the response topic; never blocks."""
        if len(self._answers) < LONGEST_QUEUE:
            self._answers.append(_Outgoing(_ANSWERS, event, to, aloud=False))
            self._filled.set()

    async def run(self) -> None:
        """Publish what was emitted: answers to commands first, each kind in order."""
        while True:
            await self.flush()
            self._filled.clear()
            await self._filled.wait()

    async def flush(self) -> None:
        """Publish what waits."""
        while waiting := self._answers or self._queue:
            await self._publish(waiting.popleft())

    async def _publish(self, each: _Outgoing) -> None:
        """An answer is tried twice (what hangs is known by then), and kept if the broker is away.

        So it may come twice, with the same id: whoever commanded knows at least how it ended.
        """
        answers = each.path == _ANSWERS
        if await self._sent(each) or (answers and self._bus.connected and await self._sent(each)):
            return
        if not answers or self._bus.connected:  # refused, not away
            self._cap(each.path).suppressed += 1
            return
        self._kept.append(each)
        if len(self._kept) > MOST_KEPT:
            self._cap(self._kept.popleft().path).suppressed += 1

    async def _sent(self, each: _Outgoing) -> bool:
        if each.answer_to is not None:
            await self._bus.respond(each.answer_to, each.reply or each.event)
        if not each.aloud:
            return True
        return await self._bus.publish(each.path, each.event)

    async def _again(self) -> None:
        """The broker is back: what it has missed goes out first, in order."""
        self._answers.extendleft(reversed(self._kept))
        self._kept.clear()
        self._filled.set()

    def _cap(self, path: str) -> _Cap:
        if path not in self._caps:
            rate = topic(path).max_rate
            self._caps[path] = _Cap(Bucket(rate, rate) if rate is not None else None)
        return self._caps[path]
