"""A service manager that listens on a datagram socket, as systemd does."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

_PATIENCE_S = 20.0


@dataclass
class StandInManager:
    """Hears what a service says of itself: `with StandInManager(path) as manager:`."""

    path: Path
    heard: list[list[str]] = field(default_factory=list)
    """The lines of each datagram, in order."""
    _more: threading.Condition = field(default_factory=threading.Condition)
    _taken: int = 0

    def __enter__(self) -> StandInManager:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(_PATIENCE_S)
        self._socket.close()

    @property
    def address(self) -> str:
        """For NOTIFY_SOCKET."""
        return str(self.path)

    def next(self, timeout_s: float = _PATIENCE_S) -> list[str]:
        """The lines of the next datagram; raises TimeoutError."""
        with self._more:
            if not self._more.wait_for(lambda: len(self.heard) > self._taken, timeout_s):
                raise TimeoutError(f"nothing more was heard after {self.heard}")
            self._taken += 1
            return self.heard[self._taken - 1]

    def until(self, line: str, timeout_s: float = _PATIENCE_S) -> None:
        """Wait for a line that begins so; raises TimeoutError."""
        deadline = time.monotonic() + timeout_s
        while not any(each.startswith(line) for each in self.next(deadline - time.monotonic())):
            pass

    def falls_silent(self, line: str, seconds: float) -> bool:
        """Does a time come, within patience, in which no line is heard that begins so?"""
        deadline = time.monotonic() + _PATIENCE_S
        while not (silent := self.is_silent(line, seconds)) and time.monotonic() < deadline:
            pass
        return silent

    def is_silent(self, line: str, seconds: float) -> bool:
        """Is no line heard that begins so, for so long?"""
        try:
            self.until(line, seconds)
        except TimeoutError:
            return True
        return False

    def _listen(self) -> None:
        while data := self._socket.recv(65536):
            with self._more:
                self.heard.append(data.decode().split("\n"))
                self._more.notify_all()
