"""Voices with a fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pickled.plug import SPEECH_RATE, Surroundings
from tests.stand_ins.faulty.lives import Options, block, for_ever, life, stubbornly

__all__ = ["Options", "start"]

SOUND = b"\x00\x10" * (SPEECH_RATE // 10)


class Voice:
    """Answers every probe, and speaks as it likes."""

    name = "faulty voice"

    def __init__(self, fault: str) -> None:
        self._fault = fault
        self.voices = () if fault == "has no voices" else ("alto",)

    async def probe(self) -> None:
        """As the fault wants it."""
        if self._fault == "probe raises":
            raise ValueError("no licence")
        if self._fault == "probe hangs":
            await for_ever()

    async def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[Any, None]:
        """The same."""
        match self._fault:
            case "raises":
                raise TypeError("voice is None")
            case "raises later":
                yield SOUND
                raise ValueError("the pipe is broken")
            case "hangs":
                await for_ever()
            case "hangs later":
                yield SOUND
                await for_ever()
            case "is stubborn":
                await stubbornly()
            case "exits":
                raise SystemExit(3)
            case "gives text":
                yield "beep"
            case "is silent":
                yield bytes(len(SOUND))
                return
            case "gives nothing":
                return
            case "gives half a sample":
                for _ in range(5):
                    yield SOUND[:-1]
                return
            case "goes on for ever":
                while True:
                    yield SOUND
                    await asyncio.sleep(0.01)
            case "blocks":
                block(2.5)
        yield SOUND


class Nameless:
    """Says nothing of itself."""

    voices = ("alto",)
    synthesize, probe = Voice.synthesize, Voice.probe


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Any]:
    """A voice, or what it takes for one."""
    voice = Nameless() if options.fault == "has no name" else Voice(options.fault)
    async with life(options.fault, voice) as part:
        yield part
