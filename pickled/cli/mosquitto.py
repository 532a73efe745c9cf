"""A private Mosquitto for the demo: on a free loopback port, with nothing kept."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pickled.cli.children import Child, running
from pickled.errors import BrokerError, PickledError

START_S = 10.0
_OUTSIDE_PATH = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
"""Where distributions put servers that a user's PATH doesn't name."""


@dataclass(frozen=True)
class PrivateBroker:
    """A broker that is ours."""

    port: int
    child: Child


@contextmanager
def private_broker(folder: Path) -> Iterator[PrivateBroker]:
    """Mosquitto, ready for connections; raises BrokerError if it is missing or doesn't start."""
    program, port = find_mosquitto(), free_port()
    config = folder / "mosquitto.conf"
    config.write_text(_configuration(port))
    with running("mosquitto", [program, "-c", str(config)], folder=folder) as child:
        _wait_until_open(port, child)
        yield PrivateBroker(port, child)


def find_mosquitto() -> str:
    """The path of the program; raises BrokerError with the way to get it."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *_OUTSIDE_PATH])
    if found := shutil.which("mosquitto", path=path):
        return found
    raise BrokerError(
        "Mosquitto, the MQTT broker, is not installed. Install it (Debian, Ubuntu: "
        "`sudo apt-get install mosquitto`; macOS: `brew install mosquitto`), or name a broker "
        "that is there: `pickled demo --broker mqtt://HOST:1883`."
    )


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _configuration(port: int) -> str:
    lines = [
        f"listener {port} 127.0.0.1",
        "allow_anonymous true",
        "set_tcp_nodelay true",
        "persistence false",
        "log_dest stderr",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Another user could not read our folder, and would not end with us.
        lines.append("user root")
    return "\n".join(lines) + "\n"


def _wait_until_open(port: int, child: Child) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            child.check()
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except PickledError as error:
            raise BrokerError(str(error)) from error
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise BrokerError(f"Mosquitto did not open port {port} within {START_S:g} s.")
