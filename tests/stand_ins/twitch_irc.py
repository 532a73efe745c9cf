"""A stand-in for Twitch's IRC over WebSocket: strict about the order, scripted in its faults."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from itertools import count

from aiohttp import WSMsgType, web

Cut = Callable[[bytes], list[bytes]]
_NICK = re.compile(r"NICK justinfan[0-9]{5}")
_TAGS = "CAP REQ :twitch.tv/tags twitch.tv/commands"
_ids = count(1)


def escape(value: str) -> str:
    r"""A tag's value as it is written: a space is `\s`."""
    for plain, written in (("\\", r"\\"), (";", r"\:"), (" ", r"\s"), ("\r", r"\r"), ("\n", r"\n")):
        value = value.replace(plain, written)
    return value


def line(command: str, channel: str, text: str | None = None, **tags: str) -> str:
    """A line as Twitch writes it; underscores in the names of tags stand for hyphens."""
    pairs = {"room-id": "1000", "tmi-sent-ts": str(1_780_000_000_000 + next(_ids))}
    pairs |= {name.replace("_", "-"): value for name, value in tags.items()}
    written = ";".join(f"{name}={escape(value)}" for name, value in pairs.items())
    sender = ":tmi.twitch.tv"
    if command == "PRIVMSG":
        login = tags.get("login", "ann")
        sender = f":{login}!{login}@{login}.tmi.twitch.tv"
    tail = "" if text is None else f" :{text}"
    return f"@{written} {sender} {command} #{channel}{tail}"


def privmsg(text: str, *, channel: str = "wren", **tags: str) -> str:
    """A chat line with what Twitch always sends along."""
    number = str(next(_ids))
    usual = {
        "badge_info": "subscriber/14",
        "badges": "subscriber/12,premium/1",
        "color": "#1E90FF",
        "display_name": "Ann",
        "emotes": "",
        "first_msg": "0",
        "id": f"00000000-0000-4000-8000-{number:0>12}",
        "mod": "0",
        "user_id": "7",
        "user_type": "",
    }
    return line("PRIVMSG", channel, text, **usual | tags)


def badly(seed: int = 1) -> Cut:
    """Cuts what is sent anywhere, also within a character, and glues lines together."""
    dice = random.Random(seed)

    def cut(data: bytes) -> list[bytes]:
        places = sorted(dice.randrange(len(data) + 1) for _ in range(dice.randrange(4)))
        return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]

    return cut


class Viewer:
    """One connection, as the server sees it."""

    def __init__(self, socket: web.WebSocketResponse, cut: Cut) -> None:
        self.socket = socket
        self.pongs: asyncio.Queue[str] = asyncio.Queue()
        self.pinged = asyncio.Event()
        self.greeted = False
        self.tagged = False
        self._cut = cut

    async def send(self, *lines: str) -> None:
        """Send these lines, in as many frames as the cut makes of them."""
        data = "".join(f"{each}\r\n" for each in lines).encode()
        for piece in self._cut(data):
            await self.socket.send_frame(piece, WSMsgType.TEXT)

    async def drop(self) -> None:
        """Tear the connection down without a word."""
        transport = self.socket._req.transport if self.socket._req else None
        if transport is not None:
            transport.abort()


class TwitchIrc:
    """Knows some channels; what is said is sent to everybody who has joined."""

    def __init__(self) -> None:
        self.url = ""
        self.channels = {"wren"}
        self.suspended: set[str] = set()
        self.viewers: list[Viewer] = []
        """Those who have joined and are still there, oldest first."""
        self.complaints: list[str] = []
        """What a client did wrong."""
        self.handshakes = 0
        self.refusing: int | None = None
        """A status: connections are refused with it."""
        self.greets = True
        self.answers_pings = True
        self.has_tags = True
        self.cut: Cut = lambda data: [data]
        self.changed = asyncio.Condition()

    async def until(self, test: Callable[[], bool], *, within_s: float = 10.0) -> None:
        """Wait until that is so; it is looked at whenever somebody comes or goes."""
        async with asyncio.timeout(within_s), self.changed:
            await self.changed.wait_for(test)

    async def joined(self, number: int = 1, *, within_s: float = 10.0) -> Viewer:
        """Wait until that many are there; the newest one."""
        await self.until(lambda: len(self.viewers) == number, within_s=within_s)
        return self.viewers[-1]

    async def say(self, *lines: str) -> None:
        """Send these lines to everybody."""
        for viewer in tuple(self.viewers):
            await viewer.send(*lines)

    async def flood(self, lines: Iterable[str], *, per_second: int) -> None:
        """Send these lines at that rate, in bursts of a twentieth of a second."""
        burst: list[str] = []
        for each in lines:
            burst.append(each)
            if len(burst) * 20 >= per_second:
                await self.say(*burst)
                burst.clear()
                await asyncio.sleep(0.05)
        if burst:
            await self.say(*burst)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.handshakes += 1
        await self._tell()
        if self.refusing is not None:
            return web.Response(status=self.refusing)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        viewer = Viewer(socket, self.cut)
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    for each in frame.data.split("\r\n")[:-1]:
                        await self._obey(viewer, each)
        except ConnectionError:
            pass  # a client may go at any moment
        finally:
            if viewer in self.viewers:
                self.viewers.remove(viewer)
            await self._tell()
        return socket

    async def _obey(self, viewer: Viewer, said: str) -> None:
        match said.split(" ", 1):
            case ["CAP", _] if said == _TAGS and not viewer.greeted:
                viewer.tagged = True
                answer = "ACK" if self.has_tags else "NAK"
                await viewer.send(f":tmi.twitch.tv CAP * {answer} :{_TAGS.partition(':')[2]}")
            case ["NICK", _] if _NICK.fullmatch(said) and viewer.tagged and not viewer.greeted:
                viewer.greeted = True
                if self.greets:
                    await self._greet(viewer, said.split(" ")[1])
            case ["JOIN", channel] if viewer.greeted and viewer not in self.viewers:
                if self.greets:
                    await self._join(viewer, channel.removeprefix("#"))
            case ["PING", text] if viewer in self.viewers:
                viewer.pinged.set()
                if self.answers_pings:
                    await viewer.send(f":tmi.twitch.tv PONG tmi.twitch.tv {text}")
            case ["PONG", text] if viewer in self.viewers:
                viewer.pongs.put_nowait(text)
            case _:
                self.complaints.append(said)
                await viewer.socket.close()

    async def _greet(self, viewer: Viewer, nick: str) -> None:
        texts = {
            "001": "Welcome, GLHF!",
            "002": "Your host is tmi.twitch.tv",
            "003": "This server is rather new",
            "004": "-",
            "375": "-",
            "372": "You are in a maze of twisty passages, all alike.",
            "376": ">",
        }
        await viewer.send(*(f":tmi.twitch.tv {each} {nick} :{texts[each]}" for each in texts))

    async def _join(self, viewer: Viewer, channel: str) -> None:
        if channel in self.suspended:
            text = "This channel does not exist or has been suspended."
            await viewer.send(
                f"@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #{channel} :{text}"
            )
        elif channel in self.channels:
            nick = "justinfan12345"
            await viewer.send(
                f":{nick}!{nick}@{nick}.tmi.twitch.tv JOIN #{channel}",
                f":{nick}.tmi.twitch.tv 353 {nick} = #{channel} :{nick}",
                f":{nick}.tmi.twitch.tv 366 {nick} #{channel} :End of /NAMES list",
                line("ROOMSTATE", channel, emote_only="0", slow="0"),
            )
            self.viewers.append(viewer)
            await self._tell()

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


@asynccontextmanager
async def twitch_irc() -> AsyncIterator[TwitchIrc]:
    """A server on a free port of this machine."""
    irc = TwitchIrc()
    application = web.Application()
    application.router.add_get("/", irc._handle)
    runner = web.AppRunner(application, shutdown_timeout=0.3)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        irc.url = f"ws://{host}:{port}"
        yield irc
    finally:
        await runner.cleanup()
