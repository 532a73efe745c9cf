"""Whether the stream is on, what it is called, who watches."""

from __future__ import annotations

from pathlib import Path

from tests.inputs.twitch.listening import listening
from tests.stand_ins.twitch import STREAMER, TwitchService
from tests.stand_ins.twitch import more_payloads as more


async def test_stream_begins_and_ends(service: TwitchService, tmp_path: Path) -> None:
    """Events tell it at once; the list of streams, which lags behind, does not take it back."""
    async with listening(service, tmp_path, poll_s=1) as listener:
        await listener.until_now("up", "picklebot and wren")
        await service.events.notify("stream.online", more.online())
        await listener.until_happened("online")
        asked = len(service.world.called("streams"))
        await service.world.until(lambda: len(service.world.called("streams")) >= asked + 2)
        assert listener.states[-1].live
        service.world.live[STREAMER] = more.live(viewers=88)
        await service.events.notify("channel.update", more.update("Another walk", "IRL"))
        await listener.until_state(lambda state: state.viewers == 88)
        del service.world.live[STREAMER]
        await service.events.notify("stream.offline", {**more.offline(), "id": None})
        await listener.until_happened("offline")
    assert [len(listener.happened(each)) for each in ("online", "offline")] == [1, 1]
    titles = [each.title for each in listener.states if each.live and each.viewers]
    assert titles[0] == "A walk"
    assert str(listener.states[1].since) == "2026-11-30 10:11:12.123000+00:00"
    assert not listener.states[-1].live


async def test_stream_that_is_on_at_the_start(service: TwitchService, tmp_path: Path) -> None:
    """It does not begin because we do; its title and viewers are known."""
    service.world.live[STREAMER] = more.live()
    async with listening(service, tmp_path, roles=("bot",)) as listener:
        await listener.until_state(lambda state: state.live)
    assert listener.happened("online") == []
    state = listener.states[-1]
    assert (state.title, state.game, state.viewers) == ("A walk", "IRL", 88)


async def test_stream_that_nobody_told_of(service: TwitchService, tmp_path: Path) -> None:
    """Events that never came are made up for by asking."""
    service.world.titles[STREAMER] = {"title": "Soon", "game_name": "IRL"}
    async with listening(service, tmp_path, roles=("bot",), poll_s=1) as listener:
        await listener.until_state(lambda state: state.title == "Soon" and not state.live)
        service.world.live[STREAMER] = more.live()
        await listener.until_happened("online")


async def test_chat_settings_are_known(service: TwitchService, tmp_path: Path) -> None:
    """Slow mode is asked for at the start, and told when it changes."""
    async with listening(service, tmp_path) as listener:
        await listener.until_now("up", "picklebot and wren")
        await service.world.until(lambda: service.world.called("chat/settings"))
        slow = more.chat_settings(slow_mode=True, slow_mode_wait_time_seconds=30)
        kind = "channel.chat_settings.update"
        await service.world.until(lambda: service.events.enabled(kind))
        await service.events.notify(kind, slow)
        await service.say("x")
        await listener.until_text("x")
        settings = listener.channel._twitch.chat_settings
    assert (settings.slow_mode, settings.slow_mode_wait_time) == (True, 30)
