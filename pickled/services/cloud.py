"""What clients of a model behind an address and a key share: the way there, and how it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx2

from pickled.errors import ModelError, NoSuchModelError
from pickled.services.outside import is_outside, readable
from pickled.services.streaming import KEPT_OPEN_S

PROBE_S = 2.5
"""Less than who probes waits, so that the reason is told."""

MALFORMED = (
    AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What comes of answers that aren't such a service's."""

WAY = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError)
"""What goes wrong on the way there and back."""

_NOT_FOUND = 404
_GOOD_FOR_S = 30.0
_BAD_FOR_S = 5.0
"""How long the outcome of a probe holds for a service outside the house."""

_HEADERS = frozenset(
    {"host", "accept", "accept-encoding", "connection", "user-agent", "content-type"}
    | {"content-length", "transfer-encoding", "authorization", "x-api-key", "anthropic-version"}
)


@dataclass(frozen=True, slots=True)
class Service:
    """Whom we talk to, with which key, as it is named where something goes wrong."""

    url: str
    model: str
    key: str = field(default="", repr=False)

    def client(self, *, longest_s: float, connect_s: float) -> httpx2.AsyncClient:
        """Waits no longer than that, in s; enter it to have it closed.

        What the environment says is not followed silently: a proxy is for the world outside, not
        for the house, and headers that a vendor's variable adds stay here, as do those that tell
        what machine this is. A redirect would take the conversation somewhere else.
        """

        async def keep_to_our_headers(request: httpx2.Request) -> None:
            for name in [each for each in request.headers if each.lower() not in _HEADERS]:
                del request.headers[name]
            request.headers.pop("authorization", None)
            if self.key:
                request.headers["authorization"] = f"Bearer {self.key}"

        return httpx2.AsyncClient(
            timeout=httpx2.Timeout(longest_s, connect=connect_s),
            limits=httpx2.Limits(max_keepalive_connections=4, keepalive_expiry=KEPT_OPEN_S),
            trust_env=is_outside(self.url),
            follow_redirects=False,
            event_hooks={"request": [keep_to_our_headers]},
        )

    def late(self) -> str:
        """It took too long."""
        return f"{self.url} took too long with {self.model}; try a smaller model, or wait longer"

    def on_the_way(self, error: BaseException | None) -> str:
        """One of `WAY`, or what else went wrong without an answer, with the remedy."""
        match error:
            case httpx2.ConnectError() if "CERTIFICATE" in str(error).upper():
                return f"the certificate of {self.url} is not trusted"
            case httpx2.ConnectError() | httpx2.ConnectTimeout() | ConnectionError():
                return f"nothing answers at {self.url}; start the server, or check `base_url`"
            case TimeoutError() | httpx2.TimeoutException():
                return self.late()
            case httpx2.HTTPError() | OSError():
                return f"the connection to {self.url} was cut"
        return f"what answers at {self.url} does not speak as it should; check `base_url`"

    def refusal(self, status: int, reason: object) -> ModelError:
        """A status that is no success, with the remedy; `reason` is the server's own text."""
        said = readable(reason, self.key)
        because = f": {said}" if said else ""
        if status == _NOT_FOUND and self._lacks_model(said.lower()):
            return NoSuchModelError(
                f"{self.url} has no model {self.model}; change the option `model`"
            )
        return ModelError(self._refused(status, said, because))

    def _lacks_model(self, said: str) -> bool:
        """Does the server speak of this model, or of one that isn't there?"""
        absent = ("no such model", "model not found", "does not exist", "unknown model")
        return self.model.lower() in said or any(each in said for each in absent)

    def _refused(self, status: int, said: str, because: str) -> str:
        match status:
            case 401 if not self.key:
                return f"{self.url} wants a key; write it to a file and name it in `api_key_file`"
            case 401:
                return f"{self.url} does not take the key; check `api_key_file`"
            case 402 | 403:
                return f"the key may not use {self.model} at {self.url}{because}"
            case 404 if "model" in said.lower():
                return f"{self.url} can't answer{because}"
            case 404:
                return f"{self.url} has no such interface; check `base_url` (is /v1 missing?)"
            case 429:
                return f"{self.url} takes no more requests for now{because}"
            case 503 if "loading" in said.lower():
                return f"{self.url} is loading {self.model}{because}"
            case 503 | 529:
                return f"{self.url} is overloaded{because}"
        if 300 <= status < 400:
            return f"{self.url} has moved; check `base_url`"
        return f"{self.url} failed with {self.model}: {said or f'status {status}'}"


class Standing:
    """The last probe's outcome, so that a service outside isn't asked every few seconds."""

    def __init__(self, url: str) -> None:
        self._outside = is_outside(url)
        self._until = 0.0
        self._failure = ""

    async def ask(self, question: Callable[[], Awaitable[None]]) -> None:
        """Raises the question's ModelError, or that of the last time while it holds."""
        now = asyncio.get_running_loop().time()
        if now < self._until:
            if self._failure:
                raise ModelError(self._failure)
            return
        try:
            await question()
        except ModelError as error:
            self._hold(str(error), now + _BAD_FOR_S)
            raise
        self._hold("", now + _GOOD_FOR_S)

    def forget(self) -> None:
        """Something happened since: ask anew."""
        self._until = 0.0

    def _hold(self, failure: str, until: float) -> None:
        self._failure, self._until = failure, until if self._outside else 0.0
