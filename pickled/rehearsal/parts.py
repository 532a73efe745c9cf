"""The parts of a rehearsal, as plugs: recorded answers, dice and durations."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE
from pickled.errors import ModelError
from pickled.llm.readout import Options as ReadoutOptions
from pickled.llm.readout import Readout
from pickled.messages.prompt import Prompt
from pickled.plugins import Plug, Surroundings
from pickled.rehearsal.pace import CHARS_PER_S, FIRST_BYTE_MS, FIRST_TOKEN_MS
from pickled.rehearsal.recorded import ClauseTiming, Recorded, RecordedAnswer

NEAR_S = 5.0
"""What nobody in chat asked for is found by its moment: so far it may be off."""

NEAR_DICE_S = 2.0
"""A recorded dice counts for a chance that comes so near to its moment."""

NOTHING_CAME_OF_IT = 0.999_999

_FAILED = frozenset({"failed", "blocked"})
"""Nothing cut it off: it ended by itself, without words that could be said."""

LONGER_S = 1.0
"""An answer that was cut off waits for its cut so much longer than it took."""

_BLOCK = SPEECH_RATE // 5


class Dice(random.Random):
    """The recorded dice at their moments; else a seeded chance, always the same."""

    def __init__(self, recorded: Recorded | None, *, seed: int, now: Callable[[], float]) -> None:
        """`now` gives the seconds of the recording."""
        super().__init__(seed)
        self._recorded = recorded.dice if recorded else deque()
        self._any = bool(self._recorded)
        self._now = now

    def random(self) -> float:
        """The dice that fell here; where one could fall and none is recorded, nothing came of it.

        Only answers and named skips tell their dice: the others are in a busy second's summary.
        """
        if not self._any:
            return super().random()
        now = self._now()
        while self._recorded and self._recorded[0][0] < now - NEAR_DICE_S:
            self._recorded.popleft()
        if self._recorded and self._recorded[0][0] <= now + NEAR_DICE_S:
            return self._recorded.popleft()[1]
        return NOTHING_CAME_OF_IT


@dataclass
class RecordedModel:
    """Says what was said when it was recorded; what was not asked then is read out."""

    recorded: Recorded
    now: Callable[[], float]
    """Seconds of the recording."""
    name: str = "recorded answers"
    bounded: bool = True
    unknown: int = 0
    """Answers that the recording does not have."""
    turns: dict[str, str] = field(default_factory=dict)
    """The recording's turns, and what they are called now."""

    async def probe(self) -> None:
        """It always works."""

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The recorded pieces at their moments; raises ModelError where it broke then."""
        answer = self._find(prompt)
        if answer is None:
            self.unknown += 1
            async with aclosing(read_out(prompt)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        self.turns[answer.turn] = prompt.request.turn
        began = asyncio.get_running_loop().time()
        for ms, text in answer.deltas:
            await _until(began + ms / 1000)
            yield text
        if not answer.closed:
            longer = 0.0 if answer.outcome in _FAILED else LONGER_S
            await _until(began + (answer.took_ms or 0.0) / 1000 + longer)
            raise ModelError("it ended here when it was recorded, too")

    def _find(self, prompt: Prompt) -> RecordedAnswer | None:
        messages, origin = prompt.request.messages, prompt.request.origin
        left = [each for each in self.recorded.answers if each.turn not in self.turns]
        if not messages:
            return None
        asked = messages[-1]
        if origin == "chat":
            return next((each for each in left if each.asked == asked.id), None)
        others = [each for each in left if not each.asked]
        same = (each for each in others if each.to == (asked.user, asked.text))
        now = self.now()
        near = (each for each in others if each.to is None and abs(each.began - now) <= NEAR_S)
        return next(same, None) or next(near, None)


async def read_out(prompt: Prompt) -> AsyncGenerator[str, None]:
    """What `readout` makes of it, after the usual time to a first token."""
    await asyncio.sleep(FIRST_TOKEN_MS / 1000)
    async with aclosing(Readout(ReadoutOptions()).stream(prompt)) as pieces:
        async for piece in pieces:
            yield piece


class ReadoutModel:
    """`readout`, as slow as a model."""

    name = "readout"
    bounded = True

    async def probe(self) -> None:
        """It always works."""

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The answer, in one piece."""
        return read_out(prompt)


@dataclass
class RecordedVoice:
    """Silence of the recorded length; else at the usual pace."""

    recorded: Recorded | None
    on_device: Callable[[float | None], None]
    """Told how long the device took to its first sample, ms; None if that isn't known."""
    name: str = "recorded durations"
    voices: tuple[str, ...] = ("alto",)

    async def probe(self) -> None:
        """It always works."""

    async def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """All at once after the first byte's time: nothing is played faster by that."""
        del voice
        timing = self._timing(text, speed)
        self.on_device(timing.first_sound_ms)
        await asyncio.sleep(timing.first_byte_ms / 1000)
        left = max(1, round(timing.duration_ms / 1000 * SPEECH_RATE))
        while left > 0:
            block = min(left, _BLOCK)
            yield bytes(block * SAMPLE_BYTES)
            left -= block

    def _timing(self, text: str, speed: float) -> ClauseTiming:
        known = self.recorded.timings.get(text) if self.recorded else None
        if known:
            return known.popleft() if len(known) > 1 else known[0]
        return ClauseTiming(FIRST_BYTE_MS, len(text) / CHARS_PER_S / speed * 1000)


@dataclass(frozen=True)
class RecordedEmbedder:
    """The meanings that were known when it was recorded, by their words."""

    meanings: Mapping[str, bytes]
    name: str = "recorded vectors"

    @property
    def dimensions(self) -> int:
        """Of all of them."""
        return next((len(each) // 4 for each in self.meanings.values()), 0)

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        """At once; None for what had no meaning then, or none in time."""
        del urgent
        return [self.meanings.get(each) for each in texts]

    async def probe(self) -> None:
        """It always works."""


class _NoOptions(BaseModel):
    pass


def plug(folder: str, part: Any, *, kind: str) -> Plug:
    """A plug that yields a part that is already there."""

    @asynccontextmanager
    async def start(_options: BaseModel, _surroundings: Surroundings) -> AsyncIterator[Any]:
        yield part

    module = ModuleType(kind)
    module.start = start  # type: ignore[attr-defined]  # that is what makes it a plug
    return Plug(folder, kind, _NoOptions(), module)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))
