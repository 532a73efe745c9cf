"""Ad breaks are announced before they begin, by whom may know it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pickled.inputs.twitch_eventsub.ad_schedule import moment
from tests.inputs.twitch.listening import listening
from tests.stand_ins.twitch import STREAMER, TwitchService
from tests.stand_ins.twitch.more_payloads import live


@pytest.mark.parametrize("as_number", [False, True])
async def test_ad_is_announced_while_the_stream_is_on(
    as_number: bool, service: TwitchService, tmp_path: Path
) -> None:
    """With how long it is until then and how long it lasts, in both forms that Twitch has used."""
    service.world.live[STREAMER] = live()
    at = datetime.now(UTC) + timedelta(seconds=90)
    service.world.next_ad = {
        "next_ad_at": int(at.timestamp()) if as_number else at.isoformat(),
        "duration": "60" if as_number else 60,
    }
    async with listening(service, tmp_path, poll_s=1) as listener:
        await listener.until_happened("ad")
        (ad, *_) = listener.happened("ad")
        assert ad.in_seconds is not None
        assert 80 < ad.in_seconds <= 90
        assert ad.seconds == 60


async def test_ad_of_which_nobody_may_know_is_asked_for_once(
    service: TwitchService, tmp_path: Path
) -> None:
    """Without the streamer's sign-in nothing is announced, and everything else goes on."""
    service.world.live[STREAMER] = live()
    async with listening(service, tmp_path, roles=("bot",), poll_s=1) as listener:
        await listener.until_now("up")
        await service.say("hello")
        await listener.until_count(1)
        await asyncio.sleep(1.5)
        assert listener.happened("ad") == []
        assert len(service.world.called("channels/ads", "GET")) <= 1
        await service.say("hello again")
        await listener.until_count(2)


@pytest.mark.parametrize("told", ["", None, 0, True, "soon", -3, "9" * 40, 10**30])
def test_moment_takes_no_nonsense(told: object) -> None:
    """No break, or none that can be read."""
    assert moment(told) is None
