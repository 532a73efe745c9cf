"""Reads any Twitch channel's chat without an account: read only; no follows, points or ads."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

import aiohttp
from pydantic import BaseModel, ConfigDict, Field, field_validator

from pickled.back_off import BackOff
from pickled.errors import SourceError
from pickled.inputs import Emit, Source
from pickled.inputs.twitch_irc.connection import CHAT, IrcConnection, Timeouts
from pickled.inputs.twitch_irc.events import (
    gift_of,
    is_from_partner,
    is_gift_announcement,
    keys,
    to_events,
)
from pickled.inputs.twitch_irc.lines import IrcMessage, parse_line
from pickled.inputs.twitch_irc.standby import Standby
from pickled.plugins import Surroundings
from pickled.recent import Seen

_REMEMBERED = 2000
"""Lines that are known again when they come twice."""
_PAUSE_WHEN_REFUSED_S = 60.0
_AT_ONCE = 20
"""After so many lines others get their turn on the loop."""


class Options(BaseModel):
    """Which channel, and how patient."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str = Field(pattern=r"^[a-z0-9][a-z0-9_]{0,24}$")
    """The login: what follows twitch.tv/ in the address."""
    irc_url: str = Field(default="wss://irc-ws.chat.twitch.tv:443", pattern=r"^wss?://[^\s/@]+")
    timeouts: Timeouts = Timeouts()
    longest_pause_s: float = Field(default=3.0, gt=0, le=60)
    """Between two attempts to connect."""
    healthy_s: float = Field(default=30.0, gt=0)
    """A connection that lasted so long was a good one: the pauses start short again."""
    drain_s: float = Field(default=30.0, ge=0, le=120)
    """How long an old connection is still read after its successor took over."""

    @field_validator("channel", mode="before")
    @classmethod
    def _login(cls, value: object) -> object:
        return value.strip().removeprefix("#").lower() if isinstance(value, str) else value


@asynccontextmanager
async def start(options: Options, surroundings: Surroundings) -> AsyncIterator[Source]:
    """Ready to read; the connection is made, and made again, while it runs."""
    async with aiohttp.ClientSession() as session:
        yield AnonymousChat(options, surroundings, session)


class AnonymousChat:
    """The chat of one channel; connects again by itself, and gives up only when told to."""

    def __init__(
        self,
        options: Options,
        surroundings: Surroundings,
        session: aiohttp.ClientSession,
        *,
        standby: Standby | None = None,
        seen: Seen[str] | None = None,
    ) -> None:
        self.left_out: Counter[str] = Counter()
        """Lines that gave no event, by reason:
        `duplicate shared_chat part_of_gift other_channel meaningless`."""
        self._options = options
        self._report = surroundings.report
        self._session = session
        self._standby = standby if standby is not None else Standby()
        self._seen: Seen[str] = seen if seen is not None else Seen(_REMEMBERED)
        self._gifts: Seen[str] = Seen(_REMEMBERED)
        self._readers: list[asyncio.Task[None]] = []
        """The current connection last; before it at most one that is on its way out."""

    async def run(self, emit: Emit) -> None:
        """Emit what happens in chat until cancelled.

        Raises SourceError only when trying again can't help.
        """
        failures = 0
        try:
            while True:
                connection, reader = self._open(emit)
                lasted_s = await self._follow(connection, reader)
                failures = 0 if lasted_s >= self._options.healthy_s else failures + 1
                if failures or reader.done():
                    await asyncio.sleep(self._pause_s(failures, refused=connection.refused))
        finally:
            for each in self._readers:
                each.cancel()
            await asyncio.gather(*self._readers, return_exceptions=True)

    async def catch_up(self, emit: Emit) -> None:
        """Emit what was held back on standby, unless it is known; from now on nothing is."""
        count = 0
        while (line := self._standby.next()) is not None:
            message = parse_line(line)
            if message is not None and message.command in CHAT:
                self._take(message, emit=emit)
            count += 1
            if count % _AT_ONCE == 0:
                await asyncio.sleep(0)

    def _open(self, emit: Emit) -> tuple[IrcConnection, asyncio.Task[None]]:
        connection = IrcConnection(
            url=self._options.irc_url,
            channel=self._options.channel,
            timeouts=self._options.timeouts,
            take=partial(self._take, emit=emit),
            hold=self._standby.hold,
        )
        reader = asyncio.create_task(
            connection.run(self._session), name=f"twitch_anonymous #{self._options.channel}"
        )
        self._readers.append(reader)
        reader.add_done_callback(self._closed)
        for each in self._readers[:-2]:
            each.cancel()
        return connection, reader

    async def _follow(self, connection: IrcConnection, reader: asyncio.Task[None]) -> float:
        """Wait until another connection is needed; how long this one was good, in seconds."""
        loop = asyncio.get_running_loop()
        await asyncio.wait({reader, connection.joined}, return_when=asyncio.FIRST_COMPLETED)
        joined_at = loop.time()
        if connection.joined.done():
            self._report("up", f"reading #{self._options.channel}")
            for each in self._readers[:-1]:
                loop.call_later(self._options.drain_s, each.cancel)
            await asyncio.wait({reader, connection.leaving}, return_when=asyncio.FIRST_COMPLETED)
        if reader.done():
            try:
                await reader
            except SourceError as error:
                if error.permanent:
                    raise
                self._report("degraded" if self._readers else "down", f"{error}; trying again")
        return loop.time() - joined_at

    def _pause_s(self, failures: int, *, refused: bool) -> float:
        limit = _PAUSE_WHEN_REFUSED_S if refused else self._options.longest_pause_s
        return BackOff(cap_s=limit).wait(failures, random.random())

    def _closed(self, reader: asyncio.Task[None]) -> None:
        self._readers.remove(reader)
        error = None if reader.cancelled() else reader.exception()
        if error is not None and not isinstance(error, SourceError):
            raise error

    def _take(self, message: IrcMessage, *, emit: Emit) -> None:
        if reason := self._unwanted(message):
            self.left_out[reason] += 1
            return
        channel = self._options.channel
        events = to_events(message, ts=datetime.now(UTC), channel=channel)
        if not events:
            self.left_out["meaningless"] += 1
        for event in events:
            emit(event)

    def _unwanted(self, message: IrcMessage) -> str | None:
        if message.params[:1] != (f"#{self._options.channel}",):
            return "other_channel"
        if is_from_partner(message):
            return "shared_chat"
        if any(not self._seen.add(each) for each in keys(message)):
            return "duplicate"
        if message.command == "CLEARMSG":
            # On the slower of two connections the message itself may still be on its way.
            self._seen.add(message.tags.get("target-msg-id", ""))
        gift = gift_of(message)
        if gift and is_gift_announcement(message):
            self._gifts.add(gift)
        elif gift and gift in self._gifts:
            return "part_of_gift"
        return None
