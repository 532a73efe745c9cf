"""Tells systemd, where it started us, that we are ready, how we are, and that all parts go on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.messages.state import Health
from pickled.notify import ServiceManager
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.pulses import Pulses

log = structlog.get_logger()

TICKS_S = 20.0
"""What is done each second is done within this: else something in it hangs."""

LOOK_S = 5.0
"""Between two looks, where nobody wants to be told more often."""

ANNOUNCED_S = 0.1
"""The broker is there, and what there is to say goes out first, `online` last."""

MORE_S = 30.0
"""So much longer a start may take that goes on: while there is no broker, or a model loads."""


def serving(ground: Ground) -> tuple[Life, ...]:
    """Nothing, unless a service manager wants to be told."""
    if not ground.outside.manager.address:
        return ()
    bus = ground.outside.bus
    told = Serving(ground.outside.manager, ground.outside.pulses, ground.clock)

    def listen() -> None:
        ground.tap.on("health/state", told.health)
        bus.on_connect(told.connected)

    return (
        Life(
            "service manager",
            listen=listen,
            run=told.run,
            every_second=told.tick,
            close=told.stopping,
        ),
    )


@dataclass
class Serving:
    """What is told to the service manager."""

    manager: ServiceManager
    pulses: Pulses
    clock: Clock
    _online: asyncio.Event = field(default_factory=asyncio.Event)
    _ready: bool = False
    _missed: tuple[str, ...] = ()
    _stopping: bool = False
    _health: str = "starting"

    async def connected(self) -> None:
        """The broker takes what is said."""
        self._online.set()

    def health(self, health: Health) -> None:
        """How the parts are is the service's status."""
        parts = health.root.items()
        bad = [f"{name} {each.status}: {each.detail}" for name, each in parts
               if each.status not in ("up", "disabled")]  # fmt: skip
        self._health = "; ".join(bad) or "all parts are up"
        if not (self._missed or self._stopping):
            self.manager.status(self._health)

    def tick(self) -> None:
        """Once a second."""
        self.pulses.beat("what is done each second", self.clock.now(), within_s=TICKS_S)

    async def run(self) -> None:
        """Until cancelled: ready once online, then a sign of life while every part has one."""
        while True:
            self._tell()
            await self._wait(min(LOOK_S, (self.manager.watchdog_s or LOOK_S) / 4))

    def stopping(self) -> None:
        """It was asked to."""
        self._stopping = True
        self.manager.tell("STOPPING=1", "STATUS=stopping")

    async def _wait(self, seconds: float) -> None:
        """Not longer than until it is online for the first time."""
        if self._ready:
            await asyncio.sleep(seconds)
            return
        try:
            async with asyncio.timeout(seconds):
                await self._online.wait()
                await asyncio.sleep(ANNOUNCED_S)
        except TimeoutError:
            pass

    def _tell(self) -> None:
        missed = self.pulses.silent(self.clock.now())
        if missed != self._missed:
            self._missed = missed
            self._say(missed)
        if missed:
            return
        if not self._ready and self._online.is_set():
            self._ready = True
            self.manager.tell("READY=1", f"STATUS={self._health}")
        if self._ready:
            self.manager.tell("WATCHDOG=1")
        else:
            self.manager.tell(f"EXTEND_TIMEOUT_USEC={MORE_S * 1e6:.0f}")
            self.manager.status(f"waiting for the broker; {self._health}")

    def _say(self, missed: tuple[str, ...]) -> None:
        if not missed:
            self.manager.status(self._health)
            return
        names = ", ".join(missed)
        log.error("no sign of life: the watchdog is not told any more", parts=names)
        self.manager.status(f"no sign of life of {names}: to be started again")
