"""A real Mosquitto on a free loopback port, which tests can kill, freeze and restart."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
_START_S = 10.0


def installed() -> bool:
    """Is Mosquitto on this machine?"""
    return _program("mosquitto") is not None


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Broker:
    """`with Broker() as broker:` starts it, and ends it for good.

    With `users` (name → password) nobody else may connect; `acl` is the text of the access list.
    """

    def __init__(
        self,
        *,
        persistence: bool = False,
        users: Mapping[str, str] | None = None,
        acl: str = "",
        settings: tuple[str, ...] = (),
    ) -> None:
        self.host = HOST
        self.port = 0
        self._persistence = persistence
        self._users = users or {}
        self._acl = acl
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path()

    @property
    def url(self) -> str:
        """As the command line takes it."""
        return f"mqtt://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self._folder / "log").read_text(errors="replace")

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="broker-"))
        for _ in range(3):
            self.port = free_port()
            self._configure()
            with contextlib.suppress(RuntimeError):
                self.start()
                return self
        raise RuntimeError(f"Mosquitto does not start:\n{self.log}")

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start it and wait until it answers; on the same port as before."""
        program = _program("mosquitto")
        assert program, "Mosquitto is not installed"
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-c", str(self._folder / "conf")], stdout=log, stderr=log
            )
        until = time.monotonic() + _START_S
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), 1):
                return
            time.sleep(0.01)
        self.kill()
        raise RuntimeError(f"Mosquitto does not start:\n{self.log}")

    def stop(self) -> None:
        """End it as the system does: it says good-bye, and saves if it has persistence."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """End it cleanly and start it again on the same port."""
        self.stop()
        self.start()

    def change_passwords(self, users: Mapping[str, str]) -> None:
        """Somebody gives the users other passwords, and starts it again."""
        self.stop()
        self._users = users
        self._configure()
        self.start()

    def freeze(self) -> None:
        """It hangs: connections stay open, nothing is answered."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        os.kill(self.pid, signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(how)
            process.send_signal(signal.SIGCONT)
        process.wait(_START_S)

    def _configure(self) -> None:
        lines = [
            f"listener {self.port} {HOST}",
            f"allow_anonymous {'false' if self._users else 'true'}",
            "set_tcp_nodelay true",
            f"persistence {'true' if self._persistence else 'false'}",
            f"persistence_location {self._folder}/",
            *self._settings,
        ]
        if os.geteuid() == 0:
            lines.append("user root")
        if self._users:
            lines.append(f"password_file {self._passwords()}")
        if self._acl:
            (self._folder / "acl").write_text(self._acl)
            lines.append(f"acl_file {self._folder / 'acl'}")
        (self._folder / "conf").write_text("\n".join(lines) + "\n")

    def _passwords(self) -> Path:
        path = self._folder / "passwords"
        path.touch(0o600)
        program = _program("mosquitto_passwd")
        assert program, "mosquitto_passwd is not installed"
        for user, password in self._users.items():
            subprocess.run(
                [program, "-b", str(path), user, password], check=True, capture_output=True
            )
        return path


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")
