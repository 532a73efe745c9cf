"""Listens to a channel as the daemon does, signed in at the stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from pickled.inputs.twitch import Options, TwitchChannel, start
from pickled.messages.stream import StreamEvent, StreamState
from pickled.plugins import Surroundings
from pickled.services.twitch.scopes import scopes_of
from pickled.services.twitch.tokens import Role, TokenFile, Tokens
from tests.inputs.reading import Reader
from tests.stand_ins.twitch import BOT, CLIENT, STREAMER, TwitchService

USERS: dict[Role, str] = {"streamer": STREAMER, "bot": BOT}
SOON: dict[str, Any] = {
    "connect_s": 2,
    "slack_s": 0.5,
    "settle_s": 2,
    "drain_s": 0.5,
    "first_pause_s": 0.05,
    "longest_pause_s": 0.5,
}
"""Where the waiting is not the subject."""


def sign_in(
    service: TwitchService, data_dir: Path, role: Role, *, without: Sequence[str] = ()
) -> Tokens:
    """As if somebody had signed in there with `pickled twitch login`."""
    scopes = tuple(each.name for each in scopes_of(role) if each.name not in without)
    user_id = USERS[role]
    access, refresh = service.world.grant(user_id, scopes)
    tokens = Tokens(
        client_id=CLIENT,
        access_token=SecretStr(access),
        refresh_token=SecretStr(refresh),
        user_id=user_id,
        login=service.world.people[user_id].login,
        scopes=scopes,
        signed_at=access,
    )
    TokenFile(data_dir, role).write(tokens)
    return tokens


class Listener(Reader):
    """The source while it runs, and all that it gave."""

    channel: TwitchChannel

    def happened(self, kind: str) -> list[StreamEvent]:
        """The stream events of that type."""
        return [
            each
            for each in self.events
            if isinstance(each, StreamEvent) and each.event_type == kind
        ]

    @property
    def states(self) -> list[StreamState]:
        """What was told of the stream itself."""
        return [each for each in self.events if isinstance(each, StreamState)]

    async def until_count(self, number: int) -> None:
        """Wait until so many lines were written."""
        await self._until(lambda: len(self.texts) >= number)

    async def until_resting(self) -> None:
        """Wait until chat's lines are held back."""
        async with asyncio.timeout(10):
            while not self.channel._standby.resting:
                await asyncio.sleep(0.01)

    async def until_state(self, test: Callable[[StreamState], bool]) -> None:
        """Wait until the stream is like that."""
        await self._until(lambda: self.states and test(self.states[-1]))

    async def until_happened(self, kind: str, number: int = 1) -> None:
        """Wait until that happened so often."""
        await self._until(lambda: len(self.happened(kind)) >= number)

    async def until_now(self, status: str, part: str = "") -> None:
        """Wait until this is what was reported last."""
        await self._until(
            lambda: self.reports and self.reports[-1][0] == status and part in self.reports[-1][1]
        )


@asynccontextmanager
async def listening(
    service: TwitchService,
    data_dir: Path,
    *,
    roles: Sequence[Role] = ("streamer", "bot"),
    patience: dict[str, Any] | None = None,
    **options: Any,
) -> AsyncIterator[Listener]:
    """Somebody who listens until the end of the block."""
    for role in roles:
        sign_in(service, data_dir, role)
    listener = Listener()
    surroundings = Surroundings(base_dir=data_dir, data_dir=data_dir, report=listener.report)
    chosen: dict[str, Any] = {"channel": "wren", "overlap_s": 0.1, "poll_s": 5, **service.urls}
    chosen["patience"] = SOON | (patience or {})
    async with start(Options.model_validate(chosen | options), surroundings) as source:
        listener.channel = cast("TwitchChannel", source)
        listener.task = asyncio.create_task(source.run(listener.emit), name="listener")
        try:
            yield listener
        finally:
            listener.task.cancel()
            await asyncio.gather(listener.task, return_exceptions=True)
