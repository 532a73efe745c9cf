"""Pages that are told: what a slow one costs the others."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket

from pickled.web.clients import MOST_CLIENTS, MOST_WAITING, TOO_MANY, Clients


@dataclass
class Browser:
    """The other end of a socket, as the server sees it."""

    reads: bool = True
    got: list[Any] = field(default_factory=list)
    closed: int | None = None
    left: asyncio.Event = field(default_factory=asyncio.Event)
    _begun: bool = False

    async def receive(self) -> dict[str, Any]:
        """It connects, and says nothing until it leaves."""
        if not self._begun:
            self._begun = True
            return {"type": "websocket.connect"}
        await self.left.wait()
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(self, message: Any) -> None:
        """It takes a message, or never reads any more."""
        if message["type"] == "websocket.close":
            self.closed = message["code"]
        elif message["type"] == "websocket.send":
            if not self.reads:
                await asyncio.Event().wait()
            self.got.append(json.loads(message["text"]))


async def opened(clients: Clients, browser: Browser, *, sound: bool = False) -> asyncio.Task[None]:
    """A page, once it is there."""
    scope = {"type": "websocket", "path": "/", "headers": [], "query_string": b""}
    socket = WebSocket(scope, browser.receive, browser.send)
    before = len(clients)
    serving = asyncio.create_task(clients.serve(socket, sound=sound, first=[{"type": "hello"}]))
    while len(clients) == before and not serving.done():
        await asyncio.sleep(0)
    return serving


async def until(condition: Any) -> None:
    """Let others run until it is so."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0)


async def test_page_that_reads_nothing_is_dropped_and_others_go_on() -> None:
    """Twenty pages hear everything in order; one that hangs holds nobody up, and is let go."""
    clients, slow = Clients(), Browser(reads=False)
    quick = [Browser() for _ in range(20)]
    pages = [await opened(clients, each) for each in [*quick, slow]]
    for number in range(MOST_WAITING + 10):
        clients.tell({"n": number})
        await until(lambda: all(len(each.got) == number + 2 for each in quick))  # noqa: B023
    assert clients.dropped == 1
    assert len(clients) == 20
    for each in quick:
        assert [message.get("n") for message in each.got[1:]] == list(range(MOST_WAITING + 10))
    for each in [*quick, slow]:
        each.left.set()
    await asyncio.gather(*pages)
    assert len(clients) == 0


async def test_samples_go_to_those_who_want_them() -> None:
    """Our own page needs no sound with the face: it is told what the mouth does."""
    clients, face, listener = Clients(), Browser(), Browser()
    pages = [await opened(clients, face), await opened(clients, listener, sound=True)]
    assert clients.want_sound
    clients.tell({"type": "stream_audio"}, sound=True)
    await until(lambda: len(listener.got) == 2)
    assert [each["type"] for each in listener.got] == ["hello", "stream_audio"]
    assert [each["type"] for each in face.got] == ["hello"]
    for each in (face, listener):
        each.left.set()
    await asyncio.gather(*pages)


async def test_too_many_pages_are_turned_away() -> None:
    """The number has an end, and who comes too late is told so."""
    clients, browsers = Clients(), [Browser() for _ in range(MOST_CLIENTS)]
    pages = [await opened(clients, each) for each in browsers]
    late = Browser()
    await (await opened(clients, late))
    assert late.closed == TOO_MANY
    for each in browsers:
        each.left.set()
    await asyncio.gather(*pages)
