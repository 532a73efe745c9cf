"""What is asked, as a vector: begun when the line comes in, and never waited for to the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled.memory.entry_vectors import EntryVectors
from pickled.messages.chat import ChatMessage, Ids, Retraction
from pickled.recent import Recent
from pickled.side_tasks import SideTasks

IN_TIME_S = 0.008
"""From its beginning on, a vector is waited for no longer: words alone find what they can."""

PATIENCE_S = 2.0
"""A late one may still come, for a question that is answered later."""

MOST_KNOWN = 64
"""Lines; more than wait for an answer. The oldest is not expected any more."""

MOST_AT_ONCE = 4
"""Of a flood of questions the next ones are embedded when they are asked for."""


@dataclass(frozen=True)
class _Begun:
    """A line that is being embedded."""

    ids: Ids
    at: float
    vector: asyncio.Task[bytes | None]


@dataclass
class Questions:
    """Vectors of the lines that may be answered next; there are none while memory has none."""

    vectors: EntryVectors
    now: Callable[[], float]
    late: int = field(default=0, init=False)
    """Questions that were looked for by words alone, as their vectors were not in time."""
    _begun: Recent[str, _Begun] = field(default_factory=lambda: Recent(MOST_KNOWN), init=False)
    """By the id of the message."""
    _embedding: SideTasks = field(default_factory=SideTasks, init=False)

    def begin(self, message: ChatMessage) -> None:
        """It may be asked for soon; returns at once."""
        if self.vectors.any and len(self._embedding) < MOST_AT_ONCE:
            self._begun[message.id] = self._begin(message)

    async def vector(self, message: ChatMessage) -> bytes | None:
        """The text's; None if there is none in time."""
        if not self.vectors.any:
            return None
        begun = (self._begun.get(message.id) if message.id else None) or self._begin(message)
        left = begun.at + IN_TIME_S - self.now()
        await asyncio.wait({begun.vector}, timeout=max(0.0, left))
        if begun.vector.cancelled():
            return None
        if begun.vector.done():
            return begun.vector.result()
        self.late += 1
        return None

    def retract(self, retraction: Retraction) -> int:
        """Know nothing any more of what is taken back; how many lines that were."""
        gone = [each for each in self._begun.values() if retraction.concerns(each.ids)]
        for each in gone:
            each.vector.cancel()
            del self._begun[each.ids.id]
        return len(gone)

    async def close(self) -> None:
        """Wait for none any more."""
        self._begun.clear()
        await self._embedding.close()

    def _begin(self, message: ChatMessage) -> _Begun:
        embed = self.vectors.of_query(message.text, PATIENCE_S)
        task = self._embedding.start(embed, name="question")
        return _Begun(Ids(message.id, message.user_id), self.now(), task)
