"""MQTT over WebSocket, as it is tried: a real listener, and what stands in its place."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path

import pytest

from pickled.config import MqttConfig
from pickled.mqtt.websocket import Outcome, try_websocket
from tests.conftest import needs_mosquitto
from tests.stand_ins.answering import answering
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.certificates import certificate

pytestmark = pytest.mark.integration

HERE = MqttConfig(host="127.0.0.1")
_OPENS = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"


def until_open(port: int, broker: Broker) -> None:
    """It opens its listeners one after the other."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
    raise TimeoutError(broker.log)


@pytest.mark.parametrize("tls", [True, False])
def test_listener_of_mosquitto(tls: bool, tmp_path: Path) -> None:
    """With a certificate and without one; its answer is a packet, also where it lets nobody in."""
    needs_mosquitto()
    port = free_port()
    settings = [f"listener {port} 127.0.0.1", "protocol websockets"]
    if tls:
        settings += certificate(tmp_path).settings
    with Broker(users={"pickled": "secret"}, settings=tuple(settings)) as broker:
        until_open(port, broker)
        tried = try_websocket(HERE, port)
    assert (tried.outcome, tried.said) == ("ok", "/mqtt")


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "refused"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "other"),
        (b"\x20\x02\x00\x01", "other"),
        (_OPENS + b"\r\n", "no subprotocol"),
        (_OPENS + b"Sec-WebSocket-Protocol: chat\r\n\r\n", "no subprotocol"),
        (_OPENS + b"sec-websocket-protocol: mqtt\r\n\r\n", "silent"),
        (b"HTTP/1.1 101\r\n" + b"a" * 40_000, "no subprotocol"),
    ],
)
def test_what_is_none(says: bytes, outcome: Outcome) -> None:
    """Each with its own name, however much it says."""
    with answering(says, closes=True) as port:
        assert try_websocket(HERE, port).outcome == outcome


def test_nobody_listens() -> None:
    """That is told apart from what answers wrongly."""
    assert try_websocket(HERE, free_port()).outcome == "nobody"
