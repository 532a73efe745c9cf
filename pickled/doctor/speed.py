"""How fast the configured model is, and whether that is soon enough."""

from __future__ import annotations

from pickled.config import Config
from pickled.doctor.check import Check
from pickled.doctor.parts import LONGEST_PROBE_S, surroundings
from pickled.doctor.trial.answering import MEASURING_S, try_speed
from pickled.errors import PickledError
from pickled.orchestrator.parts.fence import contained
from pickled.plugins import find


async def check_speed(config: Config) -> tuple[Check, ...]:
    """Of one of the house, by an answer; that it does not answer is told by another check."""

    async def ask() -> list[Check]:
        async with find("llm", config.llm).start(surroundings(config)) as model:
            await model.probe()
            return await try_speed("model speed", model)

    longest_s = MEASURING_S + LONGEST_PROBE_S / 3
    try:
        return tuple(await contained(config.llm.kind, ask, limit_s=longest_s, error=PickledError))
    except PickledError:
        return ()
