"""What all who talk to Ollama share: how it fails, and what to do about it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import httpx
import ollama
from pydantic import Field

from pickled.messages.base import Strict

HOST_PATTERN = r"^https?://[^\s/@]+(/[^\s@]*)?$"
"""An address without a name or a password in it."""

_NOT_OLLAMA = (AttributeError, OverflowError, RecursionError, TypeError, ValueError)
"""What comes of answers that aren't Ollama's."""

FAILURES = (httpx.HTTPError, httpx.InvalidURL, ollama.ResponseError, OSError, *_NOT_OLLAMA)
"""Everything that its client raises when something is wrong with the server or on the way."""

_LONGEST_REASON = 200


class Server(Strict):
    """Where Ollama is, and how long it keeps and loads a model."""

    host: str = Field(default="http://127.0.0.1:11434", pattern=HOST_PATTERN)
    """Without a name or a password in it."""
    keep_alive: str = Field(default="30m", pattern=r"^-?\d+(ms|s|m|h)?$")
    """How long the model stays loaded after its last use."""
    load_timeout_s: float = Field(default=180.0, gt=0, le=3600)
    """For loading the model; what is asked of it has its own time."""


async def chat(
    client: ollama.AsyncClient, model: str, messages: list[dict[str, str]], **options: Any
) -> AsyncGenerator[ollama.ChatResponse, None]:
    """The parts of an answer as they are written; closing it makes Ollama stop."""
    answer = await client.chat(
        model,
        messages,
        stream=True,
        think=False,  # left out, a model that can think does, and the schema has to wait
        **options,
    )
    # The client says that it gives an iterator; it is a generator, and has to be closed.
    assert isinstance(answer, AsyncGenerator)
    async with aclosing(answer) as parts:
        async for part in parts:
            yield part


def new_client(host: str, *, longest_s: float, connect_s: float) -> ollama.AsyncClient:
    """A client that waits no longer than that, in s; enter it to have it closed.

    A proxy from the environment is for the world outside, not for the house.
    """
    timeout = httpx.Timeout(longest_s, connect=connect_s)
    return ollama.AsyncClient(host=host, timeout=timeout, trust_env=False)


def explain(error: Exception, *, host: str, model: str) -> str:
    """One of `FAILURES` in words, with the remedy."""
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


def _reason(error: ollama.ResponseError) -> str:
    """What the server says, unless that is a page for a browser."""
    text = " ".join(str(error.error).split())
    status = f"status {error.status_code}"
    return status if not text or "<" in text else text[:_LONGEST_REASON]
