"""Puts all parts of the server together: the one place where that is done."""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial

from pickled.daemon.ground import Outside, lay, lives
from pickled.daemon.life import Life
from pickled.daemon.wings.acting import acting
from pickled.daemon.wings.answering import answering, backdrop
from pickled.daemon.wings.hearing import hearing
from pickled.daemon.wings.ordering import ordering
from pickled.daemon.wings.remembering import remembering
from pickled.daemon.wings.serving import serving
from pickled.daemon.wings.voicing import voicing
from pickled.daemon.wings.watching import warming, watch
from pickled.orchestrator.conversation.decisions import Decisions
from pickled.orchestrator.intake.inlet import Inlet


async def build(outside: Outside, stack: AsyncExitStack) -> tuple[Life, ...]:
    """Make all parts, in the order in which they live: the last one ends first.

    What has to be closed after them is entered on the stack. Raises ConfigError and StoreError.
    """
    ground = await lay(outside, stack)
    voice = voicing(ground)
    recollection = await remembering(ground, stack)
    memory = recollection.memory
    shown = backdrop(ground, memory)
    answers = await answering(ground, shown, memory, voice, stack)
    inlet = Inlet(on_dropped=partial(_count_flood, answers.cohost.decisions))
    orders = ordering(ground, shown, memory, voice, answers.cohost, answers.acting, inlet)
    inputs = hearing(
        ground, shown, memory.storing, answers.cohost, answers.acting, orders.chat, inlet
    )
    return (
        *lives(ground),
        *watch(ground, answers.cohost, shown.pace),
        *warming(ground),
        *voice.lives,
        *orders.commands,
        *recollection.lives,
        *answers.lives,
        *acting(ground, answers.acting),
        *orders.lives,
        *inputs,
        *serving(ground),
    )


def _count_flood(decisions: Decisions, lines: int) -> None:
    """Of what came from threads faster than it can be taken."""
    decisions.dropped["flood"] += lines
