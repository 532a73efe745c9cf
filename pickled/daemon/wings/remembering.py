"""Memory: what is recalled, what is stored, and the upkeep of its file."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.orchestrator.recollection.remembering import Remembering, start_remembering


@dataclass(frozen=True)
class MemoryOwner:
    """The memory's owner."""

    memory: Remembering
    lives: tuple[Life, ...]


async def remembering(ground: Ground, stack: AsyncExitStack) -> MemoryOwner:
    """Open the memory's file and start its embedder; raises StoreError if it can't be used."""
    memory = await stack.enter_async_context(
        start_remembering(
            ground.config,
            ground.outside.plugs.embedder,
            begin=ground.there,
            around=ground.quietly,
            dice=ground.outside.random.random,
            controls=ground.controls,
            report=ground.health.reporter("memory"),
            complain=partial(ground.health.complain, "memory", "not_saved"),
            models=ground.models,
            states=ground.states,
            events=ground.events,
            clock=ground.clock,
        )
    )
    lives = (
        Life(
            "memory",
            run=memory.storing.run,
            every_second=memory.publish,
            close=memory.storing.close,
        ),
        Life("memory upkeep", run=memory.long_term.run, close=memory.storing.questions.close),
    )
    return MemoryOwner(memory, lives)
