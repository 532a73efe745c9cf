"""Anonymous chat stays connected: back by itself, without a gap, and it says what is wrong."""

from __future__ import annotations

import asyncio

import pytest

from pickled.errors import SourceError
from tests.inputs.reading import reading
from tests.stand_ins.twitch_irc import TwitchIrc, privmsg, twitch_irc

RECONNECT = ":tmi.twitch.tv RECONNECT"


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


@pytest.mark.alone
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


@pytest.mark.alone
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
