"""Anonymous chat against a strict server: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import tracemalloc

import aiohttp
import pytest
from pydantic import ValidationError

from pickled.config import PartConfig
from pickled.errors import ConfigError
from pickled.inputs.twitch_anonymous import Options
from pickled.messages.chat import ChatDeleted, ChatMessage
from pickled.messages.events import Event
from pickled.messages.stream import StreamEvent
from pickled.plugins import find
from tests.inputs.reading import reading
from tests.stand_ins.twitch_irc import TwitchIrc, badly, line, privmsg, twitch_irc


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
