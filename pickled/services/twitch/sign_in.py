"""One signed-in account: its token while it is good, renewed by one at a time and kept at once."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import structlog

from pickled.errors import ConfigError, TwitchError
from pickled.log import hide
from pickled.services.twitch.oauth import Granted, OAuth, Validated
from pickled.services.twitch.tokens import Place, Role, TokenFile, Tokens

log = structlog.get_logger()


class SignIn:
    """The streamer's or the bot's; who has not signed in has no tokens."""

    def __init__(
        self, role: Role, data_dir: Path, oauth: OAuth, *, secret: str, given: Tokens | None = None
    ) -> None:
        self.role: Role = role
        self._file = TokenFile(data_dir, role)
        self._oauth = oauth
        self._secret = secret
        self._given = given
        """What stands in the configuration; a sign-in that is kept goes before it."""
        self._tokens: Tokens | None = None
        self._stamp: tuple[int, int] | None = None
        self._unkept: Tokens | None = None
        """New tokens that there was no room for."""
        self._refused: Tokens | None = None
        """Those that Twitch takes no more."""
        self._lock = asyncio.Lock()

    @property
    def tokens(self) -> Tokens | None:
        """The sign-in in force, as it is kept just now; raises ConfigError for a spoilt file."""
        if self._unkept is not None:
            return self._unkept
        stamp = self._file.stamp
        if stamp != self._stamp:
            self._take(self._file.read() or self._given)
            self._stamp = stamp
        return self._tokens

    @property
    def version(self) -> str:
        """Another one when somebody has signed in or out; tokens that are renewed don't count."""
        try:
            tokens = self.tokens
        except ConfigError:
            return "spoilt"
        return tokens.signed_at if tokens is not None else ""

    @property
    def signed_in(self) -> bool:
        """Is there a sign-in that Twitch takes?"""
        tokens = self._tokens_or_none()
        return tokens is not None and tokens is not self._refused

    @property
    def login(self) -> str:
        """Whose it is, as far as that is known."""
        tokens = self._tokens_or_none()
        return tokens.login if tokens is not None else ""

    @property
    def complaint(self) -> str:
        """What is wrong with a sign-in that there is; "" for nothing."""
        tokens = self._tokens_or_none()
        if tokens is None or tokens is not self._refused:
            return ""
        return f"Twitch takes the sign-in of {tokens.login or self.role} no more: {self.remedy}"

    @property
    def remedy(self) -> str:
        """What a person does where there is none."""
        return f"sign in with `pickled twitch login --as {self.role}`"

    async def validate(self) -> Validated:
        """Whose it is and what it may; renewed before if need be. Raises TwitchError."""
        for _ in range(2):
            tokens = self.need()
            found = await self._oauth.validate(tokens.access_token.get_secret_value())
            if found is not None:
                await self._know(tokens, found)
                return found
            await self.renew(tokens)
        raise TwitchError(f"Twitch takes no token of the {self.role}'s", signed_out=True)

    def need(self) -> Tokens:
        """The sign-in; raises TwitchError where there is none."""
        tokens = self._tokens_or_none()
        if tokens is None:
            raise TwitchError(f"nobody is signed in as {self.role}: {self.remedy}", signed_out=True)
        if tokens is self._refused:
            raise TwitchError(self.complaint, signed_out=True)
        return tokens

    async def renew(self, old: Tokens) -> Tokens:
        """New tokens, unless somebody had them renewed meanwhile; raises TwitchError.

        One at a time, here and among processes: a refresh token can be spent only once.
        """
        async with self._lock:
            # Whoever is cancelled meanwhile must not lose what Twitch has sent already.
            renewing = asyncio.ensure_future(self._renew_alone(old))
            try:
                return await asyncio.shield(renewing)
            except asyncio.CancelledError:
                await asyncio.gather(renewing, return_exceptions=True)
                raise

    async def _renew_alone(self, old: Tokens) -> Tokens:
        with ExitStack() as stack:
            await asyncio.to_thread(stack.enter_context, self._file.locked())
            self._stamp = None
            now = self.need()
            if now.access_token != old.access_token:
                return now
            if now.refresh_token is None:
                raise self._refuse(now, "its token has run out, and can't be renewed")
            place = await asyncio.to_thread(stack.enter_context, self._file.reserved())
            return await self._exchange(now, place)

    def _refuse(self, tokens: Tokens, why: str) -> TwitchError:
        """Use it no more; said once, until somebody signs in again."""
        self._refused = tokens
        log.error("a sign-in is of no use any more", who=self.role, why=why, remedy=self.remedy)
        return TwitchError(f"{self.complaint} ({why})", signed_out=True)

    async def _exchange(self, old: Tokens, place: Place) -> Tokens:
        try:
            granted = await self._oauth.refresh(old, self._secret)
        except TwitchError as error:
            if not error.signed_out:
                raise
            raise self._refuse(old, str(error)) from None
        fresh = _with(old, granted)
        hide(*fresh.secrets)
        try:
            await asyncio.to_thread(place, fresh)
        except TwitchError as error:
            self._unkept = fresh  # in force all the same, and kept as soon as there is room
            log.error("the renewed sign-in is not kept yet", why=str(error))
            return fresh
        self._take(fresh)
        self._stamp = self._file.stamp
        return fresh

    async def keep_up(self) -> None:
        """Keep what there was no room for; called once in a while. Raises TwitchError."""
        if (waiting := self._unkept) is None:
            return
        kept = await asyncio.to_thread(self._file.read)
        if kept is None or kept.signed_at == waiting.signed_at:
            await asyncio.to_thread(self._file.write, waiting)
        self._unkept = None  # else somebody has signed in again meanwhile

    async def _know(self, tokens: Tokens, found: Validated) -> None:
        told = {
            "user_id": found.user_id,
            "login": found.login,
            "scopes": tuple(found.scopes),
            "client_id": found.client_id or tokens.client_id,
        }
        if self._tokens is tokens:
            self._tokens = tokens.model_copy(update=told)

    def _tokens_or_none(self) -> Tokens | None:
        try:
            return self.tokens
        except ConfigError as error:
            raise TwitchError(str(error), signed_out=True) from error

    def _take(self, tokens: Tokens | None) -> None:
        if tokens is not None:
            hide(*tokens.secrets)
        self._tokens = tokens


def _with(old: Tokens, granted: Granted) -> Tokens:
    update = {
        "access_token": granted.access_token,
        "refresh_token": granted.refresh_token or old.refresh_token,
        "scopes": granted.scopes or old.scopes,
    }
    return old.model_copy(update=update)
