"""A server that says the same to everybody."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HOST = "127.0.0.1"


@contextmanager
def answering(payload: bytes, *, closes: bool = False) -> Iterator[int]:
    """A server that answers the first bytes of each connection with those, and nothing more."""
    with socket.create_server((HOST, 0)) as server:
        ended = threading.Event()
        held: list[socket.socket] = []

        def serve() -> None:
            while not ended.is_set():
                client, _ = server.accept()
                held.append(client)
                with contextlib.suppress(OSError):
                    client.settimeout(2)
                    if client.recv(4096):
                        client.sendall(payload)
                    if closes:
                        client.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        ended.set()
        with contextlib.suppress(OSError):
            socket.create_connection(server.getsockname(), 1).close()
        thread.join(5)
        for each in held:
            each.close()
