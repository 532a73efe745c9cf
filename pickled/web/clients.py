"""Pages that are told what happens: each has a queue with an end, who does not read is dropped."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

log = structlog.get_logger()

MOST_CLIENTS = 64
MOST_WAITING = 400
"""Messages that a page may be behind; a burst of sound is a hundred."""
SEND_S = 5.0
"""Longer than that no page may take to take one."""
TOO_MANY, TOO_SLOW = 1013, 1008
"""Codes with which a page is hung up on."""


@dataclass(eq=False)
class Client:
    """One page."""

    socket: WebSocket
    sound: bool
    """Does it want the samples, too?"""
    queue: asyncio.Queue[str | None] = field(
        default_factory=lambda: asyncio.Queue(maxsize=MOST_WAITING)
    )
    """None at its end: it is to be dropped."""


class Clients:
    """All pages with an overlay."""

    def __init__(self) -> None:
        self._clients: set[Client] = set()
        self.dropped = 0
        """How many were too slow."""

    def __len__(self) -> int:
        return len(self._clients)

    @property
    def want_sound(self) -> bool:
        """Is there anybody who wants samples?"""
        return any(each.sound for each in self._clients)

    def tell(self, message: dict[str, Any], *, sound: bool = False) -> None:
        """Tell all of them, or those that want samples."""
        if not self._clients:
            return
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        for each in tuple(self._clients):
            if sound and not each.sound:
                continue
            try:
                each.queue.put_nowait(text)
            except asyncio.QueueFull:
                self._drop(each)

    async def serve(
        self, socket: WebSocket, *, sound: bool, first: Iterable[dict[str, Any]]
    ) -> None:
        """Until it hangs up; `first` is what it has to know."""
        await socket.accept()
        if len(self._clients) >= MOST_CLIENTS:
            await socket.close(TOO_MANY, "too many pages")
            return
        client = Client(socket, sound)
        for each in first:
            client.queue.put_nowait(json.dumps(each, ensure_ascii=False, separators=(",", ":")))
        self._clients.add(client)
        sending = asyncio.create_task(self._send(client), name="page")
        try:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                while True:  # what it says is not for us, but tells when it is gone
                    await socket.receive_text()
        finally:
            self._clients.discard(client)
            sending.cancel()
            await asyncio.wait({sending})

    def _drop(self, client: Client) -> None:
        self._clients.discard(client)
        self.dropped += 1
        while not client.queue.empty():
            client.queue.get_nowait()
        client.queue.put_nowait(None)

    async def _send(self, client: Client) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError, OSError):
            while (text := await client.queue.get()) is not None:
                async with asyncio.timeout(SEND_S):
                    await client.socket.send_text(text)
        self._clients.discard(client)
        with contextlib.suppress(RuntimeError, TimeoutError, OSError):
            async with asyncio.timeout(SEND_S):
                await client.socket.close(TOO_SLOW, "too slow")
