"""Chat on MQTT: line by line while it is calm, in batches above 50 messages a second."""

from __future__ import annotations

import asyncio
from collections import deque

from pickled.messages.chat import (
    ChatBatch,
    ChatCleared,
    ChatDeleted,
    ChatMessage,
    Retraction,
)
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.situation.pace import CALM_RATE

BATCH_S = 0.1
BATCH_MESSAGES = 500
BATCH_BYTES = 64 * 1024
_ENVELOPE_BYTES = 256


class ChatFeed:
    """Publishes `event/chat`; what does not fit into a batch is counted in it."""

    def __init__(self, events: Events, clock: Clock) -> None:
        self._events = events
        self._clock = clock
        self._recent: deque[float] = deque(maxlen=CALM_RATE)
        self._batch: list[ChatMessage] = []
        self._bytes = 0
        self._suppressed = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, event: ChatMessage | ChatDeleted | ChatCleared) -> None:
        """Publish what happened in chat, now or with the next batch."""
        if not isinstance(event, ChatMessage):
            self._flush()
            self._events.emit("event/chat", event)
            return
        now = self._clock.now()
        busy = len(self._recent) == CALM_RATE and now - self._recent[0] < 1.0
        self._recent.append(now)
        if not busy and not self._batch:
            self._events.emit("event/chat", event)
            return
        self._collect(event)
        self._flush_soon()

    def leave_out(self) -> None:
        """A line that is not published, and counted in the next batch."""
        self._suppressed += 1
        self._flush_soon()

    def retract(self, retraction: Retraction) -> int:
        """Publish nothing that is taken back and still collected; how many lines that were."""
        before = len(self._batch)
        self._batch = [each for each in self._batch if not retraction.concerns(each)]
        self._bytes = sum(map(_most_bytes, self._batch))
        return before - len(self._batch)

    def close(self) -> None:
        """Publish what is collected."""
        self._flush()

    def _collect(self, message: ChatMessage) -> None:
        size = _most_bytes(message)
        if len(self._batch) >= BATCH_MESSAGES or self._bytes + size > BATCH_BYTES:
            self._suppressed += 1
            return
        self._bytes += size
        self._batch.append(message)

    def _flush_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(BATCH_S, self._flush)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not (self._batch or self._suppressed):
            return
        batch = ChatBatch(
            ts=self._clock.wall(), messages=tuple(self._batch), suppressed=self._suppressed
        )
        self._batch, self._bytes, self._suppressed = [], 0, 0
        self._events.emit("event/chat", batch)


def _most_bytes(message: ChatMessage) -> int:
    # Text and names are at most 4 bytes a character; the rest of a line is small and known.
    return 4 * (len(message.text) * 2 + len(message.user)) + _ENVELOPE_BYTES
