"""Compresses with the service of The Token Company: what it is given leaves the house."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.request import getproxies

import tokenc
from pydantic import Field

from pickled.errors import ModelError
from pickled.llm.compress import Compressor
from pickled.plugins import Surroundings
from pickled.services.outside import URL_PATTERN, Account, is_outside, readable, sendable

_MOST_AT_ONCE = 2
"""Threads; while so many hang, nothing more is sent."""

_FAILURES = (tokenc.TokenCError, OSError, AttributeError, KeyError, TypeError, ValueError)
"""Of the client, and of answers that aren't the service's."""


class Options(Account):
    """Which model compresses how much, with which key, and how long we wait for it."""

    base_url: str = Field(default="https://api.thetokencompany.com", pattern=URL_PATTERN)
    model: str = Field(default="bear-1.2", min_length=1, max_length=200)
    aggressiveness: float = Field(default=0.3, gt=0, lt=1)
    """0.1 leaves out what fills, 0.9 whatever it can."""
    timeout_s: float = Field(default=2.0, gt=0, le=30)
    """For one text; the answer is later by as much."""


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Compressor]:
    """Always starts; whether the service is there shows when it is asked."""
    del surroundings
    yield TokencCompressor(options)


class TokencCompressor:
    """Asks in a thread of its own for each text: the client blocks, and knows no total time."""

    def __init__(self, options: Options) -> None:
        self.name = f"tokenc {options.model}"
        self._options = options
        self._key = options.key
        self._threads: list[threading.Thread] = []

    async def compress(self, text: str) -> str:
        """The text with less in it; the text itself where that would be no shorter.

        Raises ModelError after `timeout_s`, and whatever else goes wrong.
        """
        if not text.strip():
            return text
        if not self._key:
            raise ModelError(f"{self.name} wants a key; name its file in `api_key_file`")
        self._threads = [each for each in self._threads if each.is_alive()]
        if len(self._threads) >= _MOST_AT_ONCE:
            raise ModelError(f"{self.name} still hangs at what it was given before")
        sent = sendable(text)
        try:
            async with asyncio.timeout(self._options.timeout_s):
                shorter = await self._in_thread(lambda: self._asked(sent))
        except TimeoutError as error:
            raise ModelError(f"{self.name} took too long") from error
        except _FAILURES as error:
            raise self._explained(error) from error
        if not isinstance(shorter, str) or not shorter.strip():
            raise ModelError(f"{self.name} gave nothing back")
        return shorter if len(shorter) < len(text) else text

    def _in_thread(self, work: Callable[[], str]) -> asyncio.Future[str]:
        """Not in the loop's pool: at its end Python would wait for those threads, however long."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[str] = loop.create_future()

        def settle(result: str, error: Exception | None) -> None:
            if outcome.done():
                return
            if error is not None:
                outcome.set_exception(error)
            else:
                outcome.set_result(result)

        def run() -> None:
            result, failure = "", None
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
                failure = error
            with contextlib.suppress(RuntimeError):  # the loop may be gone by now
                loop.call_soon_threadsafe(settle, result, failure)

        thread = threading.Thread(target=run, name=self.name, daemon=True)
        self._threads.append(thread)
        thread.start()
        return outcome

    def _asked(self, text: str) -> str:
        options = self._options
        with tokenc.TokenClient(
            self._key, base_url=options.base_url, timeout=options.timeout_s
        ) as client:
            session = client._session  # noqa: SLF001 - it has no other way to be told:
            # .netrc must not replace the key, a redirect not take the text elsewhere, and a proxy
            # is for the world outside.
            session.trust_env, session.max_redirects = False, 0
            session.proxies = getproxies() if is_outside(options.base_url) else {}
            answer = client.compress_input(
                text, model=options.model, aggressiveness=options.aggressiveness
            )
            output: str = answer.output
            return output

    def _explained(self, error: Exception) -> ModelError:
        match error:
            case tokenc.AuthenticationError():
                return ModelError(f"{self.name}: the key is not taken; check `api_key_file`")
            case tokenc.PaymentRequiredError():
                return ModelError(f"{self.name}: the account has no credit left")
            case tokenc.RateLimitError():
                return ModelError(f"{self.name} takes no more requests for now")
            case tokenc.TokenCError():
                why = readable(str(error), self._key)
                return ModelError(f"{self.name} failed" + (f": {why}" if why else ""))
        return ModelError(f"{self.name} answered with something else than was asked for")
