"""One WebSocket to EventSub, from its welcome to its end: twitchio carries it, we watch it.

What twitchio does by itself when something breaks loses subscriptions in silence, so it does
nothing by itself here: it says that the connection is lost, or wanted elsewhere, and is replaced.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from twitchio.eventsub.websockets import Websocket
from twitchio.exceptions import WebsocketConnectionException

from pickled.errors import TwitchError

ASKED_KEEPALIVE_S = 10
"""The shortest silence that Twitch offers between two signs of life."""

_CODES = {
    4000: "an error of its own",
    4001: "it says that we have sent something",
    4002: "it says that we did not answer its ping",
    4003: "nothing was subscribed in time",
    4004: "we did not connect elsewhere in time",
    4005: "a network error",
    4006: "a network error",
    4007: "the address to go to was not valid",
}


@dataclass(frozen=True, slots=True)
class Notification:
    """Something that Twitch tells; nothing in `event` is trusted."""

    id: str
    """The same one may come twice."""
    type: str
    event: dict[str, Any]


class Session:
    """A connection; made for one use."""

    def __init__(self, take: Callable[[Notification], None]) -> None:
        loop = asyncio.get_running_loop()
        self.id = ""
        self.lost: asyncio.Future[str] = loop.create_future()
        """Done, with the reason, when it is of no use any more."""
        self.moving: asyncio.Future[str] = loop.create_future()
        """Done when Twitch wants us at that address; this one goes on meanwhile."""
        self.revoked: asyncio.Queue[tuple[str, str]] = asyncio.Queue(100)
        """Type and status of subscriptions that were taken away."""
        self.malformed = 0
        """Messages that could not be read."""
        self._take = take
        self._socket = _Socket(self)
        self._watching: asyncio.Task[None] | None = None

    async def open(self, url: str, *, connect_s: float, slack_s: float) -> None:
        """Connect and be welcomed; raises TwitchError.

        It is lost after a silence that is `slack_s` longer than Twitch promised in its welcome.
        """
        try:
            async with asyncio.timeout(connect_s):
                await self._socket.connect(url=url, fail_once=True)
        except TimeoutError as error:
            raise TwitchError(f"EventSub does not greet us within {connect_s:g} s") from error
        except WebsocketConnectionException as error:
            raise TwitchError(f"EventSub can't be reached: {_why(error)}") from error
        self._socket.watch_reader()
        if self.lost.done():
            raise TwitchError(self.lost.result())
        self._watching = asyncio.create_task(self._watch(slack_s), name="watch EventSub")

    async def close(self) -> None:
        """Hang up, and wait no longer than a second for the other side."""
        self.end("closed")
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._socket.hang_up()

    def end(self, why: str) -> None:
        """It is of no use any more."""
        if not self.lost.done():
            self.lost.set_result(why)

    def notified(self, data: Any) -> None:
        """A message with something that happened."""
        try:
            metadata, event = data["metadata"], data["payload"]["event"]
            found = (metadata["message_id"], metadata["subscription_type"])
            if not (isinstance(event, dict) and all(isinstance(each, str) for each in found)):
                raise TypeError
        except (KeyError, TypeError):
            self.malformed += 1
            return
        self._take(Notification(*found, event))

    def takes_back(self, data: Any) -> None:
        """A message that a subscription is no more."""
        try:
            subscription = data["payload"]["subscription"]
            told = (str(subscription["type"])[:100], str(subscription["status"])[:100])
        except (KeyError, TypeError):
            self.malformed += 1
            return
        with suppress(asyncio.QueueFull):
            self.revoked.put_nowait(told)

    def moves(self, data: Any) -> None:
        """A message that we are wanted elsewhere."""
        try:
            url = data["payload"]["session"]["reconnect_url"]
        except (KeyError, TypeError):
            url = None
        if not isinstance(url, str) or not url.startswith(("ws://", "wss://")):
            self.malformed += 1
            self.end("it wants us elsewhere, and does not say where")
        elif not self.moving.done():
            self.moving.set_result(url)

    async def _watch(self, slack_s: float) -> None:
        loop = asyncio.get_running_loop()
        heard, heard_at = self._socket.heard, loop.time()
        patience = self._socket.promised_s + slack_s
        while not self.lost.done():
            await asyncio.sleep(min(1.0, patience / 4))
            if self._socket.heard is not heard:
                heard, heard_at = self._socket.heard, loop.time()
            elif loop.time() - heard_at > patience:
                self.end("EventSub has fallen silent")


class _Socket(Websocket):
    """twitchio's connection, that says what happens instead of mending it."""

    def __init__(self, session: Session) -> None:
        # It makes subscriptions again by its http client, which is none of its business here.
        http = cast("Any", None)
        super().__init__(
            keep_alive_timeout=ASKED_KEEPALIVE_S,
            reconnect_attempts=None,
            token_for="-",  # noqa: S106  # nobody's: it makes no calls
            http=http,
        )
        self._session = session
        self.promised_s = float(ASKED_KEEPALIVE_S)

    @property
    def heard(self) -> object:
        """Another object after each message."""
        return self._last_keepalive

    def watch_reader(self) -> None:
        """Notice when the task that reads ends in a way that nobody foresaw."""
        if self._listen_task is None:
            self._session.end("EventSub hung up at once")
        else:
            self._listen_task.add_done_callback(self._read_over)

    async def hang_up(self) -> None:
        reader = self._listen_task
        with suppress(TimeoutError, aiohttp.ClientError, OSError):
            async with asyncio.timeout(1.0):
                await self.close()
        for task in (reader, self._keep_alive_task):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def close(self, cleanup: bool = True, *, reassociate: bool = True) -> None:
        self._session.end(self._why_closed())
        await super().close(cleanup, reassociate=reassociate)

    async def _create_connection_task(self) -> None:
        self._session.end(self._why_closed())

    async def _process_welcome(self, data: Any) -> None:
        session = data["payload"]["session"]
        self._session.id = str(session["id"])
        promised = session.get("keepalive_timeout_seconds")
        if isinstance(promised, int | float) and 0 < promised <= 600:
            self.promised_s = float(promised)
        await super()._process_welcome(data)

    async def _process_notification(self, data: Any) -> None:
        self._session.notified(data)

    async def _process_reconnect(self, data: Any) -> None:
        self._session.moves(data)

    async def _process_revocation(self, data: Any) -> None:
        self._session.takes_back(data)

    def _why_closed(self) -> str:
        code = self._socket.close_code if self._socket is not None else None
        meaning = _CODES.get(code or 0, "the connection was cut")
        return f"EventSub hung up: {meaning} ({code})" if code else f"EventSub: {meaning}"

    def _read_over(self, reader: asyncio.Task[None]) -> None:
        if not reader.cancelled() and reader.exception() is not None:
            self._session.malformed += 1
            self._session.end("EventSub sent what nobody can read")
        self._session.end(self._why_closed())


def _why(error: BaseException) -> str:
    cause = error.__cause__
    if isinstance(cause, aiohttp.WSServerHandshakeError):
        return f"it answers {cause.status}"
    return type(cause).__name__ if cause is not None else "it hung up"
