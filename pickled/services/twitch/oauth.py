"""Twitch's sign-in service: a device code, tokens for it, new tokens for old ones."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import BaseModel, Field, SecretStr

from pickled.errors import TwitchError
from pickled.services.twitch.answers import answer_of, read_as, reason_in
from pickled.services.twitch.tokens import Tokens

_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class DeviceCode(BaseModel):
    """What a person has to open, and type in there."""

    device_code: SecretStr
    user_code: str = Field(max_length=32)
    verification_uri: str = Field(max_length=500)
    expires_in: float = Field(gt=0, le=86_400)
    interval: float = Field(default=5, gt=0, le=60)


class Granted(BaseModel):
    """Tokens, as they come."""

    access_token: SecretStr
    refresh_token: SecretStr | None = None
    scope: list[str] | str = Field(default_factory=list)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Which rights they carry."""
        return tuple(self.scope.split() if isinstance(self.scope, str) else self.scope)


class Validated(BaseModel):
    """Whose an access token is."""

    client_id: str = ""
    login: str = ""
    user_id: str = ""
    scopes: list[str] = Field(default_factory=list)
    expires_in: float = 0.0


@dataclass(frozen=True)
class OAuth:
    """Talks to `id_url`; secrets go in bodies and headers, never in an address."""

    session: aiohttp.ClientSession
    url: str
    longest_s: float = 10.0

    async def device(self, client_id: str, scopes: Iterable[str]) -> DeviceCode:
        """A code for a person to type in; raises TwitchError."""
        fields = {"client_id": client_id, "scopes": " ".join(scopes)}
        status, answer = await self._post("oauth2/device", fields)
        if status != 200:
            why = reason_in(answer)
            raise TwitchError(
                f"Twitch gives no code ({status}{why}): is `client_id` that of a *public* "
                "application in https://dev.twitch.tv/console/apps?",
                status=status,
                permanent=400 <= status < 500,
            )
        return read_as(DeviceCode, answer)

    async def granted(
        self, code: DeviceCode, client_id: str, scopes: Iterable[str]
    ) -> Granted | None:
        """The tokens, once the person has agreed; None until then. Raises TwitchError."""
        fields = {
            "client_id": client_id,
            "scopes": " ".join(scopes),
            "device_code": code.device_code.get_secret_value(),
            "grant_type": _DEVICE,
        }
        status, answer = await self._post("oauth2/token", fields)
        if status == 200:
            return read_as(Granted, answer)
        said = reason_in(answer, fields["device_code"])
        if status == 400 and "authorization_pending" in said:
            return None
        raise TwitchError(
            f"the sign-in was not given ({status}{said}); ask for a new code",
            status=status,
            permanent=400 <= status < 500,
        )

    async def refresh(self, tokens: Tokens, client_secret: str) -> Granted:
        """New tokens for the old ones; `signed_out` in the error: the old ones are of no use."""
        refresh = tokens.refresh_token.get_secret_value() if tokens.refresh_token else ""
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": refresh,
            "client_id": tokens.client_id,
        }
        if client_secret:
            fields["client_secret"] = client_secret
        status, answer = await self._post("oauth2/token", fields)
        if status == 200:
            return read_as(Granted, answer)
        said = reason_in(answer, *tokens.secrets, client_secret)
        if status in (400, 401, 403):
            if "client secret" in said:
                said += ": set `client_secret_file`, or sign in with a public application"
            raise TwitchError(
                f"Twitch renews the sign-in of {tokens.login or 'this account'} no more "
                f"({status}{said})",
                status=status,
                signed_out=True,
            )
        raise TwitchError(f"Twitch can't renew the sign-in just now ({status})", status=status)

    async def validate(self, access_token: str) -> Validated | None:
        """Whose that token is; None if it is not valid (any more). Raises TwitchError."""
        headers = {"Authorization": f"OAuth {access_token}"}
        status, answer = await self._ask("GET", "oauth2/validate", headers=headers)
        if status == 401:
            return None
        if status != 200:
            raise TwitchError(f"Twitch can't tell whose a token is just now ({status})")
        return read_as(Validated, answer)

    async def revoke(self, tokens: Tokens) -> None:
        """Have the access token ended; raises TwitchError."""
        token = tokens.access_token.get_secret_value()
        status, answer = await self._post(
            "oauth2/revoke", {"client_id": tokens.client_id, "token": token}
        )
        if status != 200:
            said = reason_in(answer, *tokens.secrets)
            raise TwitchError(f"Twitch did not end the sign-in ({status}{said})", status=status)

    async def _post(self, path: str, fields: Mapping[str, str]) -> tuple[int, Any]:
        return await self._ask("POST", path, data=fields)

    async def _ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        url = f"{self.url.rstrip('/')}/{path}"
        try:
            async with (
                asyncio.timeout(self.longest_s),
                self.session.request(method, url, allow_redirects=False, **more) as response,
            ):
                return response.status, await answer_of(response)
        except TimeoutError as error:
            raise TwitchError(f"{self.url} did not answer within {self.longest_s:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise TwitchError(f"{self.url} can't be reached: {type(error).__name__}") from error
