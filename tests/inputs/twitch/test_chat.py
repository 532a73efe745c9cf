"""Chat for who has signed in: once each, ours never, also while events are away."""

from __future__ import annotations

from pathlib import Path

from pickled.messages.chat import ChatMessage
from tests.inputs.twitch.listening import listening
from tests.stand_ins.twitch import TwitchService


async def test_chat_comes_over_events(service: TwitchService, tmp_path: Path) -> None:
    """With both signed in: chat by the bot, the rest by the streamer; each line once."""
    async with listening(service, tmp_path) as listener:
        await service.irc.joined()
        await listener.until_now("up", "picklebot and wren")
        await service.say("hello", times=2)
        await service.say("bye")
        await listener.until_text("bye")
    assert listener.texts == ["hello", "bye"]
    assert all(each.source == "twitch" for each in listener.events if isinstance(each, ChatMessage))
