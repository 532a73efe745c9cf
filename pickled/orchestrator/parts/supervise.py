"""Every part has an owner that restarts it with back-off and says how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from pickled.back_off import BackOff
from pickled.errors import ConfigError, PickledError, SourceError
from pickled.messages.state import Status
from pickled.orchestrator.parts.fence import describe

log = structlog.get_logger()

Report = Callable[[Status, str], None]

REPEATED = 3
"""So many failures in a row are told; then again each time that there are twice as many."""


@dataclass(frozen=True)
class Owner:
    """Who starts a part again, and what is done with what there is to say about it."""

    report: Report
    dice: Callable[[], float]
    """In [0, 1)."""
    on_repeated: Callable[[str], None] = lambda _why: None
    """Called when a part fails again and again."""
    back_off: BackOff = field(default_factory=BackOff)

    async def keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run a part until it ends by itself; start it again when it fails.

        An error that trying again can't mend is reported once, and the part stays down.
        """
        loop = asyncio.get_running_loop()
        failures, told = 0, REPEATED
        while True:
            started = loop.time()
            try:
                await run()
            except Exception as error:  # noqa: BLE001  # the one place that owns whatever fails
                if _is_permanent(error):
                    log.error("part can't run", part=name, error=str(error))
                    self.report("down", str(error))
                    return
                if loop.time() - started > self.back_off.healthy_s:
                    failures, told = 0, REPEATED
                wait = self.back_off.wait(failures, self.dice())
                failures += 1
                _log_failure(name, error, wait)
                self.report("down", describe(error))
                if failures == told:
                    told *= 2
                    self.on_repeated(f"{name} failed {failures} times in a row: {describe(error)}")
                await asyncio.sleep(wait)
            else:
                log.info("part ended", part=name)
                self.report("disabled", "it has come to its end")
                return


def _is_permanent(error: Exception) -> bool:
    return isinstance(error, ConfigError) or (isinstance(error, SourceError) and error.permanent)


def _log_failure(name: str, error: Exception, wait: float) -> None:
    known = isinstance(error, PickledError)
    log.warning(
        "part failed, it starts again",
        part=name,
        error=describe(error),
        wait_s=round(wait, 2),
        exc_info=None if known else error,
    )
