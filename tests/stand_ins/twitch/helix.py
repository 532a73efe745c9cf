"""The API as a stand-in: who may call, and the families of calls, one file each beside this."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.stand_ins.twitch.world import Grant, World, refusal

PREFIX = "/helix/"


@dataclass(frozen=True)
class Call:
    """A call that was let in."""

    world: World
    grant: Grant
    query: dict[str, str]
    body: Any
    request: web.Request

    @property
    def user_id(self) -> str:
        """Who calls."""
        return self.grant.user_id

    def lacks(self, *scopes: str) -> web.Response | None:
        """The refusal, unless the token has one of those scopes."""
        if any(each in self.grant.scopes for each in scopes):
            return None
        return refusal(401, f"Missing scope: {' or '.join(scopes)}")


Answer = Callable[[Call], Awaitable[web.Response]]


@dataclass(frozen=True)
class Route:
    """One call that the API knows."""

    method: str
    path: str
    answer: Answer
    query: tuple[str, ...] = ()
    """What may stand in its query; a name with ! has to."""
    body: tuple[str, ...] = ()
    """The same for the body."""

    def wrong(self, given: Any, allowed: tuple[str, ...], what: str) -> str:
        """What of that the call does not know, or lacks."""
        names = {each.removesuffix("!") for each in allowed}
        if unknown := set(given) - names:
            return f"{self.method} {self.path}: unknown in the {what}: {sorted(unknown)}"
        lacking = {each[:-1] for each in allowed if each.endswith("!")} - set(given)
        return f"{self.method} {self.path}: the {what} lacks {sorted(lacking)}" if lacking else ""


def let_in(world: World, route: Route) -> web.RouteDef:
    """That route, behind Twitch's checks."""

    async def handle(request: web.Request) -> web.Response:
        if (fault := world.fault(request)) is not None:
            await world.tell()
            return fault
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = world.access.get(token)
        if kind != "Bearer" or grant is None or grant.ends:
            return refusal(401, "Invalid OAuth token")
        if request.headers.get("Client-Id") != grant.client_id:
            return refusal(401, "Client ID and OAuth token do not match")
        raw = await request.read()
        body = json.loads(raw) if raw else None
        query = dict(request.query)
        for wrong in (
            route.wrong(query, route.query, "query"),
            route.wrong(body or {}, route.body, "body"),
        ):
            if wrong:
                world.complain(wrong)
                return refusal(400, wrong)
        world.calls.append((route.method, route.path, query, body))
        world.on_call(route.method, route.path)
        answer = await route.answer(Call(world, grant, query, body, request))
        await world.tell()
        return answer

    return web.route(route.method, PREFIX + route.path, handle)


def data(*rows: dict[str, Any], **more: Any) -> web.Response:
    """An answer with these rows."""
    return web.json_response({"data": list(rows), **more})
