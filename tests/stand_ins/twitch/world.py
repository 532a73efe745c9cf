"""What the stand-in for Twitch knows: people, their tokens, what is wrong with it just now."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

CLIENT = "pickledtestclient"
STREAMER, BOT = "1000", "2000"

_numbers = count(1)


def number() -> int:
    """One that was not given yet."""
    return next(_numbers)


@dataclass
class Person:
    """An account."""

    id: str
    login: str
    name: str


@dataclass
class Grant:
    """What an access token may do, and whose it is."""

    user_id: str
    scopes: tuple[str, ...]
    client_id: str = CLIENT
    ends: bool = False
    """It has run out."""


@dataclass
class Fault:
    """So many of the next calls of a path are answered with that status."""

    path: str
    status: int
    left: int
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class World:
    """Shared by all of the stand-in's services."""

    def __init__(self) -> None:
        self.url = ""
        self.people = {
            each.id: each
            for each in (Person(STREAMER, "wren", "Wren"), Person(BOT, "picklebot", "PickleBot"))
        }
        self.moderators: dict[str, set[str]] = {STREAMER: {BOT}}
        self.public = {CLIENT}
        """Applications without a secret."""
        self.secrets: dict[str, str] = {}
        """Applications with one."""
        self.access: dict[str, Grant] = {}
        self.refresh: dict[str, Grant] = {}
        """Each of these can be spent once."""
        self.ever: set[str] = set()
        """All secrets that were ever given: nowhere may one be seen."""
        self.faults: list[Fault] = []
        self.calls: list[tuple[str, str, dict[str, str], Any]] = []
        """Method, path, query and body of each call that was let in."""
        self.complaints: list[str] = []
        """What a client did wrong."""
        self.drops: list[str] = []
        """The next lines are dropped in silence, each for that reason."""
        self.next_ad: dict[str, Any] = {}
        """What the schedule tells of the next break."""
        self.live: dict[str, dict[str, Any]] = {}
        """User id → the stream that is on."""
        self.titles: dict[str, dict[str, str]] = {}
        self.on_call: Callable[[str, str], None] = lambda _method, _path: None
        self.changed = asyncio.Condition()

    def person(self, login: str) -> Person | None:
        """Who bears that login."""
        return next((each for each in self.people.values() if each.login == login), None)

    def grant(self, user_id: str, scopes: tuple[str, ...], client: str = CLIENT) -> tuple[str, str]:
        """New tokens: access and refresh."""
        grant = Grant(user_id, scopes, client)
        access, refresh = f"at{number():0>28}", f"rt{number():0>48}"
        self.access[access], self.refresh[refresh] = grant, grant
        self.ever |= {access, refresh}
        return access, refresh

    def expire(self, *, user_id: str = "") -> None:
        """All access tokens (of somebody) run out."""
        for grant in self.access.values():
            if user_id in ("", grant.user_id):
                grant.ends = True
        for refresh, grant in list(self.refresh.items()):
            self.refresh[refresh] = Grant(grant.user_id, grant.scopes, grant.client_id)

    def fail(
        self, path: str, status: int, *, times: int = 1, message: str = "", **headers: str
    ) -> None:
        """Answer the next calls of that path (its end) with that status."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.faults.append(Fault(path, status, times, message, named))

    def fault(self, request: web.Request) -> web.Response | None:
        """What is wrong with that call; None if nothing is."""
        for each in self.faults:
            wanted = re.fullmatch(
                f"(?:.*/)?{each.path}", f"{request.method} {request.path}".lstrip("/")
            )
            if each.left and (wanted or request.path.endswith(each.path)):
                each.left -= 1
                return refusal(each.status, each.message or "scripted", each.headers)
        return None

    def complain(self, what: str) -> None:
        """A client did something that it may not."""
        self.complaints.append(what)

    def called(self, path: str, method: str = "") -> list[Any]:
        """The bodies (else queries) of those calls, oldest first."""
        return [
            body if body is not None else query
            for each, at, query, body in self.calls
            if at == path and method in ("", each)
        ]

    async def tell(self) -> None:
        """Something has changed."""
        async with self.changed:
            self.changed.notify_all()

    async def until(self, test: Callable[[], Any], *, within_s: float = 15.0) -> None:
        """Wait until that is so; it is looked at whenever somebody calls, comes or goes."""
        async with asyncio.timeout(within_s), self.changed:
            await self.changed.wait_for(lambda: bool(test()))


def refusal(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    """An error as Twitch writes it."""
    names = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
    names |= {409: "Conflict", 422: "Unprocessable Entity", 429: "Too Many Requests"}
    body = {"error": names.get(status, "Error"), "status": status, "message": message}
    return web.json_response(body, status=status, headers=headers)
