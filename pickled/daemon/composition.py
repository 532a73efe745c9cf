"""Puts all parts of the server together: the one place where that is done."""

from __future__ import annotations

from contextlib import AsyncExitStack

from pickled.daemon.ground import Outside, lay, lives
from pickled.daemon.life import Life
from pickled.daemon.wings.answering import answering, scene
from pickled.daemon.wings.hearing import hearing
from pickled.daemon.wings.ordering import ordering
from pickled.daemon.wings.remembering import remembering
from pickled.daemon.wings.voicing import voicing
from pickled.orchestrator.intake.inlet import Inlet


async def build(outside: Outside, stack: AsyncExitStack) -> tuple[Life, ...]:
    """Make all parts, in the order in which they live: the last one ends first.

    What has to be closed after them is entered on the stack. Raises ConfigError and StoreError.
    """
    ground = await lay(outside, stack)
    voice = voicing(ground)
    recollection = await remembering(ground, stack)
    memory, inlet = recollection.memory, Inlet()
    stage = scene(ground, memory)
    answers = await answering(ground, stage, memory, voice, stack)
    orders = ordering(ground, stage, memory, voice, answers.cohost, inlet)
    inputs = hearing(ground, stage, memory.storing, answers.cohost, orders.chat, inlet)
    return (
        *lives(ground),
        *voice.lives,
        *orders.commands,
        *recollection.lives,
        *answers.lives,
        *orders.lives,
        *inputs,
    )
