"""Sign-ins: renewed by one at a time, kept at once, never lost and never seen."""

from __future__ import annotations

import asyncio
import stat
import sys
from pathlib import Path

import pytest

from pickled.errors import ConfigError, TwitchError
from pickled.services.twitch.tokens import TokenFile
from tests.inputs.twitch.listening import sign_in
from tests.services.twitch.conftest import Open
from tests.stand_ins.twitch import TwitchService

ROOT = Path(__file__).parents[3]


def kept(folder: Path) -> str:
    """The refresh token that stands in the streamer's file."""
    tokens = TokenFile(folder, "streamer").read()
    assert tokens is not None
    assert tokens.refresh_token is not None
    return tokens.refresh_token.get_secret_value()


async def renewing(service: TwitchService, folder: Path, *more: str) -> asyncio.subprocess.Process:
    """Another process that has the sign-in renewed."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.services.twitch.renewing", str(folder), service.world.url,
        *more, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def test_many_calls_renew_once(service: TwitchService, opened: Open, tmp_path: Path) -> None:
    """A refresh token can be spent once: twenty calls at once spend one."""
    sign_in(service, tmp_path, "streamer")
    async with opened() as twitch:
        service.world.expire()
        calls = [twitch.helix.get("users") for _ in range(20)]
        answers = await asyncio.gather(*calls)
    assert {each["data"][0]["login"] for each in answers} == {"wren"}
    assert service.door.refreshes == 1
    assert kept(tmp_path) in service.world.refresh


async def test_two_processes_renew_once(
    service: TwitchService, opened: Open, tmp_path: Path
) -> None:
    """A command beside the daemon takes what that has renewed, and the other way round."""
    sign_in(service, tmp_path, "streamer")
    async with opened() as one, opened() as other:
        service.world.expire()
        await asyncio.gather(one.helix.get("users"), other.helix.get("users"))
        assert service.door.refreshes == 1
        service.world.expire()
        await other.helix.get("users")
        await one.helix.get("users")
    assert service.door.refreshes == 2


async def test_killed_right_after_a_refresh(
    service: TwitchService, opened: Open, tmp_path: Path
) -> None:
    """The new tokens are kept before the first call uses them: SIGKILL loses nothing."""
    sign_in(service, tmp_path, "streamer")
    service.world.expire()
    process = await renewing(service, tmp_path)
    service.world.on_call = lambda method, _path: process.kill() if method == "GET" else None
    await process.communicate()
    assert process.returncode == -9
    assert service.door.refreshes == 1
    service.world.on_call = lambda _method, _path: None
    service.world.expire()
    async with opened() as twitch:
        assert (await twitch.helix.get("users"))["data"][0]["login"] == "wren"
    assert stat.S_IMODE((tmp_path / "tokens" / "twitch-streamer.json").stat().st_mode) == 0o600


async def test_no_room_for_new_tokens(service: TwitchService, opened: Open, tmp_path: Path) -> None:
    """Where nothing can be kept, nothing is spent: with room again, the sign-in is as good."""
    sign_in(service, tmp_path, "streamer")
    service.world.expire()
    process = await renewing(service, tmp_path, "4096")
    out, err = await process.communicate()
    assert b"can't be kept" in out, err
    assert service.door.refreshes == 0
    async with opened() as twitch:
        assert (await twitch.helix.get("users"))["data"][0]["login"] == "wren"
    assert not list((tmp_path / "tokens").glob(".*.new"))


async def test_twitch_away_keeps_tokens(
    service: TwitchService, opened: Open, tmp_path: Path
) -> None:
    """A 503 where tokens are looked at or renewed is no reason to forget them."""
    sign_in(service, tmp_path, "streamer")
    before = kept(tmp_path)
    async with opened() as twitch:
        service.world.fail("/oauth2/validate", 503)
        with pytest.raises(TwitchError, match="just now"):
            await twitch.identify()
        service.world.expire()
        service.world.fail("/oauth2/token", 500)
        with pytest.raises(TwitchError) as raised:
            await twitch.helix.get("users")
        assert not raised.value.signed_out
        assert kept(tmp_path) == before
        await twitch.identify()
    assert (twitch.user_id, twitch.broadcaster_id, twitch.is_moderator) == ("1000", "1000", True)


async def test_sign_in_taken_back(service: TwitchService, opened: Open, tmp_path: Path) -> None:
    """Twitch renews it no more: said with the remedy, asked no more, until somebody signs in."""
    sign_in(service, tmp_path, "streamer")
    async with opened() as twitch:
        service.world.access.clear()
        service.world.refresh.clear()
        for _ in range(5):
            with pytest.raises(TwitchError, match="pickled twitch login") as raised:
                await twitch.helix.get("users")
            assert raised.value.signed_out
            assert not [each for each in service.world.ever if each in str(raised.value)]
        assert service.door.asked == 1
        sign_in(service, tmp_path, "streamer")
        assert (await twitch.helix.get("users"))["data"][0]["login"] == "wren"


async def test_nobody_signed_in(opened: Open) -> None:
    """A call says so, with the remedy."""
    async with opened() as twitch:
        with pytest.raises(TwitchError, match="nobody is signed in as bot") as raised:
            await twitch.helix.post("chat/messages", json={"message": "hi"})
    assert raised.value.signed_out


async def test_bots_work_is_done_by_the_streamer_until_it_signs_in(
    service: TwitchService, opened: Open, tmp_path: Path
) -> None:
    """One sign-in is enough; a second one is taken without a restart."""
    sign_in(service, tmp_path, "streamer")
    async with opened() as twitch:
        await twitch.identify()
        assert (twitch.login, twitch.is_streamer) == ("wren", True)
        sign_in(service, tmp_path, "bot")
        await twitch.identify()
        assert (twitch.login, twitch.is_streamer, twitch.is_moderator) == ("picklebot", False, True)


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff", b'{"access_token": "hunter2"}'])
def test_spoilt_file(tmp_path: Path, content: bytes) -> None:
    """It is named with the remedy, and what stands in it is not shown."""
    file = TokenFile(tmp_path, "bot")
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    with pytest.raises(ConfigError, match="sign in again") as raised:
        file.read()
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None


async def test_prototypes_token_serves(service: TwitchService, tmp_path: Path) -> None:
    """`oauth:…` without a client id, of whatever application: whose it is says Twitch."""
    from pickled.services.twitch import Options, start

    access, _ = service.world.grant("2000", ("user:read:chat",), client="another")
    urls = {name: service.urls[name] for name in ("api_url", "id_url")}
    options = Options.model_validate({"channel": "wren", "bot_token": f"oauth:{access}", **urls})
    async with start(options.access(tmp_path)) as twitch:
        await twitch.identify()
        assert twitch.login == "picklebot"
        service.world.expire()
        with pytest.raises(TwitchError, match="run out"):
            await twitch.helix.get("users")
    assert not list(tmp_path.glob("tokens/twitch-*"))
