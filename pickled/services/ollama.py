"""What all who talk to Ollama share: how it fails, and what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import Field

from pickled.errors import NoSuchModelError, PickledError
from pickled.messages.base import Strict
from pickled.patterns import module, wait, without
from pickled.services.smaller import billions_of
from pickled.services.streaming import KEPT_OPEN_S

_LEAN = "httpx._main"
"""A command line that httpx brings, and that would load two libraries for terminals."""

if TYPE_CHECKING:
    import httpx as httpx
    import ollama as ollama
else:
    httpx, ollama = module("httpx", lean=_LEAN), module("ollama", lean=_LEAN)

for _name in ("httpx", "ollama"):  # that one is missing is told now, though it is loaded later
    if find_spec(_name) is None:
        raise ModuleNotFoundError(f"No module named {_name!r}", name=_name)

HOST_PATTERN = r"^https?://[^\s/@]+(/[^\s@]*)?$"
"""An address without a name or a password in it."""

_NOT_OLLAMA = (AttributeError, OverflowError, RecursionError, TypeError, ValueError)
"""What comes of answers that aren't Ollama's."""

_LONGEST_REASON = 200
_PROBE_S = 2.0
_LOADED_ALREADY_S = 0.7
"""How long a probe waits for the model to be loaded; if it was, that takes a few ms."""


def failures() -> tuple[type[Exception], ...]:
    """Everything that its client raises when something is wrong with the server or on the way."""
    return (httpx.HTTPError, httpx.InvalidURL, ollama.ResponseError, OSError, *_NOT_OLLAMA)


class Server(Strict):
    """Where Ollama is, and how long it keeps and loads a model."""

    host: str = Field(default="http://127.0.0.1:11434", pattern=HOST_PATTERN)
    """Without a name or a password in it."""
    keep_alive: str = Field(default="30m", pattern=r"^-?\d+(ms|s|m|h)?$")
    """How long the model stays loaded after its last use."""
    load_timeout_s: float = Field(default=180.0, gt=0, le=3600)
    """For loading the model; what is asked of it has its own time."""
    connect_timeout_s: float = Field(default=2.0, gt=0, le=60)


class Loads(Protocol):
    """A part whose model is loaded before it is needed."""

    async def stop_loading(self) -> None:
        """Don't wait for it any longer."""


P = TypeVar("P", bound=Loads)


@asynccontextmanager
async def part(
    options: Server, make: Callable[[ollama.AsyncClient], P], *, longest_s: float
) -> AsyncIterator[P]:
    """A part with a client of its own, which waits no longer than that, in s.

    Whether Ollama is there shows at the first probe.
    """
    slowest = max(longest_s, options.load_timeout_s)
    await asyncio.to_thread(_import_client)  # for 0.1 s, in which others begin
    client = new_client(options.host, longest_s=slowest, connect_s=options.connect_timeout_s)
    async with client:
        made = make(client)
        try:
            yield made
        finally:
            await made.stop_loading()


@dataclass
class Readiness:
    """Is Ollama there, and has it the model loaded? Loads it, if it isn't."""

    client: ollama.AsyncClient
    options: Server
    model: str
    load: Callable[[], Awaitable[None]]
    """Has it loaded; raises the part's own error."""
    error: type[PickledError]
    still_loading: Callable[[str], PickledError]
    on_size: Callable[[float], None] = lambda _: None
    """Told how many billions of parameters it has, each time that the server says so."""
    once: bool = True
    """What was loaded is not loaded anew before `forget`."""
    _task: asyncio.Task[PickledError | None] | None = field(default=None, init=False)
    _opening: asyncio.Task[None] | None = field(default=None, init=False)

    async def probe(self) -> None:
        """Raises the part's error with the remedy."""
        await self.ask(self.model)
        if self._task is None:
            self._task = asyncio.create_task(self._load(), name=f"load {self.model}")
        await asyncio.wait({self._task}, timeout=_LOADED_ALREADY_S)
        if not self._task.done():
            raise self.still_loading(f"Ollama is loading {self.model}")
        failure = self._task.result()
        if failure or not self.once:
            self._task = None
        if failure:
            raise failure

    async def ask(self, model: str) -> None:
        """Is Ollama there, and has it that model, loaded or not?"""
        try:
            async with asyncio.timeout(_PROBE_S):
                listed = await self.client.list()
        except failures() as error:
            raise self.error(explain(error, host=self.options.host, model=model)) from error
        if not has(listed, model):
            raise self.missing(model)
        if model == self.model and (size := _billions(listed, model)):
            self.on_size(size)

    def missing(self, model: str) -> PickledError:
        """It has no such model."""
        kind = NoSuchModelError if issubclass(NoSuchModelError, self.error) else self.error
        return kind(missing(model))

    def forget(self) -> None:
        """After a failure the next probe makes sure again that the model is loaded."""
        if self._task is not None and self._task.done():
            self._task = None

    async def stop(self) -> None:
        """Don't wait for it any longer."""
        tasks = {each for each in (self._task, self._opening) if each is not None}
        for each in tasks:
            each.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def reopen(self) -> None:
        """An answer that was heard enough of took its connection along: have the next one ready.

        How else the server is shows at the next probe.
        """
        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(self._open(), name="connect to Ollama")

    async def _open(self) -> None:
        with suppress(*failures()):
            async with asyncio.timeout(_PROBE_S):
                await self.client.list()

    async def _load(self) -> PickledError | None:
        try:
            await self.load()
        except self.error as error:
            return error
        return None


async def load(client: ollama.AsyncClient, options: Server, model: str, *, num_ctx: int) -> None:
    """Load a model that writes, with the room that answers need, and keep it.

    Raises what is in `failures()`.
    """
    try:
        async with asyncio.timeout(options.load_timeout_s):
            await client.generate(
                model, keep_alive=options.keep_alive, options={"num_ctx": num_ctx}
            )
    except ollama.ResponseError as error:
        # A server without this call loads the model with the first answer.
        if error.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise


async def chat(
    client: ollama.AsyncClient, model: str, messages: list[dict[str, str]], **options: Any
) -> AsyncGenerator[ollama.ChatResponse, None]:
    """The parts of an answer as they are written; closing it makes Ollama stop."""
    answer = await client.chat(
        model,
        messages,
        stream=True,
        # Left out, a model that can think does, and the schema has to wait; one can't do without.
        think="low" if "gpt-oss" in model.lower() else False,
        **options,
    )
    # The client says that it gives an iterator; it is a generator, and has to be closed.
    assert isinstance(answer, AsyncGenerator)
    async with aclosing(answer) as parts:
        async for part in parts:
            yield part


def _import_client() -> None:
    wait()
    with without(_LEAN):
        import_module("ollama")


def new_client(host: str, *, longest_s: float, connect_s: float) -> ollama.AsyncClient:
    """A client that waits no longer than that, in s; enter it to have it closed.

    A proxy from the environment is for the world outside, not for the house.
    """
    timeout = httpx.Timeout(longest_s, connect=connect_s)
    limits = httpx.Limits(max_keepalive_connections=4, keepalive_expiry=KEPT_OPEN_S)
    return ollama.AsyncClient(host=host, timeout=timeout, trust_env=False, limits=limits)


def explain(error: Exception, *, host: str, model: str) -> str:
    """One of `failures()` in words, with the remedy."""
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout() | ConnectionError():
            return f"Ollama does not answer at {host}; start it with `ollama serve`"
        case TimeoutError() | httpx.TimeoutException():
            return f"Ollama at {host} took too long with {model}; look at `ollama ps`"
        case ollama.ResponseError(status_code=httpx.codes.NOT_FOUND):
            return missing(model)
        case ollama.ResponseError():
            return f"Ollama failed with {model}: {_reason(error)}"
        case httpx.HTTPError() | OSError():
            return f"the connection to Ollama at {host} was cut"
    return f"what answers at {host} does not speak as Ollama does; check the option `host`"


def missing(model: str) -> str:
    """It has no such model."""
    return f"Ollama has no model {model}; get it with `ollama pull {model}`"


def has(listed: ollama.ListResponse, model: str) -> bool:
    """Is that model among those that are there? A name without a tag is the latest."""
    names = {each.model for each in listed.models if each.model}
    return bool(names & {model, f"{model}:latest"})


def _billions(listed: ollama.ListResponse, model: str) -> float | None:
    """Of its parameters, if the server tells."""
    named = (each for each in listed.models if each.model in (model, f"{model}:latest"))
    return next((billions_of(each.details and each.details.parameter_size) for each in named), None)


def _reason(error: ollama.ResponseError) -> str:
    """What the server says, unless that is a page for a browser."""
    text = " ".join(str(error.error).split())
    status = f"status {error.status_code}"
    return status if not text or "<" in text else text[:_LONGEST_REASON]
