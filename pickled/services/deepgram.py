"""What hearing and speaking by Deepgram share: the account, the client, and how it fails."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import httpx
from pydantic import Field

from pickled.services.outside import URL_PATTERN, Account, is_outside, readable

CONSOLE = "console.deepgram.com"
LONGEST_RETRY_S = 600.0
_LISTED = "deepgram.manage.v1.models.client"
SPEAKING = ("deepgram", "deepgram.speak.v1.client", _LISTED)
LISTENING = ("deepgram", "deepgram.listen.v1.client", "deepgram.listen.v2.client", _LISTED)
"""Their first import takes about a second."""


class DeepgramAccount(Account):
    """Where Deepgram is, one address for REST and WebSocket alike, and with which key."""

    base_url: str = Field(default="https://api.deepgram.com", pattern=URL_PATTERN)
    connect_timeout_s: float = Field(default=3.0, gt=0, le=60)


@asynccontextmanager
async def client_of(
    account: DeepgramAccount, modules: tuple[str, ...] = SPEAKING
) -> AsyncIterator[Any]:
    """Deepgram's own client, imported beside the loop."""
    deepgram = await asyncio.to_thread(_imported, modules)
    rest = account.base_url.rstrip("/")
    sockets = "ws" + rest.removeprefix("http")
    environment = import_module("deepgram.environment").DeepgramClientEnvironment(
        base=rest, production=sockets, agent=sockets, agent_rest=rest
    )
    # A proxy from the environment is for the world outside, not for the house.
    outside = is_outside(account.base_url)
    async with httpx.AsyncClient(timeout=account.connect_timeout_s, trust_env=outside) as way:
        yield deepgram.AsyncDeepgramClient(
            api_key=account.key or "none", environment=environment, httpx_client=way
        )


def _imported(modules: tuple[str, ...]) -> Any:
    with warnings.catch_warnings():  # it imports what its own WebSocket library calls outdated
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in modules:
            import_module(name)
    return import_module("deepgram")


def status_of(error: BaseException) -> int | None:
    """The status that it refused with; None if it did not come to that.

    Its error's own text and headers are no use: the text is the same for 402 and 429, and the
    headers are those of our request (deepgram-sdk 7.17).
    """
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def retry_after(error: BaseException) -> float | None:
    """So many seconds it wants to be left alone; only what it was made of has the answer."""
    headers = getattr(error.__context__, "headers", None)
    try:
        seconds = float(headers.get("Retry-After")) if headers is not None else None
    except (AttributeError, TypeError, ValueError):
        return None
    return seconds if seconds is not None and 0 < seconds < LONGEST_RETRY_S else None


def explain(error: BaseException, account: DeepgramAccount, what: str) -> str:
    """Why Deepgram can't be used, in words, with the remedy; `what`: the voice or model."""
    url = account.base_url
    match status_of(error):
        case 401 if not account.key:
            return f"Deepgram wants a key: DEEPGRAM_API_KEY or `api_key_file`, from {CONSOLE}"
        case 401:
            return f"Deepgram does not take the key; check `api_key_file`, or make one at {CONSOLE}"
        case 402:
            return f"Deepgram's account has no credit left; look at {CONSOLE}"
        case 403:
            return f"Deepgram's key may not use {what}; look at {CONSOLE}"
        case 400 | 404:
            return f"Deepgram has no {what}, or not in this form{_said(error, account)}"
        case 429:
            return "Deepgram takes no more requests for now"
        case int() as status:
            return f"Deepgram failed with status {status}{_said(error, account)}"
    if isinstance(error, TimeoutError) or "timeout" in type(error).__name__.lower():
        return f"Deepgram at {url} took too long"
    return f"nothing answers as Deepgram does at {url}; is this machine online?"


def _said(error: BaseException, account: DeepgramAccount) -> str:
    body = getattr(error, "body", None)
    reason = body.get("err_msg") if isinstance(body, dict) else None  # a text is its client's own
    text = readable(reason, account.key)
    return f": {text}" if text else ""


def cut(socket: Any) -> None:
    """Cut a connection now: leaving it as usual waits up to 30 s for a server that is silent."""
    inner = getattr(socket, "_websocket", None)
    abort: Callable[[], None] | None = getattr(getattr(inner, "transport", None), "abort", None)
    if abort is not None:
        abort()
