"""Sounds on the disk: found again, bounded, and never a reason to fail."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pickled.orchestrator.turn import sound_shelf
from pickled.orchestrator.turn.sound_shelf import LARGEST, SoundShelf, name_of

PCM = b"\x01\x02" * 500


def test_sound_is_found_by_what_made_it(tmp_path: Path) -> None:
    """As it was; anything else that it hangs on makes another name."""
    about = {"voice": "alto", "speed": 1.0, "text": "Oh,"}
    SoundShelf(tmp_path / "new").write(name_of(about), PCM)
    assert SoundShelf(tmp_path / "new").read(name_of(dict(reversed(about.items())))) == PCM
    others = [{**about, "speed": 1.1}, {**about, "text": "Oh!"}, {**about, "voice": None}]
    assert len({name_of(each) for each in [about, *others]}) == 4
    assert SoundShelf(tmp_path / "new").read(name_of(others[0])) is None
    assert len(list((tmp_path / "new").iterdir())) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:20],
        lambda data: b"",
        lambda data: data[:-2] + b"\xff\xff",
        lambda data: b"x" + data[1:],
        lambda data: data + b"\x00",
    ],
)
def test_damaged_sound_is_thrown_away(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    """It is not played, and made anew in its place."""
    shelf, name = SoundShelf(tmp_path), name_of({"text": "Oh,"})
    shelf.write(name, PCM)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert shelf.read(name) is None
    assert not file.exists()
    shelf.write(name, PCM)
    assert shelf.read(name) == PCM


def test_what_is_no_file_is_no_sound(tmp_path: Path) -> None:
    """A pipe is not waited for, a folder not read."""
    shelf = SoundShelf(tmp_path)
    os.mkfifo(tmp_path / "pipe.pcm")
    (tmp_path / "folder.pcm").mkdir()
    assert shelf.read("pipe") is shelf.read("folder") is shelf.read("none") is None


def test_oldest_sounds_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them together are bounded, what was torn off on its way included."""
    monkeypatch.setattr(sound_shelf, "MOST_BYTES", 10_000)
    shelf = SoundShelf(tmp_path)
    (tmp_path / ".torn.1").write_bytes(b"x" * 9_000)
    os.utime(tmp_path / ".torn.1", (1, 1))
    for number in range(20):
        shelf.write(name_of({"text": str(number)}), PCM)
        os.utime(tmp_path / f"{name_of({'text': str(number)})}.pcm", (10 + number, 10 + number))
    there = [number for number in range(20) if shelf.read(name_of({"text": str(number)}))]
    assert there == list(range(20 - len(there), 20))
    assert 5 <= len(there) <= 10
    assert not (tmp_path / ".torn.1").exists()


def test_sound_that_is_too_large_is_not_kept(tmp_path: Path) -> None:
    """A voice that does not stop fills no disk."""
    shelf = SoundShelf(tmp_path / "new")
    shelf.write("large", bytes(LARGEST + 2))
    assert not (tmp_path / "new").exists()
    shelf.write("fits", bytes(LARGEST))
    assert shelf.read("fits") == bytes(LARGEST)


def test_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """Whoever writes is told; half a file takes no room, and what was there before is whole."""
    shelf = SoundShelf(tmp_path)
    shelf.write("before", PCM)
    (tmp_path / f".sound.{os.getpid()}").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        shelf.write("sound", PCM)
    assert [each.name for each in tmp_path.iterdir()] == ["before.pcm"]
    assert shelf.read("before") == PCM


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """As a full disk is."""
    (tmp_path / "file").write_text("no folder can be made here")
    with pytest.raises(OSError, match="exists"):
        SoundShelf(tmp_path / "file").write("sound", PCM)
    assert SoundShelf(tmp_path / "file").read("sound") is None
