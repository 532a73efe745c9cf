"""`pickled twitch`: from nothing to signed in, on a machine without a browser."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.cli.command_line import Ran, Run
from tests.stand_ins.twitch import BOT, CLIENT, STREAMER, TwitchService, twitch_service


@pytest.fixture
async def service() -> AsyncIterator[TwitchService]:
    """A Twitch that nobody may have annoyed in the end."""
    async with twitch_service() as served:
        yield served
        assert served.world.complaints == []


Begin = Callable[..., Awaitable[Ran]]


@pytest.fixture
def begin(service: TwitchService, run: Run, tmp_path: Path) -> Begin:
    """`begin("login")`: the command runs beside the stand-in; await it for how it ended."""
    urls = {name: service.urls[name] for name in ("api_url", "id_url")}
    part = {"kind": "twitch", "channel": "wren", **urls}
    (tmp_path / "pickled.yaml").write_text(json.dumps({"data_dir": "data", "inputs": [part]}))
    return lambda *words: asyncio.create_task(asyncio.to_thread(run, "twitch", *words))


async def signed_in(service: TwitchService, begin: Begin, user_id: str, *words: str) -> Ran:
    """Somebody runs `login`, and somebody types the code in."""
    codes = len(service.door.codes)
    running = begin("login", *words)
    await service.world.until(lambda: len(service.door.codes) > codes)
    service.door.agree(user_id)
    return await running


async def test_sign_in_and_out(service: TwitchService, begin: Begin, tmp_path: Path) -> None:
    """A code, a link, a picture; the tokens are kept for their owner, and shown to nobody."""
    ran = await signed_in(service, begin, STREAMER, "--client-id", CLIENT)
    assert (ran.code, ran.err) == (0, "")
    assert "ABCD" in ran.out
    assert "https://www.twitch.tv/activate" in ran.out
    assert "▄" in ran.out
    assert "channel:read:redemptions" in ran.out
    assert "reacts to channel points" in ran.out
    assert "Signed in as wren" in ran.out
    file = tmp_path / "data" / "tokens" / "twitch-streamer.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not [each for each in service.world.ever if each in ran.out + ran.err]

    shown = await begin("status")
    assert shown.code == 0
    assert "streamer: wren" in shown.out
    assert "bot: nobody" in shown.out
    out = await begin("logout")
    assert (out.code, out.out) == (0, "Signed out wren.\n")
    assert not file.exists()
    assert not service.world.access
    assert (await begin("status")).code == 1


async def test_bot_signs_in_beside_the_streamer(
    service: TwitchService, begin: Begin, tmp_path: Path
) -> None:
    """The second account needs no client id any more, and has rights and a file of its own."""
    await signed_in(service, begin, STREAMER, "--client-id", CLIENT, "--no-qr")
    ran = await signed_in(service, begin, BOT, "--as", "bot", "--no-qr")
    assert (ran.code, ran.err) == (0, "")
    assert "Signed in as picklebot" in ran.out
    assert len(list((tmp_path / "data" / "tokens").glob("twitch-*.json"))) == 2


async def test_wrong_account_is_not_kept(
    service: TwitchService, begin: Begin, tmp_path: Path
) -> None:
    """Who types the code in with another account is told so; their sign-in is ended."""
    ran = await signed_in(service, begin, BOT, "--client-id", CLIENT, "--no-qr")
    assert ran.code == 2
    assert "That was picklebot, and the channel is wren: nothing is kept." in ran.err
    assert not service.world.access
    assert not (tmp_path / "data" / "tokens" / "twitch-streamer.json").exists()


async def test_sign_in_without_an_application(begin: Begin) -> None:
    """What to click is said, before anything is asked."""
    ran = await begin("login")
    assert ran.code == 2
    assert "https://dev.twitch.tv/console/apps" in ran.err
    assert "Public" in ran.err
    wrong = await begin("login", "--client-id", "nobody")
    assert wrong.code == 1
    assert "*public* application" in wrong.err
