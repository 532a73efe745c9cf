"""What doctor says of the sign-ins at Twitch."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pickled.config import Config, PartConfig
from pickled.doctor.twitch import check_twitch
from tests.inputs.twitch.listening import sign_in
from tests.stand_ins.twitch import TwitchService, twitch_service


@pytest.fixture
async def service() -> AsyncIterator[TwitchService]:
    """A Twitch with one channel."""
    async with twitch_service() as served:
        yield served


def configured(service: TwitchService, data_dir: Path) -> Config:
    """A configuration that signs in there."""
    part = {"kind": "twitch", "channel": "wren", **service.urls}
    return Config(data_dir=data_dir, inputs=(PartConfig.model_validate(part),))


async def test_nobody_signed_in(service: TwitchService, tmp_path: Path) -> None:
    """It works all the same; what is missing by that is said."""
    (check,) = await check_twitch(configured(service, tmp_path))
    assert (check.status, check.what) == ("warn", "nobody is signed in")
    assert "pickled twitch login" in check.remedy
    assert await check_twitch(Config(data_dir=tmp_path)) == ()


async def test_rights_that_are_missing(service: TwitchService, tmp_path: Path) -> None:
    """Each with what it is for; without that to read chat it fails."""
    sign_in(service, tmp_path, "streamer", without=["bits:read"])
    sign_in(service, tmp_path, "bot", without=["user:read:chat"])
    streamer, bot = await check_twitch(configured(service, tmp_path))
    assert (streamer.status, bot.status) == ("warn", "fail")
    assert "bits:read: thanks for bits" in streamer.why
    assert "--as bot" in bot.remedy


async def test_sign_in_that_ran_out(service: TwitchService, tmp_path: Path) -> None:
    """A token that has run out is renewed by looking; one that was taken back is said."""
    sign_in(service, tmp_path, "streamer")
    service.world.expire()
    (check,) = await check_twitch(configured(service, tmp_path))
    assert (check.status, check.what) == ("ok", "signed in as wren, with all rights")
    assert service.door.refreshes == 1
    service.world.access.clear()
    service.world.refresh.clear()
    (check,) = await check_twitch(configured(service, tmp_path))
    assert check.status == "fail"
    assert not [each for each in service.world.ever if each in json.dumps(check.__dict__)]
