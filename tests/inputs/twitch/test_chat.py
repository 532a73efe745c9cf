"""Chat for who has signed in: once each, ours never, and by the way that is there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pickled.errors import SourceError
from pickled.messages.chat import ChatDeleted, ChatMessage
from pickled.services.twitch.tokens import TokenFile
from tests.inputs.twitch.listening import listening, sign_in
from tests.stand_ins.twitch import BOT, STREAMER, TwitchService, payloads
from tests.stand_ins.twitch_irc import line

WREN, PICKLE = (STREAMER, "wren", "Wren"), (BOT, "picklebot", "PickleBot")


async def test_chat_comes_over_events(service: TwitchService, tmp_path: Path) -> None:
    """With both signed in: chat by the bot, the rest by the streamer; each line once."""
    async with listening(service, tmp_path) as listener:
        await service.irc.joined()
        await listener.until_now("up", "picklebot and wren")
        await listener.until_resting()
        await service.say("hello", times=2)
        await service.say("bye")
        await listener.until_text("bye")
    assert listener.texts == ["hello", "bye"]
    assert all(each.source == "twitch" for each in listener.events if isinstance(each, ChatMessage))
    assert {each.user_id for each in service.events.subscriptions.all} == {STREAMER, BOT}


async def test_nothing_is_signed_in(service: TwitchService, tmp_path: Path) -> None:
    """Chat is read without an account; who signs in meanwhile needs no restart."""
    async with listening(service, tmp_path, roles=()) as listener:
        await service.irc.joined()
        await listener.until_now("degraded", "pickled twitch login")
        await service.say("early")
        await listener.until_text("early")
        sign_in(service, tmp_path, "bot")
        await listener.until_now("up", "listening to #wren as picklebot")
        sign_in(service, tmp_path, "streamer")
        await listener.until_now("up", "listening to #wren as picklebot and wren")
        await service.say("late")
        await listener.until_text("late")
        TokenFile(tmp_path, "bot").remove()
        await listener.until_now("up", "listening to #wren as wren")
    assert listener.texts == ["early", "late"]


async def test_own_lines_are_left_out(service: TwitchService, tmp_path: Path) -> None:
    """What the bot writes is nobody's, over events as without an account."""
    async with listening(service, tmp_path, roles=("bot",)) as listener:
        await service.irc.joined()
        await listener.until_now("up")
        await service.say("I said that", who=PICKLE)
        await service.events.drop()
        await service.say("and that", who=PICKLE)
        await service.say("end")
        await listener.until_text("end")
    assert listener.texts == ["end"]


async def test_streamer_is_heard_where_their_account_writes(
    service: TwitchService, tmp_path: Path
) -> None:
    """With one account for both: what the co-host wrote is left out, what is typed is not."""
    async with listening(service, tmp_path, roles=("streamer",)) as listener:
        await service.irc.joined()
        await listener.until_now("up", "as wren")
        body = {"broadcaster_id": STREAMER, "sender_id": STREAMER, "message": "Hello, all!"}
        helix = listener.channel._twitch.helix
        answer = await helix.post("chat/messages", json=body)
        await service.say("Hello, all!", who=WREN, message_id=answer["data"][0]["message_id"])
        await service.say("typed by hand", who=WREN)
        await listener.until_text("typed by hand")
    assert listener.texts == ["typed by hand"]


async def test_no_right_to_read_chat(service: TwitchService, tmp_path: Path) -> None:
    """A token without it serves for the rest; chat is read without an account, and that is said."""
    sign_in(service, tmp_path, "streamer", without=["user:read:chat"])
    async with listening(service, tmp_path, roles=()) as listener:
        await service.irc.joined()
        await listener.until_now("degraded", "no right to read chat")
        await service.say("hello")
        await listener.until_text("hello")
        await service.world.until(lambda: service.events.enabled("channel.follow"))
        await service.events.notify("channel.follow", payloads.follow())
        await listener.until_happened("follow")


async def test_bot_is_banned(service: TwitchService, tmp_path: Path) -> None:
    """Twitch does not let it read there: said with Twitch's words, chat comes all the same."""
    service.world.fail("POST /helix/eventsub/subscriptions", 403, message="user is banned")
    async with listening(service, tmp_path, roles=("bot",)) as listener:
        await service.irc.joined()
        await listener.until_now("degraded", "user is banned")
        await service.say("hello")
        await listener.until_text("hello")


async def test_sign_in_is_taken_back(service: TwitchService, tmp_path: Path) -> None:
    """The bot's is over: the streamer's goes on reading, and it is said who has to sign in."""
    async with listening(service, tmp_path) as listener:
        await service.irc.joined()
        await listener.until_now("up", "picklebot and wren")
        for tokens in (service.world.access, service.world.refresh):
            for token in [each for each, grant in tokens.items() if grant.user_id == BOT]:
                del tokens[token]
        await service.events.revoke("channel.chat.message", "authorization_revoked")
        await listener.until_now("degraded", "pickled twitch login --as bot")
        await service.world.until(service.events.enabled)
        await service.say("goes on")
        await listener.until_text("goes on")
    assert listener.texts == ["goes on"]


async def test_chat_without_an_account_is_refused(service: TwitchService, tmp_path: Path) -> None:
    """Who has signed in does without it; who has not is told, and waited for no more."""
    service.irc.channels.clear()
    service.irc.suspended = {"wren"}
    async with listening(service, tmp_path, roles=("bot",)) as listener:
        await listener.until_now("up", "as picklebot")
        await service.say("hello")
        await listener.until_text("hello")
    async with listening(service, tmp_path / "else", roles=()) as listener:
        with pytest.raises(SourceError, match="suspended"):
            await listener.task


async def test_right_is_taken_away(service: TwitchService, tmp_path: Path) -> None:
    """The bot is no moderator any more: it does without follows, chat is not touched."""
    async with listening(service, tmp_path, roles=("bot",)) as listener:
        await service.irc.joined()
        await listener.until_now("up")
        await service.events.revoke("channel.follow", "moderator_removed")
        await service.say("goes on")
        await listener.until_text("goes on")
        assert service.events.handshakes == 1


async def test_deletion_on_the_faster_way(service: TwitchService, tmp_path: Path) -> None:
    """A line that was deleted over events comes neither from standby nor late."""
    async with listening(service, tmp_path, roles=("bot",)) as listener:
        await service.irc.joined()
        await listener.until_now("up")
        await listener.until_resting()
        await service.events.notify("channel.chat.message_delete", payloads.deleted("m1"))
        late = payloads.chat("deleted", message_id="m1")
        await service.irc.say(line("PRIVMSG", "wren", "deleted", id="m1", user_id="7"))
        await service.events.notify("channel.chat.message", late)
        await service.events.drop()
        await service.say("end")
        await listener.until_text("end")
    assert listener.texts == ["end"]
    assert [each.id for each in listener.events if isinstance(each, ChatDeleted)] == ["m1"]


async def test_tokens_run_out_in_mid_stream(service: TwitchService, tmp_path: Path) -> None:
    """They are renewed without a word, and each once."""
    async with listening(service, tmp_path, identify_s=1) as listener:
        await service.irc.joined()
        await listener.until_now("up")
        service.world.expire()
        await service.events.drop()
        await service.world.until(lambda: service.door.refreshes >= 2)
        await listener.until_now("up", "picklebot and wren")
        await service.say("goes on")
        await listener.until_text("goes on")
    assert service.door.refreshes == 2


async def test_ends_without_a_task_left(service: TwitchService, tmp_path: Path) -> None:
    """Whatever it began, it ends."""
    before = asyncio.all_tasks()
    async with listening(service, tmp_path) as listener:
        await service.irc.joined()
        await listener.until_now("up")
        await service.events.hand_over()
        await service.world.until(lambda: service.events.moved(4))
    await service.world.until(lambda: not service.events.listeners and not service.irc.viewers)
    left = [repr(each.get_coro()) for each in asyncio.all_tasks() - before]
    assert not [each for each in left if "_listen" in each or "keepalive" in each or "run" in each]
