"""Which subscriptions are wanted, and whose sign-in each needs: read from `wanted.txt`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pickled.services.twitch import Twitch
from pickled.services.twitch.sign_in import SignIn
from pickled.services.twitch.tokens import Tokens
from pickled.text_files import read_text

CHAT = "channel.chat.message"

_CONDITIONS = {"reader": "user_id", "moderator": "moderator_user_id"}


@dataclass(frozen=True)
class Wanted:
    """One subscription."""

    type: str
    version: str
    by: str
    scopes: tuple[str, ...]

    def body(self, *, channel_id: str, user_id: str, session_id: str) -> dict[str, object]:
        """As Twitch is asked for it."""
        condition = {"broadcaster_user_id": channel_id}
        if name := _CONDITIONS.get(self.by):
            condition[name] = user_id
        return {
            "type": self.type,
            "version": self.version,
            "condition": condition,
            "transport": {"method": "websocket", "session_id": session_id},
        }

    def allowed(self, tokens: Tokens) -> bool:
        """Has that sign-in the right for it?"""
        return not self.scopes or any(each in tokens.scopes for each in self.scopes)


@cache
def table() -> tuple[Wanted, ...]:
    """All of them, what matters most first."""
    found = []
    for line in read_text(Path(__file__).with_suffix(".txt")).splitlines():
        if line and not line.startswith("#"):
            kind, version, by, scopes = (each.strip() for each in line.split("|"))
            found.append(Wanted(kind, version, by, tuple(scopes.split())))
    return tuple(found)


@dataclass(frozen=True)
class Listened:
    """What one sign-in has to listen to: a connection carries those of one account."""

    sign_in: SignIn
    user_id: str
    login: str
    wanted: tuple[Wanted, ...]
    lacking: tuple[str, ...]
    """Rights that it has not, and would need for more."""


def shares(twitch: Twitch) -> tuple[Listened, ...]:
    """Who listens to what, for those who are signed in; raises TwitchError if nobody is.

    `Twitch.identify` comes before: it knows who is who.
    """
    reader = twitch.sign_in("bot")
    owner = twitch.sign_in("streamer")
    owns = owner.signed_in and owner.need().user_id == twitch.broadcaster_id
    moderator = owner if owns else reader if twitch.is_moderator else None
    by: Mapping[str, SignIn | None] = {
        "reader": reader,
        "owner": owner if owns else None,
        "moderator": moderator,
        "anybody": owner if owns else reader,
    }
    return tuple(
        share
        for each in dict.fromkeys((reader, *([owner] if owns else [])))
        if (share := _share(each, by)).wanted or share.lacking
    )


def _share(sign_in: SignIn, by: Mapping[str, SignIn | None]) -> Listened:
    tokens = sign_in.need()
    asked = [each for each in table() if by[each.by] is sign_in]
    return Listened(
        sign_in,
        tokens.user_id,
        tokens.login,
        tuple(each for each in asked if each.allowed(tokens)),
        tuple(dict.fromkeys(each.scopes[0] for each in asked if not each.allowed(tokens))),
    )
