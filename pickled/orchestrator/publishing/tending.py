"""Tends inputs and outputs: each is kept running, and health and errors tell how it is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pickled.messages.state import Component, Status
from pickled.orchestrator.parts.fence import run_part
from pickled.orchestrator.parts.pulses import Pulses
from pickled.orchestrator.parts.supervise import Owner, Report
from pickled.orchestrator.parts.threads import in_loop
from pickled.orchestrator.publishing.health import HealthBoard
from pickled.plugins import Plug, Surroundings

SLOW_START_S = 2.0
"""Who takes longer to start is said to be starting."""

STEADY_S = 2.0
"""Who was down is up again when it has run for so long: one that fails at once does not flicker."""

_ALSO: dict[str, Component] = {
    "input.twitch": "twitch",
    "input.twitch_anonymous": "twitch",
    "output.obs": "obs",
    "output.vtube_studio": "vtube",
}
"""Names by which dashboards know some of them."""


def components(sort: str, plugs: Sequence[Plug]) -> list[Component]:
    """`input.twitch`, and `input.twitch.2` for a second one of its kind."""
    seen: Counter[str] = Counter()
    names = []
    for plug in plugs:
        seen[plug.kind] += 1
        count = seen[plug.kind]
        names.append(f"{sort}.{plug.kind}" + (f".{count}" if count > 1 else ""))
    return names


@dataclass(frozen=True)
class Tending:
    """How a plug that runs by itself is kept."""

    health: HealthBoard
    around: Callable[[Report], Surroundings]
    dice: Callable[[], float]
    pulses: Pulses = field(default_factory=Pulses)

    async def keep(
        self, plug: Plug, component: Component, use: Callable[[Any], Awaitable[None]]
    ) -> None:
        """Start it, use it, and start it again when it fails, until cancelled."""
        told = False

        def say(status: Status, detail: str) -> None:
            self.health.report(component, status, detail)
            if also := _ALSO.get(component):
                self.health.report(also, status, detail)

        def report(status: Status, detail: str) -> None:
            nonlocal told
            told = True
            say(status, detail)

        def work() -> None:
            if not told:
                say("up", "")

        async def run() -> None:
            nonlocal told
            told = False
            slow = _later(SLOW_START_S, lambda: say("down", "it is starting"))

            async def started(part: Any) -> None:
                slow.cancel()
                if self.health.status(component) is None:
                    work()
                steady = _later(STEADY_S, work)
                try:
                    await use(part)
                finally:
                    steady.cancel()

            try:
                await run_part(
                    component, partial(plug.start, self.around(in_loop(report))), started
                )
            finally:
                slow.cancel()

        owner = Owner(
            report=say,
            dice=self.dice,
            on_repeated=partial(self.health.complain, component, "restarting"),
        )
        keeping = asyncio.current_task()
        self.pulses.watch(component, lambda: keeping is None or not keeping.done())
        await owner.keep(component, run)
        self.pulses.over(component)  # it has ended by itself, and said so


def _later(seconds: float, say: Callable[[], None]) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(seconds, say)
