"""Runs the inputs: each has an owner that starts it again, and tells how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from pickled.inputs import Emit, Source
from pickled.messages.state import Component, Status
from pickled.orchestrator.parts.ladder import Ladder
from pickled.orchestrator.parts.supervise import supervise
from pickled.orchestrator.publishing.health import HealthBoard
from pickled.plugins import Plug, Surroundings

log = structlog.get_logger()

FIRST_PROBE_S = 1.5
"""So long the inputs wait for the models' and voices' first answer."""

_COMPONENTS: dict[str, Component] = {"twitch": "twitch", "speech": "stt", "vision": "vision"}


@dataclass(frozen=True)
class Listening:
    """All inputs of the daemon."""

    plugs: Sequence[Plug]
    take: Emit
    health: HealthBoard
    base_dir: Path
    data_dir: Path
    dice: Callable[[], float]

    async def run(self, *answering: Ladder) -> None:  # type: ignore[type-arg]  # of any kind
        """Listen until cancelled, once there is something to answer with."""
        asked = asyncio.gather(*(ladder.asked.wait() for ladder in answering))
        try:
            await asyncio.wait_for(asked, FIRST_PROBE_S)
        except TimeoutError:
            log.warning("the model or the voice has not answered yet")
        async with asyncio.TaskGroup() as inputs:
            for number, plug in enumerate(self.plugs):
                inputs.create_task(self._input(plug), name=f"{plug.kind} {number}")

    async def _input(self, plug: Plug) -> None:
        component = _COMPONENTS.get(plug.kind.partition("_")[0])
        report = self.health.reporter(component) if component else _quiet
        surroundings = Surroundings(self.base_dir, self.data_dir, report)

        async def run() -> None:
            async with plug.start(surroundings) as started:
                source: Source = started
                await source.run(self.take)

        await supervise(plug.kind, run, report=report, dice=self.dice)


def _quiet(_status: Status, _detail: str) -> None:
    """For a part that health has no name for: its log is enough."""
