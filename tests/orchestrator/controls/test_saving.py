"""What was set is saved as soon as the disk takes it, and nobody waits for a disk that hangs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pickled.errors import ConfigError
from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.controls import settings as settings_module
from pickled.orchestrator.controls.saving import Saving
from pickled.orchestrator.controls.settings import FILE_NAME, Settings
from pickled.orchestrator.parts.clock import system_clock
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.health import HealthBoard
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.publishing.tap import PublishingTap
from tests.orchestrator.rig import Rig

Play = Callable[..., Rig]


def _saving(folder: Path) -> Saving:
    bus, tap = MemoryBroker().bus(), PublishingTap()
    events = Events(bus, tap=tap)
    health = HealthBoard(states=States(bus, tap=tap), events=events, clock=system_clock())
    return Saving(Settings(folder), health)


def _saved(folder: Path) -> Settings:
    settings = Settings(folder)
    settings.load()
    return settings


def fill(folder: Path) -> None:
    """From now on nothing can be saved there."""
    (folder / "settings.new").mkdir()


def make_room(folder: Path) -> None:
    """Now it can."""
    (folder / "settings.new").rmdir()


async def test_disk_that_says_it_is_full_leaves_nothing_behind(tmp_path: Path) -> None:
    """The cause is the system's, and half a file takes no room."""
    (tmp_path / "settings.new").symlink_to("/dev/full")
    saving = _saving(tmp_path)
    saving.settings.set("volume", 35.0, configured=100.0)
    assert await saving.now() == "No space left on device"
    assert list(tmp_path.iterdir()) == []
    assert await saving.now() == ""
    assert _saved(tmp_path).get("volume", 100.0) == 35.0


async def test_last_try_saves_what_could_not_be_saved(tmp_path: Path) -> None:
    """At the end there may be room."""
    saving = _saving(tmp_path)
    fill(tmp_path)
    saving.settings.set("muted", True, configured=False)
    assert await saving.now() != ""
    make_room(tmp_path)
    await saving.close()
    assert _saved(tmp_path).get("muted", False) is True


async def test_disk_that_hangs_is_waited_for_one_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each who asks is told; what is set meanwhile is saved when it goes on, in one go."""
    goes_on, writes = threading.Event(), []
    replace = settings_module._replace

    def hang(path: Path, data: bytes) -> None:
        writes.append(data)
        goes_on.wait(10)
        replace(path, data)

    monkeypatch.setattr(settings_module, "_replace", hang)
    saving = _saving(tmp_path)
    for volume in (10.0, 20.0, 30.0):
        saving.settings.set("volume", volume, configured=100.0)
        assert await saving.now() == "the disk does not answer"
    goes_on.set()
    assert await saving.now() == ""
    assert _saved(tmp_path).get("volume", 100.0) == 30.0
    assert len(writes) == 2


async def test_settings_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A mute may stand in it: it does not start as if there was none."""
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(ConfigError, match=FILE_NAME):
        Settings(tmp_path).load()


def test_mute_by_a_moderator_is_saved(play: Play) -> None:
    """Whatever sets something, it lasts: also what no command on MQTT has set."""

    async def mute(rig: Rig) -> None:
        rig.chat("!pickle mute", user="mod", badges=("moderator",))
        await rig.until(lambda: rig.state("muted/state") == "ON")
        await asyncio.sleep(1)

    rig = play(mute)
    assert _saved(rig.data_dir).get("muted", False) is True
