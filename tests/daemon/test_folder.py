"""An older data folder becomes the first instance's own, and is never taken from a daemon."""

from __future__ import annotations

from pathlib import Path

import pytest

from pickled.config import shared_data_dir
from pickled.daemon.folder import is_older, take_over
from pickled.errors import StoreError
from pickled.memory.lock import only_one


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The platform's data folder, as an older version left it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = shared_data_dir()
    (folder / "voices").mkdir(parents=True)
    for name in ("memory.sqlite", "memory.sqlite-wal", "settings.json", "voices/a"):
        (folder / name).write_text(name)
    return folder


def held(folder: Path) -> set[str]:
    """All files, but locks."""
    return {
        str(each.relative_to(folder))
        for each in folder.rglob("*")
        if each.is_file() and each.suffix != ".lock"
    }


ALL = {"memory.sqlite", "memory.sqlite-wal", "settings.json", "voices/a"}


def test_older_folder_is_taken_over_once(shared: Path) -> None:
    """With everything in it; the next instance starts empty."""
    take_over(shared / "home")
    assert held(shared / "home") == ALL
    assert (shared / "home" / "settings.json").read_text() == "settings.json"
    assert not is_older(shared)
    take_over(shared / "studio")
    take_over(shared / "home")
    assert held(shared) == {f"home/{name}" for name in ALL}


def test_settings_alone_are_taken_over(shared: Path) -> None:
    """One that remembered nothing yet had settings."""
    (shared / "memory.sqlite").unlink()
    take_over(shared / "home")
    assert held(shared / "home") == ALL - {"memory.sqlite"}


def test_older_folder_of_a_running_daemon_stays(shared: Path) -> None:
    """The second instance starts empty beside it; the first takes it over at its own next start."""
    with only_one(shared / "memory.sqlite"):
        take_over(shared / "studio")
    assert held(shared) == ALL
    (shared / "studio").mkdir()
    (shared / "studio" / "memory.sqlite").touch()
    take_over(shared / "home")
    assert held(shared / "home") == ALL
    assert held(shared / "studio") == {"memory.sqlite"}


def test_folder_that_is_there_is_left_alone(shared: Path) -> None:
    """What the instance has is never mixed with what lies around."""
    (shared / "home").mkdir()
    take_over(shared / "home")
    assert held(shared) == ALL


def test_folder_of_its_own_is_left_alone(shared: Path, tmp_path: Path) -> None:
    """Whoever names a `data_dir` gets nothing from elsewhere."""
    take_over(tmp_path / "elsewhere" / "home")
    assert held(shared) == ALL


def test_start_that_was_cut_off_is_finished(shared: Path) -> None:
    """It shows nothing before it is whole, and the next start goes on."""
    (shared / ".taken-over").mkdir()
    (shared / "memory.sqlite").rename(shared / ".taken-over" / "memory.sqlite")
    (shared / "settings.json").rename(shared / ".taken-over" / "settings.json")
    take_over(shared / "home")
    assert held(shared) == {f"home/{name}" for name in ALL}


def test_two_memories_are_never_made_one(shared: Path) -> None:
    """An older version that started in between has made another: a person decides."""
    (shared / ".taken-over").mkdir()
    (shared / ".taken-over" / "memory.sqlite").write_text("first")
    with pytest.raises(StoreError, match="data_dir"):
        take_over(shared / "home")
    assert (shared / ".taken-over" / "memory.sqlite").read_text() == "first"
    assert (shared / "memory.sqlite").read_text() == "memory.sqlite"


def test_nothing_to_take_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first start on a new machine makes no folder here."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    take_over(shared_data_dir() / "home")
    assert list(tmp_path.iterdir()) == []
