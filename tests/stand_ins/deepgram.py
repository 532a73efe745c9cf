"""Deepgram's speaking interface as far as pickled uses it: strict about what it is asked.

`speak/v1` over a WebSocket and over REST, and the list of models, as the public reference tells.
"""

from __future__ import annotations

import asyncio
import json
import math
import struct
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSMsgType, web

from tests.stand_ins.served import HOST, served

KEY = "dg-test-0123456789abcdef"
VOICES = {"aura-2-thalia-en": "en", "aura-2-celeste-es": "es", "aura-asteria-en": "en-US"}
RATE = 24_000
CHARACTERS_PER_S = 15.0
FLUSHES, WINDOW_S = 20, 60.0
"""So many in any such time; what is above it is not done, and warned about."""
LONGEST_TEXT = 2000

Failure = Literal[
    "deaf",  # accepts the connection, and never upgrades it
    "silent",  # upgrades the connection, and says nothing more, not even at its end
    "mute",  # takes everything, and gives no sound
    "abort",  # the connection is cut after the first sound
    "abort at once",  # before it
    "close 1000",  # after the first sound, as if all were well
    "close 1000 at once",
    "close 1011",
    "close 1011 at once",
    "error",  # its own message, and the end
    "half",  # the sound stops in the middle
    "garbage",  # what is no message of this service
]

Talk = Callable[[dict[str, object]], Awaitable[None]]


@dataclass
class DeepgramStandIn:
    """Script it by its fields, at any time."""

    refuses: int = 0
    """A status to refuse connections and requests with; 0: none."""
    failure: Failure | None = None
    first_byte_ms: float = 0.0
    piece_ms: float = 0.0
    """Between two pieces of 100 ms of sound."""
    flushes: int = FLUSHES
    """Allowed in a minute."""
    flushed: deque[float] = field(default_factory=deque)
    """When one was done, by the loop's clock, of all connections."""
    refused_flushes: int = 0
    sent: dict[str, int] = field(default_factory=dict)
    """Of each text, how many bytes of its sound went out."""
    spoken: list[str] = field(default_factory=list)
    """Texts that were made sound, in order, whichever way."""
    by_rest: list[str] = field(default_factory=list)
    cleared: int = 0
    connections: list[dict[str, str]] = field(default_factory=list)
    """The query of each WebSocket."""
    open: int = 0
    port: int = 0
    _sockets: set[web.WebSocketResponse] = field(default_factory=set)

    @property
    def url(self) -> str:
        """As `tts.base_url` takes it."""
        return f"http://{HOST}:{self.port}"

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[DeepgramStandIn]:
        """Answer on a free port."""
        app = web.Application()
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/v1/speak", self._speak)
        app.router.add_post("/v1/speak", self._generate)
        async with served(app) as self.port:
            yield self

    async def cut(self) -> None:
        """End all connections, as a restart does."""
        for socket in list(self._sockets):
            await socket.close(code=1001)

    def may_flush(self) -> bool:
        """Is one more allowed just now? Counts it."""
        now = asyncio.get_running_loop().time()
        while self.flushed and now - self.flushed[0] >= WINDOW_S:
            self.flushed.popleft()
        if len(self.flushed) >= self.flushes:
            self.refused_flushes += 1
            return False
        self.flushed.append(now)
        return True

    def _refusal(self, request: web.Request) -> web.Response | None:
        status, reason = self.refuses, "not for you"
        if request.headers.get("Authorization") not in (f"Token {KEY}", f"token {KEY}"):
            status, reason = 401, "Invalid credentials."
        if not status:
            return None
        return web.json_response({"err_code": str(status), "err_msg": reason}, status=status)

    async def _models(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._refusal(request):
            return refusal
        listed = [
            {"name": name.split("-")[-2], "canonical_name": name, "architecture": "aura",
             "languages": [language], "version": "2025-04-07.0", "uuid": "0" * 32}
            for name, language in VOICES.items()
        ]  # fmt: skip
        return web.json_response({"stt": [], "tts": listed})

    def _wrong(self, request: web.Request) -> web.Response | None:
        query = request.query
        if query.get("model") not in VOICES:
            return web.json_response({"err_msg": "No such model/version combination."}, status=400)
        if query.get("encoding") != "linear16" or int(query.get("sample_rate", "0")) != RATE:
            return web.json_response({"err_msg": "unsupported audio format"}, status=400)
        if not 0.7 <= float(query.get("speed", "1")) <= 1.5:
            return web.json_response({"err_msg": "speed out of range"}, status=400)
        known = {"model", "encoding", "sample_rate", "speed", "container"}
        if stray := set(query) - known:
            return web.json_response({"err_msg": f"unknown: {sorted(stray)}"}, status=400)
        return None

    async def _generate(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._refusal(request) or self._wrong(request):
            return refusal
        asked = await request.json()
        assert set(asked) == {"text"}, asked
        response = web.StreamResponse(headers={"Content-Type": "audio/l16"})
        await response.prepare(request)
        await asyncio.sleep(self.first_byte_ms / 1000)
        self.by_rest.append(asked["text"])
        self.spoken.append(asked["text"])
        for piece in pieces(asked["text"]):
            await response.write(piece)
        await response.write_eof()
        return response

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._refusal(request) or self._wrong(request):
            return refusal
        if self.failure == "deaf":
            await asyncio.Event().wait()
        socket = web.WebSocketResponse(autoclose=self.failure != "silent")
        await socket.prepare(request)
        self.connections.append(dict(request.query))
        self.open += 1
        self._sockets.add(socket)
        try:
            if self.failure == "silent":
                await asyncio.Event().wait()
            await socket.send_json({"type": "Metadata", "request_id": "0" * 32, "model_name": "x"})
            await _Conversation(self, socket).run()
        except ConnectionError:
            pass
        finally:
            self.open -= 1
            self._sockets.discard(socket)
        return socket


class _Conversation:
    """One WebSocket; sound is made while it listens on."""

    def __init__(self, service: DeepgramStandIn, socket: web.WebSocketResponse) -> None:
        self._service, self._socket = service, socket
        self._buffer = ""
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._flushed = 0
        self._speaker: asyncio.Task[None] | None = None

    async def run(self) -> None:
        self._start()
        try:
            async for message in self._socket:
                if message.type != WSMsgType.TEXT:
                    await self._error("only text is taken")
                    return
                if not await self._take(json.loads(message.data)):
                    return
        finally:
            self._stop()

    async def _take(self, asked: dict[str, object]) -> bool:
        """False: it is over."""
        match asked.get("type"):
            case "Speak" if isinstance(text := asked.get("text"), str):
                self._buffer += text
                if len(self._buffer) > LONGEST_TEXT:
                    await self._error("text is too long")
            case "Flush":
                await self._flush()
            case "Clear":
                self._stop()
                self._buffer, self._waiting = "", asyncio.Queue()
                self._service.cleared += 1
                await self._tell(type="Cleared", sequence_id=self._flushed)
                self._start()
            case "Close":
                await self._socket.close()
                return False
            case _:
                await self._error(f"can't understand {asked}")
        return True

    async def _flush(self) -> None:
        if not self._service.may_flush():
            await self._tell(
                type="Warning", code="EXCESSIVE_FLUSH", description="too many flushes a minute"
            )
            return
        text, self._buffer = self._buffer, ""
        self._waiting.put_nowait(text)

    def _start(self) -> None:
        self._speaker = asyncio.create_task(self._speak(self._waiting))

    def _stop(self) -> None:
        if self._speaker is not None:
            self._speaker.cancel()

    async def _speak(self, waiting: asyncio.Queue[str]) -> None:
        while True:
            text = await waiting.get()
            await asyncio.sleep(self._service.first_byte_ms / 1000)
            if await self._fails(at_once=True):
                return
            self._service.spoken.append(text)
            for number, piece in enumerate(pieces(text)):
                if number and await self._fails():
                    return
                await self._socket.send_bytes(piece)
                self._service.sent[text] = self._service.sent.get(text, 0) + len(piece)
                await asyncio.sleep(self._service.piece_ms / 1000)
            self._flushed += 1
            await self._tell(type="Flushed", sequence_id=self._flushed)

    async def _fails(self, *, at_once: bool = False) -> bool:
        failure = self._service.failure or ""
        if at_once != (failure.endswith("at once") or failure in ("mute", "error")):
            return False
        match failure.removesuffix(" at once"):
            case "mute":
                await asyncio.Event().wait()
            case "error":
                await self._error("out of voices")
            case "abort":
                transport = self._socket._req.transport if self._socket._req else None
                assert transport is not None
                transport.abort()
            case "close 1000":
                await self._socket.close(code=1000)
            case "close 1011":
                await self._socket.close(code=1011, message=b"internal error")
            case "half":
                await asyncio.Event().wait()
            case "garbage":
                await self._socket.send_str('{"type": "Party", "odd": [1]}')
                await self._socket.send_str("[1, 2")
                return False
            case _:
                return False
        return True

    async def _error(self, why: str) -> None:
        await self._tell(type="Error", err_code="400", err_msg=why)
        await self._socket.close(code=1008)

    async def _tell(self, **said: object) -> None:
        await self._socket.send_json(said)


def pieces(text: str) -> list[bytes]:
    """A tone as long as the text, in pieces of 100 ms."""
    samples = int(RATE * len(text) / CHARACTERS_PER_S)
    tone = [int(8000 * math.sin(each * 0.1)) for each in range(samples)]
    pcm = struct.pack(f"<{samples}h", *tone)
    return [pcm[at : at + RATE // 5] for at in range(0, len(pcm), RATE // 5)]
