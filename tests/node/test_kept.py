"""What a node keeps on its disk."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pickled.errors import ConfigError
from pickled.node.kept import FLOOR_S, KeptFile, KeptState


def test_store_gives_back_what_was_saved(tmp_path: Path) -> None:
    """Mutes, volume and the last stream come back."""
    store = KeptFile(tmp_path / "deep" / "node.json")
    mutes = {"muted": True, "muted_alone": True, "mic_muted": False}
    kept = KeptState(**mutes, volume=30, floor=17, floor_at=time.time())
    store.save(kept)
    assert store.load() == (kept, "")


def test_store_of_an_earlier_version_is_a_general_mute(tmp_path: Path) -> None:
    """A file that says nothing of the node alone mutes as it did."""
    path = tmp_path / "node.json"
    path.write_text('{"muted": true, "mic_muted": false, "volume": 30}')
    kept, problem = KeptFile(path).load()
    assert (kept.muted, kept.muted_alone, problem) == (True, False, "")


def test_store_without_a_file_is_not_muted(tmp_path: Path) -> None:
    """The first start is not silent."""
    kept, problem = KeptFile(tmp_path / "node.json").load()
    assert (kept.muted, kept.mic_muted, problem) == (False, False, "")


@pytest.mark.parametrize("content", [b"", b"{", b'{"muted": "maybe", "mic_muted": 1}', b"\xff\0"])
def test_store_that_is_damaged_means_muted(tmp_path: Path, content: bytes) -> None:
    """A file that can't be read might have said `muted`: silent, and said so."""
    path = tmp_path / "node.json"
    path.write_bytes(content)
    kept, problem = KeptFile(path).load()
    assert kept.muted
    assert kept.mic_muted
    assert "OFF" in problem


def test_store_forgets_an_old_stream(tmp_path: Path) -> None:
    """A stream's number counts for a minute, so that a daemon with a wrong clock is heard again."""
    store = KeptFile(tmp_path / "node.json")
    old = time.time() - FLOOR_S - 1
    store.save(KeptState(muted=False, mic_muted=False, floor=17, floor_at=old))
    assert store.load()[0].floor == 0


def test_store_that_can_not_be_written_says_so(tmp_path: Path) -> None:
    """A mute that would be forgotten is an error with the file's name."""
    (tmp_path / "file").write_text("")
    store = KeptFile(tmp_path / "file" / "node.json")
    with pytest.raises(ConfigError, match="forgotten"):
        store.save(KeptState(muted=True, mic_muted=True))
