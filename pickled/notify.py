"""Tells the service manager how we are: `sd_notify` in a few lines, silent without one."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

LONGEST_STATUS = 200
"""Characters that `systemctl status` has room for."""

_VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


@dataclass(frozen=True)
class ServiceManager:
    """Who started us, if it wants to be told."""

    address: str = ""
    """A datagram socket; "" is nobody."""
    watchdog_s: float | None = None
    """It ends us when it has heard nothing for so long."""

    def tell(self, *lines: str) -> None:
        """`READY=1`, `STATUS=…`: at once or not at all; who doesn't listen doesn't stop us."""
        if not self.address:
            return
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as told,
        ):
            told.setblocking(False)
            told.sendto("\n".join(lines).encode("utf-8", "replace"), address)

    def status(self, text: str) -> None:
        """What `systemctl status` shows; one line."""
        self.tell(f"STATUS={' '.join(text.split())[:LONGEST_STATUS]}")


def service_manager(environ: Mapping[str, str]) -> ServiceManager:
    """Who the environment says it is."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")) or not hasattr(socket, "AF_UNIX"):
        return ServiceManager()
    usec, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    ours = not pid or pid == str(os.getpid())
    watched = ours and usec.isdecimal() and int(usec) > 0
    return ServiceManager(address, int(usec) / 1e6 if watched else None)


def without_manager(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a process of ours: it is not the one that is watched."""
    return {name: value for name, value in environ.items() if name not in _VARIABLES}
