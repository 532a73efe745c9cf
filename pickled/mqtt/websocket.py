"""Does the broker speak MQTT over WebSocket, as browsers and Stream Deck plug-ins want it?"""

from __future__ import annotations

import base64
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt.secure import tls_context

USUAL_PORTS = (8884, 9001)
"""Ours, and the one that most guides name."""

Outcome = Literal["nobody", "other", "refused", "no subprotocol", "silent", "ok"]
"""Nobody listens; it is no WebSocket; it says no; it opens without `mqtt`; it opens and says
nothing; it speaks MQTT."""

_PATHS = ("/mqtt", "/ws")
"""Mosquitto takes any; RabbitMQ the second one alone."""

_TIMEOUT_S = 3.0
_LARGEST_HEAD = 16_384
_SWITCHING = "101"
_CONNECT = bytes((0x10, 13, 0, 4)) + b"MQTT" + bytes((5, 2, 0, 10, 0, 0, 0))
"""An MQTT 5 client without a name that asks to be let in: the answer, yes or no, is a packet."""


@dataclass(frozen=True)
class Tried:
    """What came of it at a port."""

    port: int
    outcome: Outcome
    said: str = ""
    """The first line of the answer, where that is what is wrong; where all is well, the path."""


def try_websocket(config: MqttConfig, port: int) -> Tried:
    """Open one, with TLS if there is a certificate, else in clear text, and say hello."""
    try:
        socket.create_connection((config.host, port), _TIMEOUT_S).close()
    except OSError:
        return Tried(port, "nobody")
    for context in (_any_certificate(config), None):
        tried = _on_some_path(config, port, context)
        if tried.outcome != "other":
            return tried
    return Tried(port, "other")


def _on_some_path(config: MqttConfig, port: int, context: ssl.SSLContext | None) -> Tried:
    """What the first path says that is not refused; else what the first one says."""
    found = []
    for path in _PATHS:
        try:
            with _opened(config, port, context) as line:
                tried = _hello(line, config, port, path)
        except OSError:
            return Tried(port, "other")
        if tried.outcome != "refused":
            return tried
        found.append(tried)
    return found[0]


def _any_certificate(config: MqttConfig) -> ssl.SSLContext:
    """Whether it is trusted is asked at the other port; the browser asks for itself."""
    try:
        if (ours := tls_context(config.model_copy(update={"tls": True}))) is not None:
            ours.check_hostname = False
            ours.verify_mode = ssl.CERT_NONE
            return ours
    except BrokerError:
        pass
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def _opened(
    config: MqttConfig, port: int, context: ssl.SSLContext | None
) -> Iterator[socket.socket]:
    with socket.create_connection((config.host, port), _TIMEOUT_S) as plain:
        if context is None:
            yield plain
            return
        with context.wrap_socket(plain, server_hostname=config.host) as secured:
            yield secured


def _hello(line: socket.socket, config: MqttConfig, port: int, path: str) -> Tried:
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        (
            f"GET {path} HTTP/1.1\r\nHost: {config.host}:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: mqtt\r\n\r\n"
        ).encode()
    )
    head = _head(line)
    first, *lines = head.splitlines() or [""]
    if not first.startswith("HTTP/"):
        return Tried(port, "other")
    if first.split()[1:2] != [_SWITCHING]:
        return Tried(port, "refused", first[:100])
    named = [each.split(":", 1) for each in lines if ":" in each]
    chosen = {name.strip().lower(): value.strip() for name, value in named}
    if chosen.get("sec-websocket-protocol") != "mqtt":
        return Tried(port, "no subprotocol")
    try:
        line.sendall(_frame(_CONNECT))
        return Tried(port, "ok", path) if line.recv(64) else Tried(port, "silent")
    except OSError:  # late, or hung up without a word
        return Tried(port, "silent")


def _head(line: socket.socket) -> str:
    got = b""
    while b"\r\n\r\n" not in got and len(got) < _LARGEST_HEAD:
        try:
            piece = line.recv(1024)
        except TimeoutError:
            break
        if not piece:
            break
        got += piece
    return got.partition(b"\r\n\r\n")[0].decode("latin-1")


def _frame(payload: bytes) -> bytes:
    """A whole binary message of a client's: short, and masked as the standard wants it."""
    mask = os.urandom(4)
    hidden = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    return bytes((0x82, 0x80 | len(payload))) + mask + hidden
