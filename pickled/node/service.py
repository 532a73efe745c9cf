"""The node as a service: says that it plays, how it is, and that it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field

from pickled.notify import ServiceManager


@dataclass
class LifeSigns:
    """Told once a turn of the node's own loop, so it hears nothing of one that hangs."""

    manager: ServiceManager = field(default_factory=ServiceManager)
    _status: str = ""
    _due: float = 0.0

    def step(self, now: float, status: str) -> None:
        """A turn is done at `now`, s; the first one says that it is ready."""
        if not self.manager.address:
            return
        if not self._status:
            self.manager.tell("READY=1")
        if status != self._status:
            self._status = status
            self.manager.status(status)
        if self.manager.watchdog_s is not None and now >= self._due:
            self._due = now + self.manager.watchdog_s / 4
            self.manager.tell("WATCHDOG=1")

    def stopping(self) -> None:
        """It was asked to end."""
        self.manager.tell("STOPPING=1")
