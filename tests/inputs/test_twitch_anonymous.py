"""Anonymous chat against a strict server: nothing lost, nothing doubled, back by itself."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from pydantic import ValidationError

from pickled.config import PartConfig
from pickled.errors import ConfigError, SourceError
from pickled.inputs import Emit
from pickled.inputs.twitch_anonymous import AnonymousChat, Options, start
from pickled.messages.chat import ChatDeleted, ChatMessage
from pickled.messages.events import Event
from pickled.messages.state import Status
from pickled.messages.stream import StreamEvent
from pickled.plugins import Surroundings, find
from tests.stand_ins.twitch_irc import TwitchIrc, badly, line, privmsg, twitch_irc

RECONNECT = ":tmi.twitch.tv RECONNECT"


@pytest.fixture
async def irc() -> AsyncIterator[TwitchIrc]:
    """A server that knows the channel `wren`, and that nobody may have annoyed in the end."""
    async with twitch_irc() as server:
        yield server
        assert server.complaints == []


class Reader:
    """The source while it runs, and all that it gave."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.reports: list[tuple[Status, str]] = []
        self.changed = asyncio.Event()
        self.source: AnonymousChat
        self.task: asyncio.Task[None]

    def emit(self, event: Event) -> None:
        """Take an event."""
        self.events.append(event)
        self.changed.set()

    def report(self, status: Status, detail: str) -> None:
        """Take a report."""
        self.reports.append((status, detail))
        self.changed.set()

    @property
    def texts(self) -> list[str]:
        """What was written, in the order in which it came."""
        return [each.text for each in self.events if isinstance(each, ChatMessage)]

    async def until_text(self, text: str) -> None:
        """Wait until this was written."""
        await self._until(lambda: text in self.texts)

    async def until_report(self, status: Status, part: str = "") -> None:
        """Wait until it reported this."""
        await self._until(lambda: any(s == status and part in d for s, d in self.reports))

    async def until_statuses(self, *statuses: Status) -> None:
        """Wait until it reported exactly these, one after the other."""
        await self._until(lambda: tuple(status for status, _ in self.reports) == statuses)

    async def _until(self, test: Any) -> None:
        async with asyncio.timeout(10):
            while not test():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def reading(
    irc: TwitchIrc, *, receive: Emit | None = None, **options: Any
) -> AsyncIterator[Reader]:
    """Somebody who reads the channel until the end of the block."""
    reader = Reader()
    surroundings = Surroundings(base_dir=Path(), data_dir=Path(), report=reader.report)
    chosen = Options.model_validate({"channel": "wren", "irc_url": irc.url, **options})
    async with start(chosen, surroundings) as source:
        reader.source = cast("AnonymousChat", source)
        reader.task = asyncio.create_task(source.run(receive or reader.emit), name="reader")
        try:
            yield reader
        finally:
            reader.task.cancel()
            await asyncio.gather(reader.task, return_exceptions=True)


async def test_read_real_looking_lines(irc: TwitchIrc) -> None:
    """Chat, a raid, a deletion come out as events, at once and in order."""
    async with reading(irc) as reader:
        await irc.joined()
        await irc.say(
            privmsg("hello", id="m1"),
            line(
                "USERNOTICE", "wren", id="n1", msg_id="raid", login="bob", msg_param_viewerCount="9"
            ),
            line("CLEARMSG", "wren", "hello", login="ann", target_msg_id="m1"),
            privmsg("bye"),
        )
        await reader.until_text("bye")
        await reader.until_statuses("up")
    kinds = [type(each) for each in reader.events]
    assert kinds == [ChatMessage, StreamEvent, ChatDeleted, ChatMessage]
    assert reader.reports == [("up", "reading #wren")]
    assert all(each.ts.tzinfo is not None for each in reader.events)


async def test_read_badly_split(irc: TwitchIrc) -> None:
    """Frames that end anywhere, also within a character, lose and change nothing."""
    irc.cut = badly()
    texts = [f"{number} é 🥟 ここ" for number in range(300)]
    async with reading(irc) as reader:
        await irc.joined()
        for start_at in range(0, 300, 3):
            await irc.say(*(privmsg(each) for each in texts[start_at : start_at + 3]))
        await reader.until_text(texts[-1])
    assert reader.texts == texts


async def test_read_hostile_frames(irc: TwitchIrc) -> None:
    """Garbage, bytes that are no text, and binary frames end nothing."""
    async with reading(irc) as reader:
        viewer = await irc.joined()
        await viewer.socket.send_bytes(b"\x00\xff\n" + privmsg("binary").encode() + b"\n")
        await viewer.send("@", ":::", "@id= PRIVMSG", "PRIVMSG #wren", "CLEARMSG #wren :x", "")
        await viewer.send("PING", "366 again", "001 again", "PRIVMSG #other :x", "x" * 20_000)
        await viewer.send(privmsg("after"))
        await reader.until_text("after")
    assert reader.texts == ["binary", "after"]
    assert irc.handshakes == 1


async def test_read_same_line_twice(irc: TwitchIrc) -> None:
    """A line that comes twice is one event."""
    twice = privmsg("once")
    cleared = line("CLEARCHAT", "wren")
    async with reading(irc) as reader:
        await irc.joined()
        await irc.say(twice, twice, cleared, cleared, privmsg("end"))
        await reader.until_text("end")
    assert len(reader.events) == 3
    assert reader.source.left_out == {"duplicate": 2}


async def test_read_deleted_before_it_came(irc: TwitchIrc) -> None:
    """A message whose deletion was faster on another connection doesn't come any more."""
    async with reading(irc) as reader:
        await irc.joined()
        await irc.say(line("CLEARMSG", "wren", "bad", target_msg_id="m1"), privmsg("bad", id="m1"))
        await irc.say(privmsg("end"))
        await reader.until_text("end")
    assert reader.texts == ["end"]


async def test_read_shared_chat(irc: TwitchIrc) -> None:
    """What is written in a partner's channel is left out and counted."""
    async with reading(irc) as reader:
        await irc.joined()
        await irc.say(privmsg("theirs", source_room_id="2000"), privmsg("ours"))
        await reader.until_text("ours")
    assert reader.texts == ["ours"]
    assert reader.source.left_out == {"shared_chat": 1}


async def test_read_community_gift(irc: TwitchIrc) -> None:
    """Five gifts at once are one event of five, not six events; a single gift is one of one."""

    def gift(number: int, kind: str, origin: str) -> str:
        return line(
            "USERNOTICE",
            "wren",
            id=f"g{number}",
            msg_id=kind,
            login="bob",
            msg_param_mass_gift_count="5",
            msg_param_origin_id=origin,
        )

    async with reading(irc) as reader:
        await irc.joined()
        await irc.say(gift(0, "submysterygift", "a"))
        await irc.say(*(gift(number, "subgift", "a") for number in range(1, 6)))
        await irc.say(gift(6, "subgift", "b"), privmsg("end"))
        await reader.until_text("end")
    amounts = [each.amount for each in reader.events if isinstance(each, StreamEvent)]
    assert amounts == [5, 1]
    assert reader.source.left_out == {"part_of_gift": 5}


async def test_ping_answered(irc: TwitchIrc) -> None:
    """The server's question for a sign of life is answered with its own words."""
    async with reading(irc):
        viewer = await irc.joined()
        await viewer.send("PING :tmi.twitch.tv")
        async with asyncio.timeout(10):
            assert await viewer.pongs.get() == ":tmi.twitch.tv"


async def test_silence_asked(irc: TwitchIrc) -> None:
    """A quiet channel's server is asked whether it lives, and kept when it says so."""
    async with reading(irc, timeouts={"idle_s": 0.1, "pong_s": 5}) as reader:
        viewer = await irc.joined()
        for _ in range(3):
            async with asyncio.timeout(10):
                await viewer.pinged.wait()
            viewer.pinged.clear()
        await irc.say(privmsg("still here"))
        await reader.until_text("still here")
    assert irc.handshakes == 1


async def test_silence_dead(irc: TwitchIrc) -> None:
    """A server that doesn't answer that question is left, and another connection made."""
    irc.answers_pings = False
    async with reading(irc, timeouts={"idle_s": 0.2, "pong_s": 0.2}) as reader:
        await irc.joined()
        await reader.until_report("down", "silent")
        irc.answers_pings = True
        await irc.until(lambda: irc.handshakes >= 2 and bool(irc.viewers))
        await irc.say(privmsg("again"))
        await reader.until_text("again")


async def test_dropped(irc: TwitchIrc) -> None:
    """After a torn connection it is back within five seconds, and says so."""
    async with reading(irc) as reader:
        viewer = await irc.joined()
        await irc.say(privmsg("before"))
        await reader.until_text("before")
        await viewer.drop()
        await irc.until(lambda: irc.handshakes == 2 and bool(irc.viewers), within_s=5)
        await irc.say(privmsg("after"))
        await reader.until_text("after")
        await reader.until_statuses("up", "down", "up")
    assert reader.texts == ["before", "after"]


async def test_refused_for_a_while(irc: TwitchIrc) -> None:
    """However long the server was away, it is back within five seconds of its return."""
    irc.refusing = 503
    async with reading(irc) as reader:
        await irc.until(lambda: irc.handshakes >= 4, within_s=20)
        await reader.until_report("down", "503")
        irc.refusing = None
        await irc.joined(within_s=5)
        await reader.until_report("up")


async def test_refused_for_good(irc: TwitchIrc) -> None:
    """Who is told to stay away (4xx) asks less and less often; others soon."""
    async with reading(irc) as reader:
        await irc.joined()
        pause = reader.source._pause_s
        soon = [pause(number, refused=False) for number in range(50)]
        late = [pause(number, refused=True) for number in range(50)]
    assert max(soon) <= 3
    assert 3 < max(late) <= 60
    irc.refusing = 403
    async with reading(irc) as reader:
        await reader.until_report("down", "403")


async def test_reconnect(irc: TwitchIrc) -> None:
    """Told to reconnect, it reads both connections until the old one ends: no gap, no double."""
    async with reading(irc) as reader:
        old = await irc.joined()
        await irc.say(privmsg("0"))
        await old.send(RECONNECT)
        sent = 1
        while len(irc.viewers) < 2:
            await irc.say(privmsg(str(sent)))
            sent += 1
            await asyncio.sleep(0.002)
        for _ in range(20):
            await irc.say(privmsg(str(sent)))
            sent += 1
        await old.socket.close()
        await irc.joined(1)
        for _ in range(20):
            await irc.say(privmsg(str(sent)))
            sent += 1
        await reader.until_text(str(sent - 1))
    assert sorted(map(int, reader.texts)) == list(range(sent))
    assert irc.handshakes == 2
    assert {status for status, _ in reader.reports} == {"up"}


async def test_reconnect_while_unreachable(irc: TwitchIrc) -> None:
    """While no new connection can be had, the old one is still read."""
    async with reading(irc) as reader:
        old = await irc.joined()
        irc.refusing = 503
        await old.send(RECONNECT)
        await reader.until_report("degraded")
        await old.send(privmsg("from the old one"))
        await reader.until_text("from the old one")
        irc.refusing = None
        await irc.joined(2)


async def test_reconnect_old_one_stays(irc: TwitchIrc) -> None:
    """An old connection that the server forgets to close is closed by us."""
    async with reading(irc, drain_s=0.1):
        old = await irc.joined()
        await old.send(RECONNECT)
        await irc.joined(2)
        assert await irc.joined(1) is not old


async def test_reconnect_again_and_again(irc: TwitchIrc) -> None:
    """A server that sends everybody away at once gets ever rarer calls and two at most."""
    async with reading(irc) as reader:
        for number in range(1, 5):
            viewer = await irc.joined(min(number, 2))
            await viewer.send(RECONNECT)
            await irc.until(lambda: irc.handshakes > number)  # noqa: B023
        await irc.until(lambda: len(irc.viewers) == 2 and irc.handshakes == 5)
        await irc.say(privmsg("once"))
        await reader.until_text("once")
    assert reader.texts == ["once"]


async def test_flood(irc: TwitchIrc) -> None:
    """300 messages a second for three seconds: each arrives once, and memory stays bounded."""
    texts = [f"{number} raid raid 🥟" for number in range(900)]
    irc.cut = badly()
    async with reading(irc) as reader:
        await irc.joined()
        await irc.flood((privmsg(each) for each in texts), per_second=300)
        await reader.until_text(texts[-1])
    assert reader.texts == texts


async def test_flood_memory(irc: TwitchIrc) -> None:
    """What is kept of past messages doesn't grow with their number."""
    async with reading(irc) as reader:
        await irc.joined()

        async def send(count: int) -> int:
            for _ in range(count // 50):
                await irc.say(*(privmsg("x" * 200) for _ in range(50)))
            await irc.say(privmsg("end"))
            await reader.until_text("end")
            reader.events.clear()
            return tracemalloc.get_traced_memory()[0]

        tracemalloc.start()
        try:
            filled = await send(2500)
            after = await send(5000)
        finally:
            tracemalloc.stop()
    assert len(reader.source._seen._keys) == 2000
    assert after - filled < 500_000  # 5,000 messages hold more than a megabyte of text


async def test_suspended_channel(irc: TwitchIrc) -> None:
    """A channel that does not exist ends it for good, with the remedy."""
    irc.suspended.add("gone")
    async with reading(irc, channel="gone") as reader:
        with pytest.raises(SourceError, match="check the name in `channel`") as caught:
            async with asyncio.timeout(10):
                await reader.task
    assert caught.value.permanent


async def test_unknown_channel(irc: TwitchIrc) -> None:
    """A server that says nothing at all to the join is reported with the likely reason."""
    async with reading(irc, channel="nobody", timeouts={"join_s": 0.2}) as reader:
        await reader.until_report("down", "check the name in `channel`")
        irc.channels.add("nobody")
        await irc.joined()
        await reader.until_report("up")


async def test_no_welcome(irc: TwitchIrc) -> None:
    """A server that doesn't greet is left, and tried again."""
    irc.greets = False
    async with reading(irc, timeouts={"welcome_s": 0.2}) as reader:
        await reader.until_report("down", "does not greet")
        irc.greets = True
        await irc.joined()


async def test_no_tags(irc: TwitchIrc) -> None:
    """A server without tags is of no use: without them nothing could be deleted."""
    irc.has_tags = False
    async with reading(irc) as reader:
        with pytest.raises(SourceError, match="tags") as caught:
            async with asyncio.timeout(10):
                await reader.task
    assert caught.value.permanent


async def test_nobody_there() -> None:
    """A server that is not there is reported by its address."""
    async with twitch_irc() as server:
        pass
    async with reading(server) as reader:
        await reader.until_report("down", f"{server.url} can't be reached")


async def test_cancelled(irc: TwitchIrc) -> None:
    """Cancelling it closes the connection, on the server's side too."""
    async with reading(irc):
        await irc.joined()
    await irc.until(lambda: not irc.viewers)


async def test_failing_receiver(irc: TwitchIrc) -> None:
    """A receiver that fails is not taken for a lost connection: the failure comes out."""

    def fail(_: Event) -> None:
        raise ZeroDivisionError

    async with reading(irc, receive=fail) as reader:
        await irc.joined()
        await irc.say(privmsg("hi"))
        with pytest.raises(ZeroDivisionError):
            async with asyncio.timeout(10):
                await reader.task
    assert irc.handshakes == 1


@pytest.mark.parametrize("channel", ["wren", "#Wren", " WREN "])
def test_options_channel(channel: str) -> None:
    """The channel may be written as one sees it."""
    assert Options(channel=channel).channel == "wren"


@pytest.mark.parametrize("channel", ["", "a b", "wren\r\nQUIT", "#", "https://x.example/wren", "é"])
def test_options_wrong_channel(channel: str) -> None:
    """What is no login is refused."""
    with pytest.raises(ValidationError):
        Options(channel=channel)


def test_options_found_as_kind() -> None:
    """It is found by its kind, and its options are checked there."""
    part = {"kind": "twitch_anonymous", "channel": "a"}
    found = find("inputs", PartConfig.model_validate(part))
    assert found.options == Options(channel="a")
    with pytest.raises(ConfigError, match="did you mean channel"):
        find("inputs", PartConfig.model_validate({**part, "chanel": "a"}))


async def test_stand_in_is_strict() -> None:
    """The server that these tests rely on refuses the wrong order, and any other word."""
    for words in (["JOIN #wren"], ["NICK justinfan12345"], ["PRIVMSG #wren :hi"]):
        async with (
            twitch_irc() as server,
            aiohttp.ClientSession() as session,
            session.ws_connect(server.url) as socket,
        ):
            for each in words:
                await socket.send_str(f"{each}\r\n")
            frame = await socket.receive(timeout=10)
            assert frame.type is aiohttp.WSMsgType.CLOSE
            assert server.complaints == words
