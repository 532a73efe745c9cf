"""The door before every page, socket and file: who is not signed in sees the sign-in, and no more.

Whether somebody has to sign in is decided by where we listen, not by where a caller seems to be.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Literal
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pickled.config import is_this_machine
from pickled.web.keys import SIGNED_IN_S, Guesses, Keys
from pickled.web.sign_in import HEADERS, sign_in_page

Access = Literal["owner", "overlay", "nobody"]
ACCESS = "pickled.access"
"""Where a route finds who calls it, in the scope."""

_OVERLAY = ("/overlay", "/ws/avatar", "/ws/mouth")
_SAFE = ("GET", "HEAD", "OPTIONS")
_LONGEST_FORM = 4_096
_YEAR_S = 365 * 24 * 3600
_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self' data:; worker-src 'none'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
"""Of the dashboard: its framework compiles templates; only files of ours are loaded."""


@dataclass
class Door:
    """An ASGI application around another one."""

    app: ASGIApp
    name: str
    """Of the instance: two on one machine have cookies of their own."""
    keys: Keys | None
    """None: who can reach us may come in."""
    origins: tuple[str, ...] = ()
    secure: bool = False
    """Are we reached by https?"""
    clock: Callable[[], float] = time.time
    _guesses: Guesses = field(default_factory=Guesses)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or one socket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        path = scope["path"]
        if why := self._foreign(scope, headers):
            await _refuse(scope, receive, send, 403, why)
        elif self.keys is None:
            scope[ACCESS] = "owner"
            await self.app(scope, receive, _hardened(send))
        elif scope["type"] == "http" and path in ("/sign-in", "/sign-out"):
            await self._sign_in(scope, receive, send, self.keys)
        else:
            await self._let_in(scope, receive, send, self.keys)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send, keys: Keys) -> None:
        headers, path, whence = Headers(scope=scope), scope["path"], _whence(scope)
        guesses = "authorization" in headers or b"token=" in scope["query_string"]
        if guesses and (wait := self._guesses.wait_s(whence, self.clock())):
            await _refuse(scope, receive, send, 429, "too many wrong tokens", retry_s=wait)
            return
        access, cookie = self._access(scope, headers, keys)
        scope[ACCESS] = access
        allowed = access == "owner" or (access == "overlay" and _is_overlay(path))
        if allowed or (path == "/health" and scope["type"] == "http"):
            await self.app(scope, receive, _hardened(send, cookie))
        elif scope["type"] == "http" and "text/html" in headers.get("accept", ""):
            wanted = path + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
            await _redirect(send, f"/sign-in?next={quote(wanted)}" if path != "/" else "/sign-in")
        else:
            await _refuse(scope, receive, send, 401, "sign in first: /sign-in, or a Bearer token")

    def _access(self, scope: Scope, headers: Headers, keys: Keys) -> tuple[Access, str]:
        """Who calls, and the cookie to give."""
        now, whence = self.clock(), _whence(scope)
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            if keys.is_owner(bearer.strip()):
                return "owner", ""
            self._guesses.wrong(whence, now)
            return "nobody", ""
        cookies = _cookies(headers)
        if keys.is_pass(cookies.get(self._cookie("owner"), ""), now):
            return "owner", ""
        given = parse_qs(scope["query_string"].decode("ascii", "replace")).get("token", [""])[0]
        if given and _is_overlay(scope["path"]):
            if keys.is_overlay(given):
                return "overlay", self._set_cookie("overlay", keys.overlay, _YEAR_S)
            self._guesses.wrong(whence, now)
        if keys.is_overlay(cookies.get(self._cookie("overlay"), "")):
            return "overlay", ""
        return "nobody", ""

    async def _sign_in(self, scope: Scope, receive: Receive, send: Send, keys: Keys) -> None:
        query = parse_qs(scope["query_string"].decode("ascii", "replace"))
        after = _local(query.get("next", ["/"])[0])
        if scope["path"] == "/sign-out":
            gone = self._set_cookie("owner", "", 0)
            await _redirect(send, "/sign-in", gone if scope["method"] == "POST" else "")
            return
        if scope["method"] != "POST":
            await _answer(send, 200, sign_in_page(after), HEADERS)
            return
        now, whence = self.clock(), _whence(scope)
        if wait := self._guesses.wait_s(whence, now):
            told = f"Too many wrong tokens: wait {wait:.0f} s."
            await _answer(send, 429, sign_in_page(after, told), HEADERS)
            return
        form = parse_qs((await _body(receive)).decode("utf-8", "replace"))
        if not keys.is_owner(form.get("token", [""])[0].strip()):
            self._guesses.wrong(whence, now)
            await _answer(send, 401, sign_in_page(after, "That is not the token."), HEADERS)
            return
        self._guesses.right(whence)
        token = keys.pass_until(int(now) + SIGNED_IN_S)
        await _redirect(send, after, self._set_cookie("owner", token, SIGNED_IN_S))

    def _foreign(self, scope: Scope, headers: Headers) -> str:
        """Why a call from another site is refused; empty if it is none."""
        host = headers.get("host", "")
        ours = {urlsplit(each).netloc for each in self.origins} | {host}
        if self.keys is None:
            name = urlsplit(f"//{host}").hostname or ""
            if not is_this_machine(name) and host not in ours - {host}:
                return f"{name[:100]} is not this machine: name it in web.origins"
        if scope["type"] == "http" and scope["method"] in _SAFE:
            return ""
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc not in ours:
            return "another site's page may not do that"
        if headers.get("sec-fetch-site") == "cross-site":
            return "another site's page may not do that"
        return ""

    def _cookie(self, kind: str) -> str:
        return f"pickled-{self.name}-{kind}"

    def _set_cookie(self, kind: str, value: str, seconds: int) -> str:
        secure = "; Secure" if self.secure else ""
        about = f"Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"
        return f"{self._cookie(kind)}={value}; {about}"


def _is_overlay(path: str) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in _OVERLAY)


def _whence(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _local(path: str) -> str:
    """A path of ours, whatever was asked for."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain else "/"


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        jar = SimpleCookie(headers.get("cookie", "")[:8_192])
    except CookieError:
        return {}
    return {name: each.value for name, each in jar.items()}


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more and len(body) <= _LONGEST_FORM:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body[:_LONGEST_FORM]


def _hardened(send: Send, cookie: str = "") -> Callable[[Message], Awaitable[None]]:
    """With the headers that every answer has."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if cookie:
                headers.append("set-cookie", cookie)
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "same-origin"
            headers.setdefault("content-security-policy", _PAGE_POLICY)
        await send(message)

    return sending


async def _refuse(
    scope: Scope, receive: Receive, send: Send, status: int, why: str, *, retry_s: float = 0
) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": why[:100]})
        return
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    if retry_s:
        headers["retry-after"] = f"{retry_s:.0f}"
    await _answer(send, status, json.dumps({"detail": why}), headers)


async def _redirect(send: Send, to: str, cookie: str = "") -> None:
    headers = {"location": to, "cache-control": "no-store"}
    if cookie:
        headers["set-cookie"] = cookie
    await _answer(send, 303, "", headers)


async def _answer(send: Send, status: int, text: str, headers: dict[str, str]) -> None:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    body = text.encode()
    raw += [(b"content-length", str(len(body)).encode()), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
