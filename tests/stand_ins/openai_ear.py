"""OpenAI's transcription endpoint; it understands `tests.stand_ins.spoken`."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from tests.stand_ins.served import HOST, served
from tests.stand_ins.spoken import understood

_FIELDS = {"model", "file", "response_format", "language", "prompt"}

Failure = Literal["silent", "cut", "html", "list"]


@dataclass
class TranscriptionStandIn:
    """Script it by its fields, at any time."""

    key: str = ""
    """The one that it wants; empty: none."""
    has_list: bool = True
    """Of models."""
    refuses: int = 0
    failure: Failure | None = None
    requests: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def base_url(self) -> str:
        """As `stt.base_url` takes it."""
        return f"http://{HOST}:{self.port}/v1"

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[TranscriptionStandIn]:
        """Answer on a free port."""
        app = web.Application()
        if self.has_list:
            app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/audio/transcriptions", self._transcribe)
        async with served(app) as self.port:
            yield self

    def _refusal(self, request: web.Request) -> web.Response | None:
        status = self.refuses
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            status = 401
        return _error(status, "not for you") if status else None

    async def _models(self, request: web.Request) -> web.StreamResponse:
        return self._refusal(request) or web.json_response({"object": "list", "data": []})

    async def _transcribe(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._refusal(request):
            return refusal
        match self.failure:
            case "silent":
                await asyncio.Event().wait()
            case "cut":
                assert request.transport is not None
                request.transport.abort()
            case "html":
                return web.Response(text="<html>login</html>", content_type="text/html")
            case "list":
                return web.json_response([1, 2])
        form = await request.post()
        if stray := set(form) - _FIELDS:
            return _error(400, f"unknown: {sorted(stray)}")
        file = form["file"]
        assert isinstance(file, web.FileField)
        with wave.open(io.BytesIO(file.file.read())) as sound:
            assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (
                16000,
                2,
                1,
            )
            pcm = sound.readframes(sound.getnframes())
        self.requests.append({key: str(value) for key, value in form.items() if key != "file"})
        text = " ".join(word for word, _, _ in understood(pcm))
        return web.json_response({"text": f" {text}\n"})


def _error(status: int, why: str) -> web.Response:
    return web.json_response({"error": {"message": why, "type": "x", "code": None}}, status=status)
