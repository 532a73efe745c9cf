"""What the driver looks with: commands, what systemd says, and what is retained at the broker."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt

from tests.systemd.driver_words import PASSWORD

PATIENCE_S = 60.0

found: dict[str, Any] = {}
states: dict[str, str] = {}


def run(*command: str, timeout_s: float = PATIENCE_S) -> tuple[int, str]:
    """A command: its exit code, and all that it said."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=timeout_s, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def show(unit: str = "pickled.service") -> dict[str, str]:
    """What systemd knows of it."""
    names = "ActiveState,SubState,StatusText,NRestarts,MainPID,Result,ExecMainStatus"
    _, text = run("systemctl", "show", unit, "-p", names)
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def until(condition: Callable[[], bool], timeout_s: float = PATIENCE_S) -> float:
    """Seconds until something holds; raises TimeoutError."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > timeout_s:
            raise TimeoutError(f"{condition.__doc__}: {show()} {states}")
        time.sleep(0.1)
    return time.monotonic() - began


def in_service() -> bool:
    """ready, and online at the broker"""
    online = states.get("pickled/home/availability") == "online"
    return online and show()["SubState"] == "running"


def restarts() -> int:
    """How often systemd has started it again."""
    return int(show()["NRestarts"])


def listen() -> None:
    """Keep what is retained."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.username_pw_set("core", PASSWORD)
    client.on_connect = lambda *_: client.subscribe("pickled/home/#")
    client.on_message = lambda _c, _u, message: states.update(
        {message.topic: message.payload.decode("utf-8", "replace")}
    )
    client.connect("127.0.0.1", 1883)
    client.loop_start()
