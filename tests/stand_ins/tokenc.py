"""The Token Company's compression as far as pickled uses it: strict about requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.stand_ins.served import HOST, served

KEY = "ttc-stand-in-0123456789"
MODELS = ("bear-1", "bear-1.1", "bear-1.2")

Failure = Literal[
    "hang", "cut", "html", "garbage", "other shape", "no text", "redirect", "too many", "too large",
    "no credit", "broken",
]  # fmt: skip

_STATUSES = {"too many": 429, "too large": 413, "no credit": 402, "broken": 500}
_FILLERS = frozenset({"a", "an", "the", "really", "just", "very", "of", "is", "are", "so"})


@dataclass
class TokencStandIn:
    """Leaves out words that fill; what it was asked is in `requests`."""

    failure: Failure | None = None
    output: str | None = None
    """What it gives back, in place of the text without fillers."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """As `base_url` takes it."""
        return f"http://{HOST}:{self.port}"

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[TokencStandIn]:
        """Answer on a free port."""
        app = web.Application()
        app.router.add_post("/v1/compress", self._compress)
        async with served(app) as self.port:
            yield self

    async def _compress(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            given = request.headers.get("Authorization")
            return web.json_response({"detail": f"Invalid API key: {given}"}, status=401)
        if request.headers.get("Content-Encoding") != "gzip":
            return web.json_response({"detail": "the body has to be compressed"}, status=400)
        asked = await request.json()
        self.requests.append(asked)
        if refusal := _badly_asked(asked) or await self._failed(request):
            return refusal
        words = asked["input"].split()
        kept = [each for each in words if each.lower() not in _FILLERS]
        output = " ".join(kept) if self.output is None else self.output
        return web.json_response(
            {
                "output": output,
                "output_tokens": len(kept),
                "original_input_tokens": len(words),
            }
        )

    async def _failed(self, request: web.Request) -> web.StreamResponse | None:
        if status := _STATUSES.get(self.failure or ""):
            return web.json_response({"detail": {"message": f"no, {KEY}"}}, status=status)
        match self.failure:
            case "hang":
                await asyncio.Event().wait()
            case "cut" if request.transport is not None:
                request.transport.abort()
            case "html":
                page = "<html><body>502</body></html>"
                return web.Response(status=502, text=page, content_type="text/html")
            case "garbage":
                return web.Response(text='{"outp', content_type="application/json")
            case "other shape":
                return web.json_response(["output"])
            case "no text":
                about = {"output": 7, "output_tokens": 1, "original_input_tokens": 1}
                return web.json_response(about)
            case "redirect":
                location = "http://127.0.0.1:9/elsewhere"
                return web.Response(status=307, headers={"Location": location})
        return None


def _badly_asked(asked: dict[str, Any]) -> web.Response | None:
    if asked.keys() != {"model", "input", "compression_settings"}:
        return web.json_response({"detail": "unknown or missing keys"}, status=400)
    if asked["model"] not in MODELS or not asked["input"].strip():
        return web.json_response({"detail": "unknown model, or no input"}, status=400)
    if not 0 < asked["compression_settings"]["aggressiveness"] < 1:
        return web.json_response({"detail": "aggressiveness out of range"}, status=400)
    return None
