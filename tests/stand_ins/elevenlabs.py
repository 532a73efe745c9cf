"""ElevenLabs' speaking interface as far as pickled uses it: strict about what it is asked.

`stream-input` over a WebSocket, and the list of voices, as the public reference tells.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

from tests.stand_ins.deepgram import CHARACTERS_PER_S, RATE, pieces
from tests.stand_ins.served import HOST, served

KEY = "xi-test-0123456789abcdef"
VOICE, OTHER = "21m00Tcm4TlvDq8ikWAM", "AZnzlk1XvdvUeBnXmlld"
VOICES = {"Rachel": (VOICE, "en"), "Domi": (OTHER, "de")}
SPEEDS = (0.7, 1.2)
LEAD_S = 0.2
"""Silence before the first sound."""

Failure = Literal[
    "deaf",  # accepts the connection, and never upgrades it
    "mute",  # takes everything, and gives no sound
    "abort",  # the connection is cut after the first sound
    "close 1000",  # after the first sound, before its end
    "close 1008",  # at once, with a reason
    "quota",  # its own message, and the end
    "no voice",
    "half",  # the sound stops in the middle
    "garbage",  # what is no message of this service
]


@dataclass
class ElevenLabsStandIn:
    """Script it by its fields, at any time."""

    refuses: int = 0
    """A status to refuse connections and requests with; 0: none."""
    failure: Failure | None = None
    first_byte_ms: float = 0.0
    idle_s: float = 20.0
    """So long a connection may wait for its text; asked for longer, it is that."""
    aligned: bool = True
    lead_s: float = 0.0
    spoken: list[str] = field(default_factory=list)
    settings: list[dict[str, float]] = field(default_factory=list)
    connections: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Voice and query of each."""
    open: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        """As `tts.base_url` takes it."""
        return f"http://{HOST}:{self.port}"

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[ElevenLabsStandIn]:
        """Answer on a free port."""
        app = web.Application()
        app.router.add_get("/v1/voices", self._voices)
        app.router.add_get("/v1/text-to-speech/{voice}/stream-input", self._speak)
        async with served(app) as self.port:
            yield self

    def _refusal(self, request: web.Request) -> web.Response | None:
        status, word = self.refuses, "not_for_you"
        if request.headers.get("xi-api-key") != KEY:
            status, word = 401, "invalid_api_key"
        if not status:
            return None
        return web.json_response({"detail": {"status": word, "message": "no"}}, status=status)

    async def _voices(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._refusal(request):
            return refusal
        listed = [
            {"voice_id": id_, "name": name, "labels": {"language": tag}}
            for name, (id_, tag) in VOICES.items()
        ]
        return web.json_response({"voices": listed})

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._refusal(request):
            return refusal
        query = dict(request.query)
        known = {"model_id", "output_format", "inactivity_timeout", "auto_mode", "sync_alignment"}
        if set(query) - known or query.get("output_format") != "pcm_24000":
            return web.json_response({"detail": {"status": "bad", "message": "?"}}, status=422)
        if self.failure == "deaf":
            await asyncio.Event().wait()
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections.append((request.match_info["voice"], query))
        self.open += 1
        try:
            await self._clause(socket, request, float(query.get("inactivity_timeout", "20")))
        except (ConnectionError, TimeoutError):
            pass
        finally:
            self.open -= 1
        return socket

    async def _clause(
        self, socket: web.WebSocketResponse, request: web.Request, asked_s: float
    ) -> None:
        text, begun = "", False
        while True:
            try:
                async with asyncio.timeout(min(asked_s, max(self.idle_s, 0.05))):
                    message = await socket.receive()
            except TimeoutError:
                await self._error(socket, "input_timeout_exceeded", "Have not received a text")
                return
            if message.type != WSMsgType.TEXT:
                return
            asked = json.loads(message.data)
            if not begun:
                assert asked["text"] == " ", asked
                begun = True
                self.settings.append(self._checked(asked["voice_settings"]))
            elif asked["text"] == "":
                break
            else:
                assert asked["text"].endswith(" "), asked
                text += asked["text"]
        await self._sound(socket, request, text)

    def _checked(self, settings: dict[str, float]) -> dict[str, float]:
        assert set(settings) <= {
            "stability", "similarity_boost", "style", "speed", "use_speaker_boost"
        }, settings  # fmt: skip
        assert SPEEDS[0] <= settings.get("speed", 1.0) <= SPEEDS[1], settings
        assert all(0 <= value <= 1 for name, value in settings.items() if name != "speed")
        return settings

    async def _sound(self, socket: web.WebSocketResponse, request: web.Request, text: str) -> None:
        match self.failure:
            case "mute":
                await asyncio.Event().wait()
            case "close 1008":
                await socket.close(code=1008, message=b"Unusual activity detected")
                return
            case "quota":
                await self._error(socket, "quota_exceeded", "This request exceeds your quota")
                return
            case "no voice":
                await self._error(socket, "voice_id_does_not_exist", "A voice does not exist")
                return
            case "garbage":
                await socket.send_str("[1, 2")
                return
        await asyncio.sleep(self.first_byte_ms / 1000)
        self.spoken.append(text.strip())
        silence = bytes(2 * int(self.lead_s * RATE))
        for number, piece in enumerate([*([silence] if silence else []), *pieces(text.strip())]):
            if number == 1 + bool(silence) and await self._fails(socket, request):
                return
            given = {"audio": base64.b64encode(piece).decode(), "isFinal": None}
            if self.aligned:
                given |= self._alignment(text, number - bool(silence), len(piece))
            await socket.send_json(given)
        await socket.send_json({"isFinal": True})
        await socket.close()

    def _alignment(self, text: str, number: int, length: int) -> dict[str, Any]:
        """The characters of that piece of 100 ms; its times count from its own beginning."""
        each_ms = 1000 / CHARACTERS_PER_S
        begin_ms, lasts_ms = number * 100.0, length / 2 / RATE * 1000
        found = [
            (char, at * each_ms - begin_ms)
            for at, char in enumerate(text.rstrip() + " ")
            if begin_ms <= at * each_ms < begin_ms + lasts_ms
        ]
        told = {
            "chars": [char for char, _ in found],
            "charStartTimesMs": [round(at) for _, at in found],
            "charDurationsMs": [round(each_ms)] * len(found),
        }
        return {"alignment": told if found else None, "normalizedAlignment": None}

    async def _fails(self, socket: web.WebSocketResponse, request: web.Request) -> bool:
        match self.failure:
            case "abort":
                assert request.transport is not None
                request.transport.abort()
            case "close 1000":
                await socket.close(code=1000)
            case "half":
                await asyncio.Event().wait()
            case _:
                return False
        return True

    async def _error(self, socket: web.WebSocketResponse, word: str, said: str) -> None:
        await socket.send_json({"message": said, "error": word, "code": 1008})
        await socket.close(code=1008, message=said.encode())
