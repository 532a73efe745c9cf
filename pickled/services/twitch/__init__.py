"""Twitch for all who need it: who is signed in, the API, and which channel it is about."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from pickled.errors import TwitchError
from pickled.log import hide
from pickled.services.outside import URL_PATTERN
from pickled.services.twitch.chat_settings import ChatSettings
from pickled.services.twitch.helix import Helix
from pickled.services.twitch.oauth import OAuth
from pickled.services.twitch.own_lines import OwnLines
from pickled.services.twitch.sign_in import SignIn
from pickled.services.twitch.tokens import Role, Tokens


class Options(BaseModel):
    """Which channel, whose application, and where Twitch is; the same for input and output."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str = Field(pattern=r"^[a-z0-9][a-z0-9_]{0,24}$")
    """The login: what follows twitch.tv/ in the address."""
    client_id: str = Field(default="", pattern=r"^[a-z0-9]*$", max_length=64)
    """Of your application; `pickled twitch login` keeps it beside the sign-in."""
    client_secret: SecretStr | None = None
    """Of a confidential application; a public one has none, and needs none."""
    bot_token: SecretStr | None = None
    """An access token from elsewhere; a sign-in with `pickled twitch login` goes before it."""
    api_url: str = Field(default="https://api.twitch.tv/helix", pattern=URL_PATTERN)
    id_url: str = Field(default="https://id.twitch.tv", pattern=URL_PATTERN)
    answer_timeout_s: float = Field(default=10.0, gt=0, le=60)

    @field_validator("channel", mode="before")
    @classmethod
    def _login(cls, value: object) -> object:
        return value.strip().removeprefix("#").lower() if isinstance(value, str) else value

    def access(self, data_dir: Path) -> TwitchAccess:
        """What `share(start, …)` is given: the same for all parts of one channel."""
        shared = {name: getattr(self, name) for name in Options.model_fields}
        return TwitchAccess(Options.model_construct(**shared), data_dir)


@dataclass(frozen=True)
class TwitchAccess:
    """One channel, and where the sign-ins are kept."""

    options: Options
    data_dir: Path


class Twitch:
    """What of Twitch is shared; who has not signed in may do so at any moment."""

    def __init__(self, access: TwitchAccess, session: aiohttp.ClientSession) -> None:
        options = access.options
        self.channel = options.channel
        self.own = OwnLines()
        """What we wrote ourselves."""
        self.oauth = OAuth(session, options.id_url, options.answer_timeout_s)
        secret = options.client_secret.get_secret_value() if options.client_secret else ""
        self.sign_ins: dict[Role, SignIn] = {
            "streamer": SignIn("streamer", access.data_dir, self.oauth, secret=secret),
            "bot": SignIn("bot", access.data_dir, self.oauth, secret=secret, given=_given(options)),
        }
        self.helix = Helix(session, options.api_url, self.sign_in, self.own)
        self.helix.longest_s = options.answer_timeout_s
        self.user_id = ""
        """Of the account that writes; "" until `identify`."""
        self.login = ""
        self.broadcaster_id = ""
        """Of the channel; "" until `identify`."""
        self.is_moderator = False
        """May that account moderate here? The streamer may."""
        self.chat_settings = ChatSettings()
        """Slow mode, emote-only and the like; kept up to date while the input `twitch` runs."""

    def sign_in(self, role: Role) -> SignIn:
        """Whose token serves: the bot's work is done by the streamer while no bot has signed in."""
        if role == "bot" and not self.sign_ins["bot"].signed_in:
            if self.sign_ins["streamer"].signed_in:
                return self.sign_ins["streamer"]
        elif role == "streamer" and not self.sign_ins["streamer"].signed_in:
            tokens = self.sign_ins["bot"].tokens if self.sign_ins["bot"].signed_in else None
            if tokens is not None and tokens.login == self.channel:
                return self.sign_ins["bot"]
        return self.sign_ins[role]

    @property
    def is_streamer(self) -> bool:
        """Does the streamer's own account write?"""
        return self.user_id != "" and self.user_id == self.broadcaster_id

    async def identify(self) -> None:
        """Learn who writes, and whose channel it is; raises TwitchError, also if nobody signed in.

        Once in a while it is asked again: whose rights were taken is noticed by that.
        """
        sign_in = self.sign_in("bot")
        found = await sign_in.validate()
        self.user_id, self.login = found.user_id, found.login
        if not self.broadcaster_id:
            answer = await self.helix.get("users", params={"login": self.channel})
            self.broadcaster_id = _first(answer).get("id", "")
        if not self.broadcaster_id:
            raise TwitchError(
                f"Twitch has no channel {self.channel}; check the name in `channel`", permanent=True
            )
        self.is_moderator = self.is_streamer or await self._moderates(tuple(found.scopes))

    async def _moderates(self, scopes: tuple[str, ...]) -> bool:
        if "user:read:moderated_channels" not in scopes:
            return self.is_moderator
        params = {"user_id": self.user_id, "first": "100"}
        answer = await self.helix.get("moderation/channels", params=params)
        return any(each.get("broadcaster_id") == self.broadcaster_id for each in rows(answer))


def rows(answer: Any) -> list[dict[str, Any]]:
    """The objects of an answer's `data`; none if it has none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []


def _first(answer: Any) -> dict[str, Any]:
    return next(iter(rows(answer)), {})


def _given(options: Options) -> Tokens | None:
    """The token of the configuration, if there is one; the prototype's begins with `oauth:`."""
    if options.bot_token is None:
        return None
    token = options.bot_token.get_secret_value().removeprefix("oauth:")
    hide(token)
    return Tokens(client_id=options.client_id, access_token=SecretStr(token))


@asynccontextmanager
async def start(access: TwitchAccess) -> AsyncIterator[Twitch]:
    """Twitch, for `surroundings.share(start, options.access(surroundings.data_dir))`.

    It starts also where nobody has signed in, or Twitch is away: calls raise TwitchError then.
    """
    async with aiohttp.ClientSession() as session:
        twitch = Twitch(access, session)
        keeping = asyncio.create_task(_keep(twitch), name="twitch sign-ins")
        try:
            yield twitch
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


_KEEP_UP_S = 5.0


async def _keep(twitch: Twitch) -> None:
    """Keep renewed tokens as soon as there is room for them."""
    while True:
        await asyncio.sleep(_KEEP_UP_S)
        for each in twitch.sign_ins.values():
            try:
                await each.keep_up()
            except TwitchError:
                continue
