"""A broker that gives wildcards nothing retained, as RabbitMQ: Mosquitto behind a line."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HOST = "127.0.0.1"
_SUBSCRIBE = 0x82
_SEND_NONE = 2 << 4
"""MQTT 5's retain handling: no retained messages at subscribing."""


@contextmanager
def forgetful(port: int) -> Iterator[int]:
    """The port to connect to, in front of the broker that listens at the other one."""
    with socket.create_server((HOST, 0)) as server:
        ended = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, port, ended), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        ended.set()
        with contextlib.suppress(OSError):
            socket.create_connection(server.getsockname(), 1).close()
        thread.join(5)


def _serve(server: socket.socket, port: int, ended: threading.Event) -> None:
    while not ended.is_set():
        client, _ = server.accept()
        try:
            broker = socket.create_connection((HOST, port), 5)
        except OSError:
            client.close()
            continue
        for pair in ((client, broker, True), (broker, client, False)):
            threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, to_broker: bool) -> None:
    waiting = b""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            if not to_broker:
                target.sendall(data)
                continue
            waiting += data
            while (packet := _packet(waiting)) is not None:
                waiting = waiting[len(packet) :]
                target.sendall(_changed(packet))
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def _packet(data: bytes) -> bytes | None:
    """The first whole packet; None if it has not come yet."""
    length, shift = 0, 0
    for index, byte in enumerate(data[1:5], start=1):
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            end = index + 1 + length
            return data[:end] if len(data) >= end else None
    return None


def _changed(packet: bytes) -> bytes:
    """A SUBSCRIBE with a wildcard asks for nothing that is retained."""
    if packet[0] != _SUBSCRIBE:
        return packet
    body = bytearray(packet)
    at = 1
    while body[at] & 0x80:
        at += 1
    at += 3  # past the length and the packet's number
    at += 1 + body[at]  # past the properties, which are short
    while at < len(body):
        size = int.from_bytes(body[at : at + 2], "big")
        wanted = bytes(body[at + 2 : at + 2 + size])
        at += 2 + size
        if b"+" in wanted or b"#" in wanted:
            body[at] = body[at] & 0b1100_1111 | _SEND_NONE
        at += 1
    return bytes(body)
