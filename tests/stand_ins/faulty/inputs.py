"""Inputs with a fault."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from pickled.plug import ChatMessage, Emit, SourceError, Surroundings
from tests.stand_ins.faulty.lives import Options, block, for_ever, life, stubbornly

LINES = 200

__all__ = ["LINES", "Options", "start"]


def line(number: int) -> ChatMessage:
    """One of chat."""
    return ChatMessage(
        ts=datetime.now(UTC), id=f"faulty-{number}", user="zoe", user_id="z", text=f"line {number}"
    )


class Input:
    """It has emitted a line before anything goes wrong."""

    def __init__(self, fault: str) -> None:
        self._fault = fault

    async def run(self, emit: Emit) -> None:
        """As the fault wants it."""
        emit(line(0))
        await asyncio.sleep(0.1)
        match self._fault:
            case "raises":
                raise ValueError("a line without a colon")
            case "is refused":
                raise SourceError("the token is wrong", permanent=True)
            case "ends":
                return
            case "exits":
                raise SystemExit(3)
            case "cancels itself":
                raise asyncio.CancelledError
            case "is stubborn":
                await stubbornly()
            case "blocks":
                block(2.5)
            case "repeats an id":
                emit(line(0))
            case "emits a dict":
                wrong: Any = {"user": "zoe", "text": "hello"}
                emit(wrong)
            case "floods from a thread":
                threading.Thread(target=flood, args=(emit,)).start()
        await for_ever()


def flood(emit: Emit) -> None:
    """Many lines at once, not in the loop's thread."""
    for number in range(1, LINES):
        emit(line(number))


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Any]:
    """An input, or what it takes for one."""
    async with life(options.fault, Input(options.fault)) as part:
        yield part
