"""Twitch's sign-in as a stand-in: device codes, tokens, one-use refresh tokens."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web
from multidict import MultiMapping

from tests.stand_ins.twitch.world import World, number, refusal

_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class Code:
    """One that waits for a person."""

    client_id: str
    scopes: tuple[str, ...]
    user_code: str
    agreed: str = ""
    """Who has typed it in: a user's id."""
    spent: bool = False
    asked: list[float] = field(default_factory=list)


class Door:
    """Below `id_url`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.codes: dict[str, Code] = {}
        self.interval_s = 1
        self.code_for_s = 1800
        self.asked = 0
        """How often anything was asked here."""
        self.refreshes = 0
        """How many refresh tokens were spent."""

    def routes(self) -> list[web.RouteDef]:
        """Where it is asked."""
        return [
            web.post("/id/oauth2/device", self.device),
            web.post("/id/oauth2/token", self.token),
            web.get("/id/oauth2/validate", self.validate),
            web.post("/id/oauth2/revoke", self.revoke),
        ]

    def agree(self, user_id: str) -> None:
        """A person types the newest code in."""
        list(self.codes.values())[-1].agreed = user_id

    async def device(self, request: web.Request) -> web.Response:
        """A code, for an application that is known."""
        form = await self._form(request)
        if isinstance(form, web.Response):
            return form
        client = form.get("client_id", "")
        if client not in self.world.public | set(self.world.secrets):
            return refusal(400, "invalid client")
        if "client_secret" in form:
            self.world.complain("device code with a client secret")
        code = f"dc{number():0>38}"
        user_code = f"ABCD{number():0>4}"
        self.codes[code] = Code(client, tuple(form["scopes"].split()), user_code)
        self.world.ever.add(code)
        await self.world.tell()
        return web.json_response(
            {
                "device_code": code,
                "expires_in": self.code_for_s,
                "interval": self.interval_s,
                "user_code": user_code,
                "verification_uri": f"https://www.twitch.tv/activate?device-code={user_code}",
            }
        )

    async def token(self, request: web.Request) -> web.Response:
        """Tokens: for a device code, or for a refresh token."""
        form = await self._form(request)
        if isinstance(form, web.Response):
            return form
        if form.get("grant_type") == _DEVICE:
            return self._for_code(form)
        if form.get("grant_type") == "refresh_token":
            return self._for_refresh(form)
        return refusal(400, "invalid grant type")

    async def validate(self, request: web.Request) -> web.Response:
        """Whose a token is."""
        self.asked += 1
        if (fault := self.world.fault(request)) is not None:
            return fault
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self.world.access.get(token)
        if kind not in ("OAuth", "Bearer") or grant is None or grant.ends:
            return web.json_response({"status": 401, "message": "invalid access token"}, status=401)
        return web.json_response(
            {
                "client_id": grant.client_id,
                "login": self.world.people[grant.user_id].login,
                "scopes": list(grant.scopes),
                "user_id": grant.user_id,
                "expires_in": 14_124,
            }
        )

    async def revoke(self, request: web.Request) -> web.Response:
        """End a token."""
        form = await self._form(request)
        if isinstance(form, web.Response):
            return form
        if self.world.access.pop(form.get("token", ""), None) is None:
            return refusal(400, "Invalid token")
        return web.Response()

    def _for_code(self, form: MultiMapping[str]) -> web.Response:
        code = self.codes.get(form.get("device_code", ""))
        if code is None or code.spent or code.client_id != form.get("client_id"):
            return web.json_response({"status": 400, "message": "invalid device code"}, status=400)
        now = asyncio.get_running_loop().time()
        if code.asked and now - code.asked[-1] < 0.9 * self.interval_s:
            self.world.complain("asked for tokens more often than told")
        code.asked.append(now)
        if not code.agreed:
            return web.json_response(
                {"status": 400, "message": "authorization_pending"}, status=400
            )
        code.spent = True
        access, refresh = self.world.grant(code.agreed, code.scopes, code.client_id)
        return self._granted(access, refresh)

    def _for_refresh(self, form: MultiMapping[str]) -> web.Response:
        client = form.get("client_id", "")
        wanted = self.world.secrets.get(client)
        if wanted is not None and form.get("client_secret") != wanted:
            return refusal(403, "invalid client secret")
        grant = self.world.refresh.pop(form.get("refresh_token", ""), None)
        if grant is None or grant.client_id != client:
            return refusal(400, "Invalid refresh token")
        self.refreshes += 1
        access, refresh = self.world.grant(grant.user_id, grant.scopes, client)
        return self._granted(access, refresh)

    def _granted(self, access: str, refresh: str) -> web.Response:
        return web.json_response(
            {
                "access_token": access,
                "expires_in": 14_400,
                "refresh_token": refresh,
                "scope": list(self.world.access[access].scopes),
                "token_type": "bearer",
            }
        )

    async def _form(self, request: web.Request) -> MultiMapping[str] | web.Response:
        self.asked += 1
        if request.query_string:
            self.world.complain(f"{request.path} with its fields in the address")
        if (fault := self.world.fault(request)) is not None:
            return fault
        posted = await request.post()
        self.world.on_call("POST", request.path)
        return posted  # type: ignore[return-value]  # no files are sent here
