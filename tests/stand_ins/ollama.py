"""Ollama's HTTP interface as far as pickled uses it: strict about requests, scripted in answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice

from aiohttp import web

from pickled.services.form_trial import TOKENS
from tests.stand_ins.ollama_answers import (
    STAMP,
    Request,
    about_words,
    bad_gateway,
    badly_asked,
    badly_asked_to_embed,
    error,
    felt,
    line,
    prompt_of,
    words_vector,
    wrong,
)
from tests.stand_ins.ollama_answers import Failure as Failure
from tests.stand_ins.prefix_cache import CHARACTERS_PER_TOKEN, PrefixCache
from tests.stand_ins.served import HOST, served
from tests.stand_ins.written import SchemaError, offered, written

DEFAULT_MODEL = "phi3.5:latest"
DEFAULT_TEXT = "Hello everybody, it is good to see so many of you here. "
DEFAULT_TEXT += "We are at the old harbour, and the sun has just come out."


@dataclass
class OllamaStandIn:
    """Script it by its fields, at any time; what it was asked is in `requests`."""

    texts: Sequence[str] | Callable[[Request], str] = (DEFAULT_TEXT,)
    """What to say, one after the other, the last one for ever; or made from the request."""
    emotion: str = "happy"
    opens: bool = False  # wherever an opener is offered
    raw: str | None = None
    """The whole answer as it is, as if nothing held the model to the schema."""
    knows_openers: bool = True
    knows_patterns: bool = True
    """False: it can't make a grammar of one, and says so."""
    models: tuple[str, ...] = (DEFAULT_MODEL,)
    first_token_ms: float = 0.0
    tokens_per_s: float | None = None
    prefill_per_s: float | None = None
    """Of what is new in the prompt; None, here and there: as fast as it goes."""
    cut: Callable[[str], list[str]] = about_words
    """A whole answer in its tokens."""
    thinks: int = 0
    """So many tokens it thinks first, although it is told not to."""
    load_s: float = 0.0
    """How long the model takes to load when it is used for the first time."""
    failure: Failure | None = None
    requests: list[Request] = field(default_factory=list)
    """Of /api/chat, in order."""
    tried: list[Request] = field(default_factory=list)
    """Those that see what it feels, and so which form its answers should have."""
    feels: bool = False  # something else each time in those; else always its `emotion`
    warmed: list[Request] = field(default_factory=list)
    """Those of /api/chat that want no answer, but a prompt to be read."""
    told: Mapping[str, object] = field(default_factory=dict)
    """What an answer's last part says of its figures, instead of the truth; None leaves it out."""
    parameter_size: str | None = None
    """Of each model, as `3.8B`."""
    connections: set[object] = field(default_factory=set)
    """The clients' ends of all sockets on which something was asked."""
    vector: Callable[[str], Sequence[float]] = lambda text: words_vector(text)
    """What /api/embed makes of a text."""
    embedded: list[Request] = field(default_factory=list)
    """Of /api/embed, in order."""
    loads: list[Request] = field(default_factory=list)
    """Empty requests of /api/generate that load the model."""
    generated: int = 0
    """Tokens, in all."""
    aborted: int = 0
    """Answers that were given up because the client went away."""
    running: int = 0
    port: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while an answer is being written, or waited for."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it is over."""
    note: Callable[[str, Request, str], None] = lambda *_: None
    """Called with `socket`, `asked`, and each `token` that is written; or `warmed` and `read`."""
    _loaded: bool = field(default=False, init=False)
    cache: PrefixCache = field(default_factory=PrefixCache, init=False)

    @property
    def url(self) -> str:
        """As `llm.host` takes it."""
        return f"http://{HOST}:{self.port}"

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[OllamaStandIn]:
        """Answer on a free port, or the given one."""
        app = self._application()
        async with served(app, port) as self.port:
            yield self

    def _application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/version", self._version)
        app.router.add_get("/api/tags", self._tags)
        app.router.add_post("/api/show", self._show)
        app.router.add_post("/api/generate", self._generate)
        app.router.add_post("/api/chat", self._chat)
        app.router.add_post("/api/embed", self._embed)
        return app

    async def _version(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"version": "0.31.2"})

    def _connected(self, request: web.Request) -> bool:
        before = len(self.connections)
        if request.transport is not None:
            self.connections.add(request.transport.get_extra_info("peername"))
        return len(self.connections) > before

    async def _tags(self, request: web.Request) -> web.StreamResponse:
        self._connected(request)
        if self.failure == "html":
            return bad_gateway()
        details = {"parameter_size": self.parameter_size} if self.parameter_size else {}
        about = {"size": 1, "digest": "0" * 64, "modified_at": STAMP, "details": details}
        return web.json_response(
            {"models": [{"name": each, "model": each, **about} for each in self.models]}
        )

    async def _show(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        if self._full_name(asked.get("model")) is None:
            return error(404, f"model '{asked.get('model')}' not found")
        return web.json_response({"details": {}, "model_info": {}, "capabilities": ["completion"]})

    async def _generate(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        if refusal := self._refusal(asked) or wrong(asked.get("prompt"), (type(None), str)):
            return refusal
        if asked.get("prompt"):
            return error(501, "the stand-in only loads models here")
        self.loads.append(asked)
        await self._load()
        return web.json_response(
            {"model": asked["model"], "created_at": STAMP, "response": "", "done": True}
            | {"done_reason": "load"}
        )

    async def _embed(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        if refusal := self._refusal(asked) or badly_asked_to_embed(asked):
            return refusal
        self.embedded.append(asked)
        await self._load()
        vectors = [list(self.vector(text)) for text in asked["input"]]
        match self.failure:
            case "hang" | "hang in the middle":
                await asyncio.Event().wait()
            case "cut" | "no done" if request.transport is not None:
                request.transport.abort()
            case "error line":
                return error(400, "the input length exceeds the context length")
            case "garbage":
                return web.Response(text='[1, 2]\n{"embeddin', content_type="application/json")
            case "empty":
                vectors = []
        return web.json_response({"model": asked["model"], "embeddings": vectors})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        socket = "new" if self._connected(request) else "kept"
        if refusal := self._refusal(asked) or badly_asked(asked):
            return refusal
        if asked["options"].get("num_predict") == TOKENS:
            self.tried.append(asked)
            return await felt(request, asked, self.emotion, self.feels and len(self.tried))
        self.note("socket", asked, socket)
        warms = asked["options"].get("num_predict") == 1
        (self.warmed if warms else self.requests).append(asked)
        self.note("warmed" if warms else "asked", asked, "")
        self.running += 1
        self.begun.set()
        self.ended.clear()
        try:
            await self._load()
            return await self._answer(request, asked)
        except (asyncio.CancelledError, ConnectionError):
            self.aborted += 1
            raise
        finally:
            self.running -= 1
            if not self.running:
                self.begun.clear()
                self.ended.set()

    async def _answer(self, request: web.Request, asked: Request) -> web.StreamResponse:
        if self.prefill_per_s is None:
            return await self._written(request, asked)
        async with self.cache.one:
            return await self._written(request, asked)

    async def _written(self, request: web.Request, asked: Request) -> web.StreamResponse:
        read_s = await self.read(asked)
        if self.failure == "hang":
            await asyncio.Event().wait()
        try:
            tokens = self._tokens(asked)
        except SchemaError as refusal:
            return error(500, str(refusal))
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        thoughts = self._thoughts(asked)
        for _ in range(thoughts):
            await response.write(line(asked, "", thought="hm"))
            await asyncio.sleep(1 / self.tokens_per_s if self.tokens_per_s else 0)
        if thoughts:
            tokens = tokens[: max(0, asked["options"]["num_predict"] - thoughts)]
        half = len(tokens) // 2
        for number, token in enumerate(tokens):
            if number == half and self.failure in ("hang in the middle", "cut", "error line"):
                return await self._fail(request, response)
            if self.failure == "garbage":
                await response.write(b'[1, 2]\n{"mess\n')
                continue
            self.generated += 1
            await response.write(line(asked, token))
            self.note("read" if asked in self.warmed[-1:] else "token", asked, token)
            await asyncio.sleep(1 / self.tokens_per_s if self.tokens_per_s else 0)
        if self.failure != "no done":
            figures = {
                "prompt_eval_count": round(len(self.cache.text) / CHARACTERS_PER_TOKEN),
                "prompt_eval_duration": round(read_s * 1e9),
                "eval_duration": round(len(tokens) / (self.tokens_per_s or 1000) * 1e9),
                **self.told,
            }
            end = line(asked, "", done=True, count=len(tokens) + thoughts, figures=figures)
            await response.write(end)
        await response.write_eof()
        return response

    async def _fail(self, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
        if self.failure == "hang in the middle":
            await asyncio.Event().wait()
        if self.failure == "error line":
            await response.write(b'{"error": "an error was encountered while running the model"}\n')
            await response.write_eof()
        if self.failure == "cut" and request.transport is not None:
            request.transport.abort()
        return response

    def _tokens(self, asked: Request) -> list[str]:
        if self.failure == "empty":
            return []
        whole = self.raw
        if whole is None:
            whole = written(self.emotion, self._text(asked), asked.get("format"), self.opens)
        return list(islice(self.cut(whole), asked.get("options", {}).get("num_predict")))

    async def read(self, asked: Request) -> float:
        """As long as it takes until it writes; how much of it, s, was reading the prompt."""
        await asyncio.sleep(self.first_token_ms / 1000)
        return await self.cache.take(prompt_of(asked), self.prefill_per_s)

    def _thoughts(self, asked: Request) -> int:
        return min(self.thinks, asked.get("options", {}).get("num_predict", self.thinks))

    def _text(self, asked: Request) -> str:
        if callable(self.texts):
            return self.texts(asked)
        return self.texts[min(len(self.requests), len(self.texts)) - 1]

    def _full_name(self, name: object) -> str | None:
        return next(
            (each for each in self.models if name in (each, each.removesuffix(":latest"))), None
        )

    def _refusal(self, asked: Request) -> web.Response | None:
        if self.failure == "html":
            return bad_gateway()
        if self._full_name(asked.get("model")) is None:
            return error(404, f"model '{asked.get('model')}' not found")
        strange = not self.knows_openers and offered(self.emotion, asked.get("format"))
        if strange or (not self.knows_patterns and "pattern" in asked.get("format", ())):
            return error(500, "failed to parse grammar")
        full = "model requires more system memory (5.6 GiB) than is available"
        return error(500, full) if self.failure == "out of memory" else None

    async def _load(self) -> None:
        if not self._loaded:
            await asyncio.sleep(self.load_s)
            self._loaded = True
