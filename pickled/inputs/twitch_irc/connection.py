"""One WebSocket to Twitch's chat, from its greeting to its end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Literal

import aiohttp
from pydantic import BaseModel, ConfigDict, Field

from pickled.errors import SourceError
from pickled.inputs.twitch_irc.lines import LONGEST_LINE, IrcMessage, LineSplitter, parse_line

_LARGEST_FRAME = 16 * LONGEST_LINE
_LINES_AT_ONCE = 20
"""After so many lines others get their turn on the loop."""

_NO_SUCH_CHANNEL = frozenset({"msg_channel_suspended", "msg_room_not_found", "tos_ban"})
CHAT = frozenset({"PRIVMSG", "USERNOTICE", "CLEARCHAT", "CLEARMSG"})
"""What is chat, or about it."""
_JOINED = frozenset({"ROOMSTATE", "366"})
_Phase = Literal["welcome", "join", "listening", "asking"]
_Socket = aiohttp.ClientWebSocketResponse[bool]


class Timeouts(BaseModel):
    """How long the server may take, in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect_s: float = Field(default=5.0, gt=0, le=60)
    welcome_s: float = Field(default=5.0, gt=0, le=60)
    """From the connection to its greeting."""
    join_s: float = Field(default=8.0, gt=0, le=60)
    """From the greeting until the channel's state comes."""
    idle_s: float = Field(default=30.0, gt=0, le=600)
    """Silence after which we ask whether it still lives."""
    pong_s: float = Field(default=10.0, gt=0, le=60)
    """Silence after that question: the connection is dead."""


class IrcConnection:
    """Reads one channel without an account; made for one use."""

    def __init__(
        self,
        *,
        url: str,
        channel: str,
        timeouts: Timeouts,
        take: Callable[[IrcMessage], None],
        hold: Callable[[str], bool] = lambda _line: False,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.joined: asyncio.Future[None] = loop.create_future()
        """Done when the channel is being read."""
        self.leaving: asyncio.Future[None] = loop.create_future()
        """Done when the server asks us to open another connection; this one goes on meanwhile."""
        self.refused = False
        """Did the server answer that it doesn't want us (4xx)?"""
        self._url = url
        self._channel = channel
        self._timeouts = timeouts
        self._take = take
        self._hold = hold
        """Is given what may be chat, before it is taken apart; True: it is kept for later."""
        self._notice = ""
        self._phase: _Phase = "welcome"
        self._deadline = 0.0

    async def run(self, session: aiohttp.ClientSession) -> None:
        """Read until the server hangs up after having asked us to leave.

        Raises SourceError when the connection is lost or refused.
        """
        socket = await self._connect(session)
        try:
            await self._send(socket, "CAP REQ :twitch.tv/tags twitch.tv/commands")
            await self._send(socket, f"NICK justinfan{random.randint(10_000, 99_999)}")
            await self._send(socket, f"JOIN #{self._channel}")
            self._expect("welcome", self._timeouts.welcome_s)
            await self._read(socket)
        finally:
            await socket.close()

    async def _connect(self, session: aiohttp.ClientSession) -> _Socket:
        try:
            async with asyncio.timeout(self._timeouts.connect_s):
                return await session.ws_connect(
                    self._url,
                    timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
                    max_msg_size=_LARGEST_FRAME,
                    decode_text=False,
                )
        except TimeoutError as error:
            raise SourceError(
                f"{self._url} did not answer within {self._timeouts.connect_s:g} s"
            ) from error
        except aiohttp.WSServerHandshakeError as error:
            self.refused = 400 <= error.status < 500
            raise SourceError(f"{self._url} answers {error.status} {error.message}") from error
        except (aiohttp.ClientError, OSError) as error:
            raise SourceError(f"{self._url} can't be reached: {error}") from error

    async def _read(self, socket: _Socket) -> None:
        splitter = LineSplitter()
        count = 0
        while (data := await self._frame(socket)) is not None:
            for line in splitter.feed(data):
                kept = line.startswith("@") and self.joined.done() and self._hold(line)
                message = None if kept else parse_line(line)
                if message is not None:
                    await self._obey(socket, message)
                count += 1
                if count % _LINES_AT_ONCE == 0:
                    await asyncio.sleep(0)

    async def _frame(self, socket: _Socket) -> bytes | None:
        """The next frame's content; None after an announced end."""
        while True:
            try:
                async with asyncio.timeout_at(self._deadline):
                    frame = await socket.receive()
            except TimeoutError:
                await self._overdue(socket)
                continue
            if frame.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
                if self.leaving.done():
                    return None
                raise SourceError(f"the connection was closed (code {socket.close_code})")
            if self._phase in {"listening", "asking"}:
                self._expect("listening", self._timeouts.idle_s)
            data: bytes = frame.data
            return data

    async def _overdue(self, socket: _Socket) -> None:
        said = f" (it said: {self._notice})" if self._notice else ""
        match self._phase:
            case "listening":
                await self._send(socket, "PING :pickled")
                self._expect("asking", self._timeouts.pong_s)
            case "asking":
                raise SourceError("the server has fallen silent")
            case "welcome":
                raise SourceError(f"the server does not greet us{said}")
            case "join":
                raise SourceError(
                    f"the server does not let us into #{self._channel}; most often there is no "
                    f"such channel: check the name in `channel`{said}"
                )

    async def _obey(self, socket: _Socket, message: IrcMessage) -> None:
        match message.command:
            case command if command in CHAT:
                self._take(message)
            case "PING":
                await self._send(socket, f"PONG :{''.join(message.params[-1:])}")
            case "001" if self._phase == "welcome":
                self._expect("join", self._timeouts.join_s)
            case command if command in _JOINED and self._phase == "join":
                self._expect("listening", self._timeouts.idle_s)
                self.joined.set_result(None)
            case "RECONNECT" if not self.leaving.done():
                self.leaving.set_result(None)
            case "NOTICE":
                self._heed(message)
            case "CAP" if "NAK" in message.params:
                raise SourceError("the server has no tags for us; check `irc_url`", permanent=True)

    def _heed(self, message: IrcMessage) -> None:
        shown = "".join(each if each.isprintable() else " " for each in message.text[:200])
        self._notice = shown
        if message.tags.get("msg-id") in _NO_SUCH_CHANNEL:
            raise SourceError(
                f"Twitch has no channel #{self._channel}, or has suspended it; check the name in "
                f"`channel` (it said: {shown})",
                permanent=True,
            )

    async def _send(self, socket: _Socket, line: str) -> None:
        try:
            async with asyncio.timeout(self._timeouts.pong_s):
                await socket.send_str(line + "\r\n")
        except (TimeoutError, ConnectionError, aiohttp.ClientError) as error:
            raise SourceError("the connection takes nothing any more") from error

    def _expect(self, phase: _Phase, seconds: float) -> None:
        self._phase = phase
        self._deadline = asyncio.get_running_loop().time() + seconds
