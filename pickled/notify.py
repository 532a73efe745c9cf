"""Tells the service manager how we are: `sd_notify` in a few lines, silent without one."""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass

LONGEST_STATUS = 200
"""Characters that `systemctl status` has room for."""

PATIENCE_S = 0.2
"""So long it may take to hear us."""

_VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


@dataclass(frozen=True)
class ServiceManager:
    """Who started us, if it wants to be told."""

    address: str = ""
    """A datagram socket; "" is nobody."""
    watchdog_s: float | None = None
    """It ends us when it has heard nothing for so long."""

    def tell(self, *lines: str) -> None:
        """`READY=1`, `STATUS=…`: who doesn't listen doesn't stop us."""
        if not self.address:
            return
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told,
        ):
            told.settimeout(PATIENCE_S)
            told.sendto("\n".join(lines).encode("utf-8", "replace"), address)

    def status(self, text: str) -> None:
        """What `systemctl status` shows; one line."""
        self.tell(f"STATUS={' '.join(text.split())[:LONGEST_STATUS]}")


def service_manager(environ: MutableMapping[str, str]) -> ServiceManager:
    """Who the environment says it is; taken out of it, as processes of ours are not watched."""
    address, usec, pid = (environ.pop(name, "") for name in _VARIABLES)
    if not address.startswith(("/", "@")) or not hasattr(socket, "AF_UNIX"):
        return ServiceManager()
    ours = not pid or pid == str(os.getpid())
    watched = ours and usec.isdecimal() and int(usec) > 0
    return ServiceManager(address, int(usec) / 1e6 if watched else None)
