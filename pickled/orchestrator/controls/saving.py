"""Keeps on the disk what was set; if it takes nothing, tries again until there is room."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from pickled.back_off import BackOff
from pickled.orchestrator.controls.settings import Settings
from pickled.orchestrator.publishing.health import HealthBoard

log = structlog.get_logger()

GATHER_S = 0.5
"""What nobody waits for is saved together with what is set within so long a time."""

LONGEST_S = 1.0
"""Nobody waits longer than that for a disk."""

AGAIN = BackOff(first_s=1.0, cap_s=10.0)
"""Between two tries."""


@dataclass
class Saving:
    """Saves the settings, and tells when that fails and when it is well again."""

    settings: Settings
    health: HealthBoard
    _writing: asyncio.Task[None] | None = field(default=None, init=False)
    _failures: int = field(default=0, init=False)

    async def now(self) -> str:
        """Save what is unsaved; why it can't be, or nothing if all is on the disk."""
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._write()
        except TimeoutError:
            return self._failed("the disk does not answer")
        except OSError as error:
            return self._failed(error.strerror or str(error))
        if self._failures:
            self._failures = 0
            log.info("settings are saved again")
            self.health.report("settings", "up")
        return ""

    async def run(self) -> None:
        """Save what was set without a command, and what could not be saved."""
        while True:
            await self.settings.unsaved.wait()
            await asyncio.sleep(GATHER_S)
            if await self.now():
                await asyncio.sleep(AGAIN.longest(self._failures))

    async def close(self) -> None:
        """The last try."""
        if why := await self.now():
            log.error("settings are not in force after a restart: they can't be saved", why=why)

    async def _write(self) -> None:
        """Until nothing is unsaved; a disk that hangs is asked once and not again."""
        while self._is_writing or self.settings.unsaved.is_set():
            if self._writing is None or self._writing.done():
                self._writing = asyncio.create_task(self.settings.save(), name="save settings")
            await asyncio.shield(self._writing)

    @property
    def _is_writing(self) -> bool:
        return self._writing is not None and not self._writing.done()

    def _failed(self, why: str) -> str:
        """Told once, and with the remedy."""
        self._failures += 1
        remedy = f"{why}: free some room for {self.settings.folder}, or check its rights"
        if self._failures == 1:
            log.error("settings can't be saved, they are in force", why=remedy)
            message = f"settings are in force, but can't be saved: {remedy}; it is tried again"
            self.health.complain("settings", "not_saved", message)
        self.health.report("settings", "degraded", f"not saved: {remedy}")
        return why
