"""Values changed at run time."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.orchestrator.controls.settings import FILE_NAME, Settings


async def _again(folder: Path, settings: Settings) -> Settings:
    await settings.save()
    fresh = Settings(folder)
    fresh.load()
    return fresh


async def test_settings_are_there_after_a_restart(tmp_path: Path) -> None:
    """What was saved is read back."""
    settings = Settings(tmp_path / "new folder")
    settings.set("volume", 35.0, configured=100.0)
    fresh = await _again(tmp_path / "new folder", settings)
    assert fresh.get("volume", 100.0) == 35.0


async def test_settings_give_way_when_the_configured_value_changes(tmp_path: Path) -> None:
    """Who edits the file means it."""
    settings = Settings(tmp_path)
    settings.set("persona", "blitz", configured="default")
    fresh = await _again(tmp_path, settings)
    assert fresh.get("persona", "default") == "blitz"
    assert fresh.get("persona", "maple") == "maple"


async def test_settings_set_to_nothing_go_back_to_the_configured_value(tmp_path: Path) -> None:
    """The file forgets them, too."""
    settings = Settings(tmp_path)
    settings.set("cooldown@default", 9.0, configured=5.0)
    settings.set("cooldown@default", None, configured=5.0)
    fresh = await _again(tmp_path, settings)
    assert fresh.get("cooldown@default", 5.0) == 5.0


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff", b"[]", b'{"version": 9}', b'{"values": 1}'])
async def test_settings_file_that_is_broken_is_moved_aside(tmp_path: Path, broken: bytes) -> None:
    """It starts with the configured values, and nothing is lost."""
    (tmp_path / FILE_NAME).write_bytes(broken)
    settings = Settings(tmp_path)
    settings.load()
    assert settings.get("volume", 100.0) == 100.0
    assert [path.read_bytes() for path in tmp_path.glob("*.broken")] == [broken]


async def test_settings_that_cannot_be_saved_raise_and_keep_the_old_file(tmp_path: Path) -> None:
    """A full or read-only disk never leaves half a file."""
    settings = Settings(tmp_path)
    settings.set("volume", 35.0, configured=100.0)
    await settings.save()
    before = (tmp_path / FILE_NAME).read_bytes()
    (tmp_path / "settings.new").mkdir()
    settings.set("volume", 70.0, configured=100.0)
    with pytest.raises(OSError, match=r"settings\.new"):
        await settings.save()
    assert (tmp_path / FILE_NAME).read_bytes() == before
