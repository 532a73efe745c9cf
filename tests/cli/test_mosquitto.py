"""The demo's own broker."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from pickled.cli import mosquitto
from pickled.cli.mosquitto import find_mosquitto, private_broker
from pickled.errors import BrokerError
from tests.conftest import needs_mosquitto


@pytest.mark.integration
def test_private_broker_takes_connections_and_ends(tmp_path: Path) -> None:
    """It listens on loopback while the block lasts, and not a moment longer."""
    needs_mosquitto()
    with private_broker(tmp_path) as broker:
        socket.create_connection(("127.0.0.1", broker.port), timeout=5).close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", broker.port), timeout=5)


def test_missing_mosquitto_is_one_paragraph_with_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where there is no Mosquitto, the error names the command that brings it."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(mosquitto, "_OUTSIDE_PATH", ())
    with pytest.raises(BrokerError, match=r"apt-get install mosquitto.*--broker") as raised:
        find_mosquitto()
    assert "\n" not in str(raised.value)
