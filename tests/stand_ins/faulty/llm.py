"""Models with a fault."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pickled.plug import Prompt, Surroundings
from tests.stand_ins.faulty.lives import Options, block, for_ever, life, stubbornly

__all__ = ["Options", "start"]


class Model:
    """Answers every probe and no prompt."""

    name = "faulty model"
    bounded = False

    def __init__(self, fault: str) -> None:
        self._fault = fault

    async def probe(self) -> None:
        """As the fault wants it."""
        if self._fault == "probe raises":
            raise ValueError("no key")
        if self._fault == "probe hangs":
            await for_ever()

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Any, None]:
        """The same."""
        match self._fault:
            case "raises":
                raise ValueError("no tokens left")
            case "raises later":
                yield '{"emotion": "happy", "te'
                raise TypeError("expected a string")
            case "hangs":
                await for_ever()
            case "hangs later":
                yield '{"emotion": "happy", "text": "'
                await for_ever()
            case "is stubborn":
                await stubbornly()
            case "exits":
                raise SystemExit(3)
            case "gives bytes":
                yield b"{}"
            case "goes on for ever":
                yield '{"emotion": "happy", "text": "'
                while True:
                    yield "la " * 300
            case "writes prose":
                yield "All is well."
                return
            case "gives nothing":
                return
            case "blocks":
                block(2.5)
        yield '{"emotion": "happy", "text": "All is well."}'


class Nameless:
    """Says nothing of itself."""

    bounded = False
    stream, probe = Model.stream, Model.probe


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Any]:
    """A model, or what it takes for one."""
    model = Nameless() if options.fault == "has no name" else Model(options.fault)
    async with life(options.fault, model) as part:
        yield part
