"""Outputs with a fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from pickled.plug import Surroundings
from tests.stand_ins.faulty.lives import Options, block, for_ever, life, stubbornly

__all__ = ["Options", "start"]


class Output:
    """It runs a moment before anything goes wrong."""

    actions: Mapping[str, str] = {}

    def __init__(self, fault: str) -> None:
        self._fault = fault

    async def run(self) -> None:
        """As the fault wants it."""
        await asyncio.sleep(0.1)
        match self._fault:
            case "raises":
                raise ValueError("no such scene")
            case "ends":
                return
            case "exits":
                raise SystemExit(3)
            case "is stubborn":
                await stubbornly()
            case "blocks":
                block(2.5)
        await for_ever()


def refuse(_value: object) -> None:
    """Of what is published, nothing pleases it."""
    raise ValueError("the lamp is broken")


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Any]:
    """An output, or what it takes for one."""
    if options.fault == "listener raises" and surroundings.tap:
        surroundings.tap.on("speaking/state", refuse)
    async with life(options.fault, Output(options.fault)) as part:
        yield part
