"""What stand-ins for vendors' models share: an answer as server-sent events, and ways to fail."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from aiohttp import web

from tests.stand_ins.ollama import DEFAULT_TEXT
from tests.stand_ins.served import HOST, served
from tests.stand_ins.written import Schema, SchemaError, written

KEY = "sk-stand-in-0123456789"

Request = dict[str, Any]
Failure = Literal[
    "hang",  # accepts the request, and says nothing
    "hang in the middle",
    "cut",  # closes the connection in the middle
    "no end",  # ends cleanly without saying why
    "error event",  # in the middle of an answer, after status 200
    "html",  # 502 with a page for a browser
    "garbage",
    "empty",  # ends well, without a word
    "overloaded",
    "too many",
    "redirect",
    "refusal",
]


@dataclass
class SseStandIn:
    """Script it by its fields, at any time; what it was asked is in `requests`."""

    texts: Sequence[str] | Callable[[Request], str] = (DEFAULT_TEXT,)
    """What to say, one after the other, the last one for ever; or made from the request."""
    emotion: str = "happy"
    opens: bool = False
    """It takes an opener wherever one is offered."""
    raw: str | None = None
    """The whole answer as it is, as if nothing held the model to the schema."""
    models: tuple[str, ...] = ("small", "large")
    key: str | None = KEY
    """None: it wants none."""
    first_token_ms: float = 0.0
    tokens_per_s: float | None = None
    """None: as fast as it goes."""
    failure: Failure | None = None
    requests: list[Request] = field(default_factory=list)
    """What asked for an answer, also those that were refused, in order."""
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of all requests, in lower case."""
    sockets: list[object] = field(default_factory=list)
    """The client's end of the socket of each request."""
    probes: int = 0
    generated: int = 0
    """Tokens, in all."""
    aborted: int = 0
    """Answers that were given up because the client went away."""
    port: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Without a path."""
        return f"http://{HOST}:{self.port}"

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[Self]:
        """Answer on a free port."""
        app = web.Application()
        self.routes(app)
        async with served(app) as self.port:
            yield self

    def routes(self, app: web.Application) -> None:
        """The addresses of this interface."""
        raise NotImplementedError

    def schema(self, asked: Request) -> Schema | None:
        """What the model is held to."""
        raise NotImplementedError

    def error(self, status: int, text: str) -> web.Response:
        """A refusal in this interface's form."""
        raise NotImplementedError

    def events(self, asked: Request, tokens: Sequence[str]) -> tuple[bytes, list[bytes], bytes]:
        """What comes before the tokens, each of them, and the end with its reason."""
        raise NotImplementedError

    def error_event(self) -> bytes:
        """A failure after status 200."""
        raise NotImplementedError

    def refused(self, request: web.Request) -> web.Response | None:
        """What every address does first."""
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        if request.transport is not None:
            self.sockets.append(request.transport.get_extra_info("peername"))
        if self.failure == "html":
            page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
            return web.Response(status=502, text=page, content_type="text/html")
        if self.failure == "redirect":
            return web.Response(status=307, headers={"Location": "http://127.0.0.1:9/elsewhere"})
        given = request.headers.get("x-api-key") or request.headers.get("Authorization", "")
        if self.key is not None and given.removeprefix("Bearer ") != self.key:
            return self.error(401, f"Incorrect API key provided: {given}")
        return None

    async def answer(self, request: web.Request, asked: Request) -> web.StreamResponse:
        """Write it, and notice when nobody reads any more."""
        self.begun.set()
        self.ended.clear()
        try:
            return await self._write(request, asked)
        except (asyncio.CancelledError, ConnectionError):
            self.aborted += 1
            raise
        finally:
            self.begun.clear()
            self.ended.set()

    async def _write(self, request: web.Request, asked: Request) -> web.StreamResponse:
        await asyncio.sleep(self.first_token_ms / 1000)
        if self.failure == "hang":
            await asyncio.Event().wait()
        try:
            first, middle, end = self.events(asked, self._tokens(asked))
        except SchemaError as refusal:
            return self.error(500, str(refusal))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(first)
        for number, event in enumerate(middle):
            if number == len(middle) // 2 and await self._failed(request, response):
                return response
            self.generated += 1
            await response.write(event)
            await asyncio.sleep(1 / self.tokens_per_s if self.tokens_per_s else 0)
        if self.failure != "no end":
            await response.write(end)
        await response.write_eof()
        return response

    async def _failed(self, request: web.Request, response: web.StreamResponse) -> bool:
        match self.failure:
            case "hang in the middle":
                await asyncio.Event().wait()
            case "cut" if request.transport is not None:
                request.transport.abort()
            case "error event":
                await response.write(self.error_event())
                await response.write_eof()
            case "garbage":
                await response.write(b'event: message\ndata: [1, 2]\n\ndata: {"mess\n\n')
                await response.write_eof()
            case _:
                return False
        return True

    def _tokens(self, asked: Request) -> list[str]:
        if self.failure in ("empty", "refusal"):
            return []
        whole = self.raw
        if whole is None:
            form = self.schema(asked)
            whole = written(self.emotion, self._text(asked), form, opens=self.opens)
        limit = asked.get("max_tokens") or asked.get("max_completion_tokens")
        return re.findall(r"\s?\w{1,5}|\s?[^\w\s]|\s", whole)[:limit]

    def _text(self, asked: Request) -> str:
        if callable(self.texts):
            return self.texts(asked)
        return self.texts[min(len(self.requests), len(self.texts)) - 1]


def event(data: object, name: str = "") -> bytes:
    """One event as it is sent."""
    head = f"event: {name}\n" if name else ""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f"{head}data: {text}\n\n".encode()
