"""Mosquitto with the configuration and the access list that are printed, on free ports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tests.stand_ins.broker import HOST, Broker, free_port

PRINTED = Path(__file__).parents[2] / "topics" / "mosquitto"
WATCHER = "watcher"
USERS = ("pickled", "node-laptop", "chat-youtube", "hass", "deck", WATCHER)
SECRETS: Mapping[str, str] = {user: f"secret-{user}" for user in USERS}
_WATCHER_SEES_ALL = f"\nuser {WATCHER}\ntopic readwrite #\n"


class PrintedBroker(Broker):
    """As the page tells to set it up, without certificates: plain MQTT and MQTT over WebSocket."""

    def __init__(self) -> None:
        super().__init__(users=SECRETS, acl=(PRINTED / "acl").read_text() + _WATCHER_SEES_ALL)
        self.web_port = 0

    def _configure(self) -> None:
        super()._configure()
        self.web_port = free_port()
        text = (PRINTED / "mosquitto.conf").read_text()
        text = _with_web_listener(text, self.web_port)
        text = re.sub(r"(?m)^listener 1883\b.*$", f"listener {self.port} {HOST}", text)
        text = re.sub(r"/etc/mosquitto/\S*passwd\b", str(self._folder / "passwords"), text)
        text = re.sub(r"/etc/mosquitto/\S*acl\b", str(self._folder / "acl"), text)
        (self._folder / "acl").chmod(0o600)
        (self._folder / "conf").write_text(f"{text}\nuser root\n")


def _with_web_listener(text: str, port: int) -> str:
    """The lines of the WebSocket listener without their `#`, and without its certificate."""
    found = re.search(r"(?m)^#?listener 8884\b.*\n((?:#?\w.*\n)*)", text)
    assert found, "the printed configuration has a listener for WebSocket on 8884"
    assert "protocol websockets" in found[0]
    listener = f"listener {port} {HOST}\nprotocol websockets\n"
    return text.replace(found[0], listener)
