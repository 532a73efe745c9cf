"""OpenAI's speech endpoint, with what the servers that imitate it do otherwise."""

from __future__ import annotations

import asyncio
import math
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.stand_ins.served import HOST, served

CHARACTERS_PER_S = 15.0
_KEYS = {"model", "voice", "input", "response_format", "speed", "instructions"}

Failure = Literal["silent", "half", "cut", "json", "mp3", "nothing", "endless head"]


@dataclass
class SpeechStandIn:
    """Script it by its fields, at any time."""

    key: str = ""
    """The one that it wants; empty: none."""
    voices: tuple[str, ...] | None = ("af_bella", "am_adam")
    """Its list, as Kokoro-FastAPI gives it; None: it has none, as the vendor."""
    voice_objects: bool = False
    """The list holds objects with an `id`."""
    formats: tuple[str, ...] = ("pcm", "wav")
    rate: int = 24_000
    channels: int = 1
    refuses: int = 0
    failure: Failure | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    @property
    def base_url(self) -> str:
        """As `tts.base_url` takes it."""
        return f"http://{HOST}:{self.port}/v1"

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[SpeechStandIn]:
        """Answer on a free port."""
        app = web.Application()
        app.router.add_get("/v1/audio/voices", self._voices)
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/audio/speech", self._speech)
        async with served(app) as self.port:
            yield self

    def _refusal(self, request: web.Request) -> web.Response | None:
        status = self.refuses
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            status = 401
        return _error(status, "not for you") if status else None

    async def _voices(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._refusal(request):
            return refusal
        if self.voices is None:
            return _error(404, "Invalid URL (GET /v1/audio/voices)")
        listed = [{"id": each} if self.voice_objects else each for each in self.voices]
        return web.json_response({"voices": listed})

    async def _models(self, request: web.Request) -> web.StreamResponse:
        return self._refusal(request) or web.json_response({"object": "list", "data": []})

    async def _speech(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.requests.append(asked)
        if refusal := self._refusal(request):
            return refusal
        if set(asked) - _KEYS or asked["response_format"] not in self.formats:
            return _error(400, f"can't be done: {sorted(asked)}, {asked['response_format']}")
        if "instructions" in asked and not asked["model"].startswith("gpt-"):
            return _error(400, "instructions are not supported with this model")
        if not 0.25 <= asked.get("speed", 1) <= 4 or len(asked["input"]) > 4096:
            return _error(400, "out of range")
        if self.failure == "silent":
            await asyncio.Event().wait()
        if self.failure == "json":
            return web.json_response({"message": "the voice is being loaded"})
        response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for number, piece in enumerate(self._pieces(asked)):
            if number == 1 and self.failure == "half":
                await asyncio.Event().wait()
            if number == 1 and self.failure == "cut" and request.transport:
                request.transport.abort()
            await response.write(piece)
        await response.write_eof()
        return response

    def _pieces(self, asked: dict[str, Any]) -> list[bytes]:
        match self.failure:
            case "mp3":
                return [b"ID3\x04" + bytes(1000)]
            case "nothing":
                return []
            case "endless head":
                return [b"RIFF\xff\xff\xff\xffWAVEjunk" + struct.pack("<I", 2**31)] * 3
        samples = int(self.rate * len(asked["input"]) / CHARACTERS_PER_S)
        tone = [int(8000 * math.sin(each * 0.1)) for each in range(samples)]
        pcm = struct.pack(f"<{samples * self.channels}h", *(
            each for each in tone for _ in range(self.channels)
        ))  # fmt: skip
        if asked["response_format"] == "wav":
            pcm = _head(self.rate, self.channels) + pcm
        return [pcm[:7], *(pcm[at : at + 4801] for at in range(7, len(pcm), 4801))]


def _head(rate: int, channels: int) -> bytes:
    """As a server writes it that streams: its lengths are not known yet."""
    about = struct.pack("<HHIIHH", 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    note = b"LIST" + struct.pack("<I", 5) + b"hello\0"
    head = b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<I", len(about)) + about
    return head + note + b"data\xff\xff\xff\xff"


def _error(status: int, why: str) -> web.Response:
    return web.json_response({"error": {"message": why, "type": "x", "code": None}}, status=status)
