"""Who holds the event loop up is named."""

from __future__ import annotations

import asyncio
import time
from types import ModuleType

from pickled.orchestrator.parts.loop_watch import BLOCKED_S, watching

_CODE = "import time\ndef block(seconds): time.sleep(seconds)"


async def test_module_that_blocks_is_named_with_how_long_it_took() -> None:
    """A part of somebody else is known by its package, also from deep inside."""
    module = ModuleType("slowfeed.reader")
    exec(compile(_CODE, "reader.py", "exec"), module.__dict__)
    told: asyncio.Queue[tuple[str, float]] = asyncio.Queue()
    suspects = {"pickled.inputs.replay": "input.replay", "slowfeed": "input.slow"}
    async with watching(suspects, lambda *what: told.put_nowait(what)):
        await asyncio.sleep(0.1)
        module.block(BLOCKED_S + 0.5)
        who, took = await told.get()
    assert who == "input.slow"
    assert BLOCKED_S <= took <= BLOCKED_S + 2


async def test_code_that_nobody_knows_is_nobodys() -> None:
    """It is told all the same."""
    told: asyncio.Queue[tuple[str, float]] = asyncio.Queue()
    async with watching({}, lambda *what: told.put_nowait(what)):
        await asyncio.sleep(0.1)
        time.sleep(BLOCKED_S + 0.3)  # noqa: ASYNC251  # that is what is watched for
        assert (await told.get())[0] == ""
