"""Twitch's API: all calls under one limit, with the right token, renewed where it has run out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp

from pickled.bucket import Bucket
from pickled.errors import TwitchError
from pickled.services.twitch.answers import answer_of, reason_in
from pickled.services.twitch.own_lines import OwnLines
from pickled.services.twitch.sign_in import SignIn
from pickled.services.twitch.tokens import Role, Tokens

Method = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
Params = Mapping[str, str | Sequence[str]]

CHAT = "chat/messages"

_AGAIN_S = 0.5
"""Twitch asks for one more try after a 503."""
_LONGEST_RESET_S = 60.0
"""Its limit is one of points a minute."""
_LONGEST_WAIT_S = 15.0
"""Who would have to wait longer for their turn is told so instead."""


@dataclass
class Helix:
    """Calls below `api_url`."""

    session: aiohttp.ClientSession
    url: str
    sign_in: Callable[[Role], SignIn]
    """Whose token serves for that role."""
    own: OwnLines
    longest_s: float = 10.0
    limit: Bucket = field(default_factory=lambda: Bucket(rate=12.0, most=60.0))
    """Twitch gives 800 a minute."""
    _quiet_until: float = 0.0
    """In s of the loop's clock: it wants to be left alone until then."""

    async def get(
        self, path: str, *, params: Params | None = None, json: Any = None, as_: Role = "bot"
    ) -> Any:
        """Ask; the JSON of the answer. Raises TwitchError."""
        return await self._call("GET", path, params, json, as_)

    async def post(
        self, path: str, *, params: Params | None = None, json: Any = None, as_: Role = "bot"
    ) -> Any:
        """Have something done or made; the JSON of the answer, None without one."""
        if path == CHAT and isinstance(json, Mapping):
            return await self._write(json, as_)
        return await self._call("POST", path, params, json, as_)

    async def patch(
        self, path: str, *, params: Params | None = None, json: Any = None, as_: Role = "bot"
    ) -> Any:
        """Change something."""
        return await self._call("PATCH", path, params, json, as_)

    async def put(
        self, path: str, *, params: Params | None = None, json: Any = None, as_: Role = "bot"
    ) -> Any:
        """Set something."""
        return await self._call("PUT", path, params, json, as_)

    async def delete(
        self, path: str, *, params: Params | None = None, json: Any = None, as_: Role = "bot"
    ) -> Any:
        """Take something away."""
        return await self._call("DELETE", path, params, json, as_)

    async def _write(self, json: Mapping[str, Any], as_: Role) -> Any:
        """A line of chat: it comes back as an event, and is known then."""
        self.own.sending(str(json.get("message", "")), now=asyncio.get_running_loop().time())
        answer = await self._call("POST", CHAT, None, json, as_)
        data = answer.get("data") if isinstance(answer, dict) else None
        for each in data if isinstance(data, list) else ():
            if isinstance(each, dict) and isinstance(each.get("message_id"), str):
                self.own.sent(each["message_id"])
        return answer

    async def _call(
        self, method: Method, path: str, params: Params | None, json: Any, as_: Role
    ) -> Any:
        sign_in, renewed, again = self.sign_in(as_), False, True
        while True:
            tokens = sign_in.need()
            await self._turn(path)
            status, answer, headers = await self._ask(method, path, params, json, tokens)
            if status < 300:
                return answer
            if status == 401 and not renewed and _is_about_the_token(answer):
                renewed = True
                await sign_in.renew(tokens)
            elif status == 503 and again:
                again = False
                await asyncio.sleep(_AGAIN_S)
            else:
                raise self._refusal(method, path, status, answer, headers, tokens)

    async def _turn(self, path: str) -> None:
        """Wait until one more call is within the limit; raises TwitchError if that is long."""
        loop = asyncio.get_running_loop()
        patience = loop.time() + _LONGEST_WAIT_S
        while loop.time() < self._quiet_until or not self.limit.take(loop.time()):
            wait = max(self._quiet_until - loop.time(), 1 / self.limit.rate)
            if loop.time() + wait > patience:
                raise TwitchError(
                    f"Twitch's limit of calls is reached, {path} is not asked",
                    status=429, retry_s=wait,
                )  # fmt: skip
            await asyncio.sleep(wait)

    async def _ask(
        self, method: Method, path: str, params: Params | None, json: Any, tokens: Tokens
    ) -> tuple[int, Any, Mapping[str, str]]:
        headers = {
            "Authorization": f"Bearer {tokens.access_token.get_secret_value()}",
            "Client-Id": tokens.client_id,
        }
        pairs = [
            (name, each)
            for name, value in (params or {}).items()
            for each in ([value] if isinstance(value, str) else value)
        ]
        url = f"{self.url.rstrip('/')}/{path}"
        try:
            async with (
                asyncio.timeout(self.longest_s),
                self.session.request(
                    method, url, params=pairs, json=json, headers=headers, allow_redirects=False
                ) as response,
            ):
                return response.status, await answer_of(response), response.headers
        except TimeoutError as error:
            why = f"{self.url} did not answer within {self.longest_s:g} s"
            raise TwitchError(why) from error
        except (aiohttp.ClientError, OSError) as error:
            raise TwitchError(f"{self.url} can't be reached: {type(error).__name__}") from error

    def _refusal(
        self,
        method: str,
        path: str,
        status: int,
        answer: Any,
        headers: Mapping[str, str],
        tokens: Tokens,
    ) -> TwitchError:
        said = reason_in(answer, *tokens.secrets)
        retry_s = 0.0
        if status == 429:
            retry_s, all_of_it = _pause(headers)
            if all_of_it:
                self._quiet_until = asyncio.get_running_loop().time() + retry_s
        return TwitchError(
            f"Twitch refuses {method} {path} ({status}{said})", status=status, retry_s=retry_s
        )


def _is_about_the_token(answer: Any) -> bool:
    """A scope that lacks is a 401, too, and no new token has it."""
    said = reason_in(answer).lower()
    return "scope" not in said and "permission" not in said


def _pause(headers: Mapping[str, str]) -> tuple[float, bool]:
    """How long it wants to be left alone, in s, and whether by all calls or by this one."""
    if headers.get("Ratelimit-Remaining") == "0":
        left = _number(headers.get("Ratelimit-Reset", "")) - time.time()
        return min(max(left, 1.0), _LONGEST_RESET_S), True
    if asked := _number(headers.get("Retry-After", "")):
        return min(asked, _LONGEST_RESET_S), True
    return 1.0, False


def _number(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0.0
