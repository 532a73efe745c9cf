"""One process changes the memory at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pickled.errors import StoreError
from pickled.memory.lock import is_held, only_one

_HOLD = """
import sys
from pathlib import Path
from pickled.memory.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_lock_names_who_holds_it(tmp_path: Path) -> None:
    """The second one is told by whom, and what to do; when the first is done, it may."""
    path = tmp_path / "memory.sqlite"
    with only_one(path):
        assert is_held(path)
        with (
            pytest.raises(StoreError, match=f"process {os.getpid()} .*stop it first"),
            only_one(path),
        ):
            pass
    assert not is_held(path)
    with only_one(path):
        pass


def test_lock_is_let_go_when_its_process_is_killed(tmp_path: Path) -> None:
    """However it ends, nobody has to remove a file."""
    path = tmp_path / "memory.sqlite"
    command = [sys.executable, "-c", _HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match=f"process {other.pid} "), only_one(path):
            pass
        other.kill()
        other.wait()
        with only_one(path):
            pass


@pytest.mark.parametrize("name", [b"", b"\xff\xfe", b"process 1\n" * 100])
def test_whatever_stands_in_the_file_is_told(tmp_path: Path, name: bytes) -> None:
    """Somebody else's bytes are no error of ours, and not told without end."""
    path = tmp_path / "memory.sqlite"
    with only_one(path):
        (tmp_path / "memory.sqlite.lock").write_bytes(name)
        with pytest.raises(StoreError, match="is in use by") as raised, only_one(path):
            pass
    assert len(str(raised.value)) < 500


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """And nobody holds a memory in it."""
    path = tmp_path / "gone" / "memory.sqlite"
    assert not is_held(path)
    with pytest.raises(StoreError, match="can't be written"), only_one(path):
        pass


def test_error_in_the_work_lets_go(tmp_path: Path) -> None:
    """The next one is not held up by it."""
    path = tmp_path / "memory.sqlite"
    with pytest.raises(ZeroDivisionError), only_one(path):
        raise ZeroDivisionError
    assert not is_held(path)
