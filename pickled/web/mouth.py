"""The overlay as the co-host's mouth: an audio-node whose sound device is one page in a browser.

It is a node like any other, with its own name, rights, mute on the disk and acknowledgements; it is
there while a page with sound is open. A second page takes the sound over from the first.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from pickled.config import MqttConfig
from pickled.errors import PickledError
from pickled.messages.node import Played
from pickled.node.main import AudioNode
from pickled.node.options import NodeOptions
from pickled.web.page_sink import BLOCKED, CLOSED, PageSink

log = structlog.get_logger()

NAME = "overlay"
STAYS_S = 8.0
"""So long the node waits for a page that was reloaded."""
AGAIN_S = 5.0
"""After a failure it is tried again so late."""
END_S = 3.0
SEND_S = 2.0
MOST_WAITING = 150
"""Messages: three seconds of sound. A page that is further behind is of no use as a mouth."""
LONGEST_MESSAGE = 1_000
REPLACED, TOO_SLOW = 4001, 1013
"""Codes with which a page is hung up on; after the first it does not come back by itself."""


@dataclass(eq=False)
class _Page:
    socket: WebSocket
    queue: asyncio.Queue[str | bytes | int] = field(
        default_factory=lambda: asyncio.Queue(maxsize=MOST_WAITING)
    )
    """A number at its end: the code to hang up with."""

    def give(self, message: str | bytes) -> None:
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.drop(TOO_SLOW)

    def drop(self, code: int) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(code)


class Mouth:
    """At most one page, and the node that it is."""

    def __init__(self, mqtt: MqttConfig, instance: str, state_dir: Path) -> None:
        self._mqtt, self._instance, self._state_dir = mqtt, instance, state_dir
        self._page: _Page | None = None
        self._running: asyncio.Task[None] | None = None
        self._sink: PageSink | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._node: AudioNode | None = None
        self.trouble = ""
        """Why the node can't be."""

    @property
    def open(self) -> bool:
        """Is there a page with sound?"""
        return self._page is not None

    async def serve(self, socket: WebSocket) -> None:
        """A page with sound, until it hangs up."""
        await socket.accept()
        page = _Page(socket)
        if self._page is not None:
            self._page.drop(REPLACED)
        self._page = page
        self._arrive()
        sending = asyncio.create_task(_send(page), name="mouth sends")
        try:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                while True:
                    self._take(page, await socket.receive_text())
        finally:
            sending.cancel()
            await asyncio.wait({sending})
            if self._page is page:
                self._leave()

    async def close(self) -> None:
        """The node says good-bye."""
        if self._leaving is not None:
            self._leaving.cancel()
        if self._page is not None:
            self._page.drop(1001)
        self._end()
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})

    def _arrive(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        if self._sink is not None:  # the page says itself whether it sounds
            self._sink.problem = CLOSED
            self._tell({"type": "ready"})
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="mouth")

    def _leave(self) -> None:
        """The page is gone; a reloaded one comes back soon."""
        self._page = None
        if self._sink is not None:
            self._sink.problem = CLOSED
        self._leaving = asyncio.get_running_loop().call_later(STAYS_S, self._end)

    def _end(self) -> None:
        if self._node is not None:
            self._node.ending = True

    async def _run(self) -> None:
        """The node, as long as there is a page; what it fails of is told, and tried again."""
        loop = asyncio.get_running_loop()
        while self._page is not None:
            sink = self._sink = PageSink(lambda block: _on(loop, self._give, block))
            options = NodeOptions(
                name=NAME,
                mqtt=self._mqtt,
                instance=self._instance,
                state_dir=self._state_dir,
                sink=sink,
                on_played=lambda played: _on(loop, self._played, played),
            )
            self._tell({"type": "ready"})
            try:
                self._node = AudioNode(options)
                running = asyncio.create_task(asyncio.to_thread(self._node.run), name="node")
                try:
                    await asyncio.shield(running)
                except asyncio.CancelledError:
                    self._node.ending = True
                    await asyncio.wait({running}, timeout=END_S)
                    raise
                self.trouble = ""
            except PickledError as error:
                self.trouble = str(error)
                log.warning("the overlay can't be the mouth", why=self.trouble)
                self._tell({"type": "trouble", "text": self.trouble})
                await asyncio.sleep(AGAIN_S)
            finally:
                self._node = self._sink = None

    def _give(self, block: bytes) -> None:
        if self._page is not None:
            self._page.give(block)

    def _played(self, played: Played) -> None:
        """What was stopped is taken back from the page, too."""
        if played.state in ("cleared", "muted") and played.played_ms and self._sink is not None:
            self._tell({"type": "clear", "block": self._sink.block + 1})

    def _tell(self, message: dict[str, Any]) -> None:
        if self._page is not None:
            self._page.give(json.dumps(message))

    def _take(self, page: _Page, text: str) -> None:
        """What the page says: whether it sounds, how far it is, and where it had gaps."""
        if page is not self._page or self._sink is None or len(text) > LONGEST_MESSAGE:
            return
        try:
            said = json.loads(text)
        except ValueError:
            return
        match said:
            case {"type": "sound", "running": bool() as running}:
                self._sink.problem = "" if running else BLOCKED
            case {"type": "heard", "samples": int() | float() as samples}:
                self._sink.heard(samples)
            case {"type": "gap"}:
                self._sink.underflows += 1


def _on(loop: asyncio.AbstractEventLoop, call: Any, value: object) -> None:
    """From the node's threads to the loop, which may be gone by now."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call, value)


async def _send(page: _Page) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, TimeoutError, OSError):
        while True:
            message = await page.queue.get()
            async with asyncio.timeout(SEND_S):
                if isinstance(message, int):
                    await page.socket.close(message)
                    return
                if isinstance(message, bytes):
                    await page.socket.send_bytes(message)
                else:
                    await page.socket.send_text(message)
