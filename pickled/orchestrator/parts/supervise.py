"""Every part has an owner that restarts it with back-off and says how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from pickled.errors import ConfigError, PickledError, SourceError
from pickled.messages.state import Status

log = structlog.get_logger()

Report = Callable[[Status, str], None]


@dataclass(frozen=True)
class BackOff:
    """Full jitter: a random part of a wait that doubles up to a cap."""

    first_s: float = 0.25
    cap_s: float = 3.0
    healthy_s: float = 30.0
    """A run that lasted so long starts again at the first wait."""

    def wait(self, failures: int, dice: float) -> float:
        """Seconds to wait after so many failures in a row; `dice` in [0, 1)."""
        ceiling: float = min(self.cap_s, self.first_s * 2 ** min(failures, 16))
        return ceiling * (0.5 + dice / 2)


async def supervise(
    name: str,
    run: Callable[[], Awaitable[None]],
    *,
    report: Report,
    dice: Callable[[], float],
    back_off: BackOff | None = None,
) -> None:
    """Run a part until it ends by itself; start it again when it fails.

    An error that trying again can't mend is reported once, and the part stays down.
    """
    policy = back_off or BackOff()
    loop = asyncio.get_running_loop()
    failures = 0
    while True:
        started = loop.time()
        try:
            await run()
        except Exception as error:  # noqa: BLE001  # the one place that owns whatever fails
            if _is_permanent(error):
                log.error("part can't run", part=name, error=str(error))
                report("down", str(error))
                return
            if loop.time() - started > policy.healthy_s:
                failures = 0
            wait = policy.wait(failures, dice())
            failures += 1
            _log_failure(name, error, wait)
            report("down", describe(error))
            await asyncio.sleep(wait)
        else:
            log.info("part ended", part=name)
            return


def describe(error: BaseException) -> str:
    """One line on what went wrong."""
    return str(error) or type(error).__name__


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
