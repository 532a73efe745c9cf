"""The page's Discord input: a real message, made by the real client's own classes, comes in."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from pickled.config import PartConfig
from pickled.plugins import find
from tests.orchestrator.rig import Rig
from tests.plug.page import install

pytestmark = pytest.mark.filterwarnings("ignore:'audioop' is deprecated")

CHANNEL, ANA = 7, 5
SENT = 1_312_345_678_901_234_567
"""Discord's ids hold the moment."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the input is installed, and the client if it is nowhere else."""
    folder = tmp_path_factory.mktemp("discord")
    install(["discord"], target=folder / "site", work=folder / "work")
    if importlib.util.find_spec("discord") is None:
        _fetch(folder / "site")
    return folder / "site"


@pytest.fixture
def discord(site: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client's package."""
    monkeypatch.syspath_prepend(str(site))
    return pytest.importorskip("discord")


def _fetch(target: Path) -> None:
    command = ["install", "--quiet", "--no-deps", "--retries", "0", "--timeout", "5"]
    try:
        subprocess.run(
            [sys.executable, "-m", "pip", *command, "--target", str(target), "discord.py>=2.4"],
            capture_output=True, check=True, timeout=30,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("discord.py is not installed, and can't be fetched")


def message(
    discord: Any, client: Any, text: str, *, bot: bool = False, channel: int = CHANNEL
) -> Any:
    """As the gateway would tell it."""
    state = client._connection
    guild = discord.Guild(data={"id": "1", "name": "walkers"}, state=state)
    place = {"id": str(channel), "type": 0, "name": "walk", "position": 0, "parent_id": None}
    author = {"id": str(ANA), "username": "ana", "global_name": "Ana", "discriminator": "0",
              "avatar": None, "bot": bot}  # fmt: skip
    told: dict[str, Any] = {
        "id": str(SENT), "type": 0, "content": text, "channel_id": str(channel), "author": author,
        "timestamp": "2026-05-01T18:30:00+00:00", "edited_timestamp": None, "tts": False,
        "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
        "embeds": [], "pinned": False,
    }  # fmt: skip
    where = discord.TextChannel(state=state, guild=guild, data=place)
    return discord.Message(state=state, channel=where, data=told)


def health(rig: Rig, status: str) -> Any:
    """How the input is, if it is so."""
    found = rig.state("health/state").root.get("input.discord")
    return found if found and found.status == status else None


async def test_line_of_a_channel_comes_in_from_its_thread(
    tmp_path: Path, discord: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing goes over a network: where the client would connect, the message is there."""
    threads = []

    async def connected(client: Any, _token: str, **_: Any) -> None:
        threads.append(threading.current_thread())
        for each in (
            message(discord, client, "I am a bot", bot=True),
            message(discord, client, "elsewhere", channel=8),
            message(discord, client, "John, **hello**"),
        ):
            await client.on_message(each)
        await asyncio.Event().wait()

    monkeypatch.setattr(discord.Client, "start", connected)
    part = PartConfig.model_validate({"kind": "discord", "token": "none", "channel": CHANNEL})
    rig = Rig(tmp_path, inputs=(find("inputs", part),))
    async with rig.running():
        (chat,) = await rig.until(lambda: rig.events("event/chat"), within=10)
        await rig.until(lambda: health(rig, "up"), within=10)
    assert (chat.user, chat.text, chat.source) == ("Ana", "John, **hello**", "discord")
    assert chat.id == f"discord-{SENT}"
    assert threads[0].name == "discord"
    threads[0].join(5)
    assert not threads[0].is_alive()


async def test_token_that_is_refused_is_no_use_to_try_again(
    tmp_path: Path, discord: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its health says why, once."""
    tries = []

    async def refused(_client: Any, _token: str, **_: Any) -> None:
        tries.append(1)
        raise discord.LoginFailure("Improper token has been passed.")

    monkeypatch.setattr(discord.Client, "start", refused)
    part = PartConfig.model_validate({"kind": "discord", "token": "none", "channel": CHANNEL})
    rig = Rig(tmp_path, inputs=(find("inputs", part),))
    async with rig.running():
        told = await rig.until(lambda: health(rig, "down"), within=10)
        assert "Discord refuses the token: Improper token" in told.detail
        await asyncio.sleep(0.6)
    assert len(tries) == 1
