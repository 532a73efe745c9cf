"""The API: one limit for all calls, and refusals that say what and when."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from pickled.bucket import Bucket
from pickled.errors import TwitchError
from tests.inputs.twitch.listening import sign_in
from tests.services.twitch.conftest import Open
from tests.stand_ins.twitch import TwitchService


async def test_too_many_calls(service: TwitchService, opened: Open, tmp_path: Path) -> None:
    """A 429 says how long to wait, and the next call waits by itself."""
    sign_in(service, tmp_path, "bot")
    async with opened() as twitch:
        service.world.fail("/helix/users", 429, Retry_After="1")
        with pytest.raises(TwitchError, match="429") as raised:
            await twitch.helix.get("users")
        assert raised.value.retry_s == 1
        began = asyncio.get_running_loop().time()
        await twitch.helix.get("users")
        assert asyncio.get_running_loop().time() - began >= 0.9
        reset = str(int(time.time()) + 3600)
        service.world.fail("/helix/users", 429, Ratelimit_Remaining="0", Ratelimit_Reset=reset)
        with pytest.raises(TwitchError) as raised:
            await twitch.helix.get("users")
        assert raised.value.retry_s == 60
        with pytest.raises(TwitchError, match="limit of calls"):
            await twitch.helix.get("users")


async def test_limit_is_ours(service: TwitchService, opened: Open, tmp_path: Path) -> None:
    """Who would wait too long is told so, and Twitch is not asked."""
    sign_in(service, tmp_path, "bot")
    async with opened() as twitch:
        twitch.helix.limit = Bucket(rate=0.01, most=1)
        await twitch.helix.get("users")
        with pytest.raises(TwitchError, match="limit of calls"):
            await twitch.helix.get("users")
    assert len(service.world.calls) == 1


async def test_503_is_tried_once_more(service: TwitchService, opened: Open, tmp_path: Path) -> None:
    """As Twitch asks for; a second one is said."""
    sign_in(service, tmp_path, "bot")
    async with opened() as twitch:
        service.world.fail("/helix/users", 503)
        assert await twitch.helix.get("users")
        service.world.fail("/helix/users", 503, times=2)
        with pytest.raises(TwitchError, match="503"):
            await twitch.helix.get("users")


async def test_right_that_is_missing(service: TwitchService, opened: Open, tmp_path: Path) -> None:
    """No new token has it: nothing is renewed, and Twitch's own words are said."""
    sign_in(service, tmp_path, "bot", without=["user:write:chat"])
    body = {"broadcaster_id": "1000", "sender_id": "2000", "message": "hi"}
    async with opened() as twitch:
        with pytest.raises(TwitchError, match="Missing scope: user:write:chat") as raised:
            await twitch.helix.post("chat/messages", json=body)
    assert raised.value.status == 401
    assert service.door.refreshes == 0


async def test_unreachable(service: TwitchService, opened: Open, tmp_path: Path) -> None:
    """Nobody there is an error of ours."""
    sign_in(service, tmp_path, "bot")
    async with opened() as twitch:
        twitch.helix.url = "http://127.0.0.1:9/helix"
        with pytest.raises(TwitchError, match="can't be reached"):
            await twitch.helix.get("users")


async def test_own_lines_are_known(service: TwitchService, opened: Open, tmp_path: Path) -> None:
    """By id as soon as Twitch has said it, by text until then, and no longer than for a while."""
    sign_in(service, tmp_path, "bot")
    body = {"broadcaster_id": "1000", "sender_id": "2000", "message": "hi  there"}
    async with opened() as twitch:
        answer = await twitch.helix.post("chat/messages", json=body)
        now = asyncio.get_running_loop().time()
        assert twitch.own.has(answer["data"][0]["message_id"], "", now=now + 1000)
        assert twitch.own.has("x", "hi there", now=now)
        assert not twitch.own.has("x", "hi there", now=now + 1000)
        assert not twitch.own.has("x", "hi", now=now)
