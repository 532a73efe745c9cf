"""Deepgram's hearing, as far as pickled uses it: strict about what it is asked and sent.

`listen/v1` (Nova) and `listen/v2` (Flux) over WebSockets, and the list of models, as the public
reference tells; Flux's turns follow its state machine.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

from tests.stand_ins.deepgram_turns import FluxEar, NovaEar
from tests.stand_ins.served import HOST, served
from tests.stand_ins.spoken import RATE, understood

KEY = "dg-test-0123456789abcdef"
FLUX, NOVA = ("flux-general-en", "flux-general-multi"), ("nova-2", "nova-3")
IDLE_S = 10.0
FASTEST = 1.25
"""Times real time, beyond a burst."""
_BURST_MS = 2500

Failure = Literal["silent", "abort", "close 1000", "close 1011", "error", "garbage"]

_V1 = {
    "model", "encoding", "sample_rate", "channels", "interim_results", "smart_format",
    "endpointing", "utterance_end_ms", "vad_events", "language", "keyterm",
}  # fmt: skip
_V2 = {
    "model", "encoding", "sample_rate", "eot_threshold", "eager_eot_threshold", "eot_timeout_ms",
    "keyterm", "language_hint",
}  # fmt: skip

Words = Callable[[bytes], list[tuple[str, float, float]]]


@dataclass
class DeepgramEarStandIn:
    """Script it by its fields, at any time."""

    words: Words = understood
    """What is said in the sound of a turn, each word with its start and end in s."""
    tells_while_spoken: bool = True
    """False: words cost a lot to find, so that they are looked for at the end alone."""
    refuses: int = 0
    """A status to refuse connections and requests with; 0: none."""
    retry_after_s: int | None = None
    """Told with a refusal."""
    failure: Failure | None = None
    fails_at_ms: float = 500.0
    """Of sound, on a connection."""
    failures: int = 1
    """So many connections fail."""
    never_final: bool = False
    """Nova: noise behind the voice; no `speech_final` comes, only UtteranceEnd."""
    idle_s: float = IDLE_S
    fastest: float = FASTEST
    eager_ms: int = 200
    end_ms: int = 500
    """Silence behind speech until Flux takes the turn for probably over, and for over."""
    queries: list[dict[str, str]] = field(default_factory=list)
    """Of each WebSocket."""
    heard: list[str] = field(default_factory=list)
    """Turns whose end was told."""
    sound_ms: float = 0.0
    """All sound that came, silence too."""
    idle_closed: int = 0
    faults: list[str] = field(default_factory=list)
    """What a client did that it may not."""
    listed: int = 0
    """How often the models were asked for."""
    open: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        """As `stt.base_url` takes it."""
        return f"http://{HOST}:{self.port}"

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[DeepgramEarStandIn]:
        """Answer on a free port."""
        del port
        app = web.Application()
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/v1/listen", self._nova)
        app.router.add_get("/v2/listen", self._flux)
        async with served(app) as self.port:
            yield self

    def _refusal(self, request: web.Request) -> web.Response | None:
        status, reason = self.refuses, "not for you"
        if request.headers.get("Authorization") not in (f"Token {KEY}", f"token {KEY}"):
            status, reason = 401, "Invalid credentials."
        return _error(status, reason, self.retry_after_s) if status else None

    async def _models(self, request: web.Request) -> web.StreamResponse:
        self.listed += 1
        if refusal := self._refusal(request):
            return refusal
        listed = [
            {"name": name, "canonical_name": name, "architecture": name, "languages": ["en"],
             "version": "2025-04-07.0", "uuid": "0" * 32, "batch": True, "streaming": True,
             "formatted_output": True}
            for name in NOVA
        ]  # fmt: skip
        return web.json_response({"stt": listed, "tts": []})

    async def _flux(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._refusal(request) or self._wrong(request, _V2, FLUX):
            return refusal
        query = request.query
        sure = float(query.get("eot_threshold", "0.7"))
        eager = query.get("eager_eot_threshold")
        if not 0.5 <= sure <= 0.9 or (eager is not None and not 0.3 <= float(eager) <= sure):
            return _error(400, "thresholds out of range")
        if not 500 <= int(query.get("eot_timeout_ms", "5000")) <= 10_000:
            return _error(400, "eot_timeout_ms out of range")
        if "language_hint" in query and query["model"] != "flux-general-multi":
            return _error(400, "language_hint is for flux-general-multi")
        ear = FluxEar(
            self.words, eager_ms=self.eager_ms if eager else 0, end_ms=self.end_ms,
            tells=self.tells_while_spoken,
        )  # fmt: skip
        return await self._converse(request, ear)

    async def _nova(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._refusal(request) or self._wrong(request, _V1, NOVA):
            return refusal
        query = request.query
        if "utterance_end_ms" in query and query.get("interim_results") != "true":
            return _error(400, "utterance_end_ms needs interim_results")
        if int(query.get("utterance_end_ms", "1000")) < 1000:
            return _error(400, "utterance_end_ms is at least 1000")
        ear = NovaEar(
            self.words, endpointing_ms=int(query.get("endpointing", "10")),
            utterance_end_ms=int(query.get("utterance_end_ms", "0")),
            interim=query.get("interim_results") == "true" and self.tells_while_spoken,
            vad_events=query.get("vad_events") == "true", never_final=self.never_final,
        )  # fmt: skip
        return await self._converse(request, ear)

    def _wrong(
        self, request: web.Request, known: set[str], models: tuple[str, ...]
    ) -> web.Response | None:
        query = request.query
        if query.get("model") not in models:
            return _error(400, "No such model/version combination found.")
        if query.get("encoding") != "linear16" or query.get("sample_rate") != str(RATE):
            return _error(400, "unsupported audio format")
        if stray := set(query) - known:
            return _error(400, f"unknown: {sorted(stray)}")
        return None

    async def _converse(self, request: web.Request, ear: FluxEar | NovaEar) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoclose=self.failure != "silent")
        await socket.prepare(request)
        self.queries.append(dict(request.query))
        self.open += 1
        try:
            await _Conversation(self, socket, ear).run()
        except ConnectionError:
            pass
        finally:
            self.open -= 1
        return socket


class _Conversation:
    """One WebSocket."""

    def __init__(
        self, service: DeepgramEarStandIn, socket: web.WebSocketResponse, ear: FluxEar | NovaEar
    ) -> None:
        self._service, self._socket, self._ear = service, socket, ear
        self._sound_ms = 0.0
        self._begun = 0.0

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        await self._tell(self._ear.greet())
        while True:
            try:
                async with asyncio.timeout(self._service.idle_s):
                    message = await self._socket.receive()
            except TimeoutError:
                self._service.idle_closed += 1
                why = b"Deepgram did not receive audio data or a text message (NET-0001)"
                await self._socket.close(code=1011, message=why)
                return
            if message.type == WSMsgType.BINARY:
                self._begun = self._begun or loop.time()
                if not await self._take(message.data, loop.time() - self._begun):
                    return
            elif message.type == WSMsgType.TEXT:
                if not await self._obey(json.loads(message.data)):
                    return
            else:
                return

    async def _take(self, pcm: bytes, passed_s: float) -> bool:
        service, length = self._service, len(pcm) / 2 / RATE * 1000
        if len(pcm) % 2 or not pcm:
            service.faults.append(f"{len(pcm)} bytes of sound")
        self._sound_ms += length
        service.sound_ms += length
        if self._sound_ms > passed_s * 1000 * service.fastest + _BURST_MS:
            service.faults.append("sound comes faster than it is taken")
        if service.failure and service.failures and self._sound_ms >= service.fails_at_ms:
            service.failures -= 1
            return await self._fail(service.failure)
        await self._tell(self._ear.take(pcm))
        return True

    async def _obey(self, asked: dict[str, Any]) -> bool:
        """False: it is over."""
        known = {
            FluxEar: ("CloseStream", "ForceEndTurn", "Configure"),
            NovaEar: ("CloseStream", "Finalize", "KeepAlive"),
        }[type(self._ear)]
        kind = asked.get("type")
        if kind not in known:
            self._service.faults.append(f"can't understand {asked}")
            await self._socket.close(code=1008)
            return False
        await self._tell(self._ear.obey(kind))
        if kind == "CloseStream":
            await self._socket.close()
            return False
        return True

    async def _fail(self, failure: Failure) -> bool:
        match failure:
            case "silent":
                await asyncio.Event().wait()
            case "abort":
                transport = self._socket._req.transport if self._socket._req else None
                assert transport is not None
                transport.abort()
            case "close 1000":
                await self._socket.close(code=1000)
            case "close 1011":
                await self._socket.close(code=1011, message=b"internal error")
            case "error":
                await self._tell([self._ear.error("INTERNAL_SERVER_ERROR")])
                await self._socket.close(code=1011)
            case "garbage":
                for text in ('{"type": "Party", "odd": [1]}', "[1, 2", '"TurnInfo"', "null"):
                    await self._socket.send_str(text)
                return True
        return False

    async def _tell(self, messages: list[dict[str, Any]]) -> None:
        for each in messages:
            if (turn := each.pop("turn", None)) is not None:
                self._service.heard.append(turn)
            await self._socket.send_json(each)


def _error(status: int, why: str, retry_after_s: int | None = None) -> web.Response:
    told = {"err_code": str(status), "err_msg": why, "request_id": "0" * 32}
    headers = {"Retry-After": str(retry_after_s)} if retry_after_s is not None else None
    return web.json_response(told, status=status, headers=headers)
