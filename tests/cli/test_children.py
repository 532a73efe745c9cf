"""Processes that a command owns."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pickled.cli.children import running
from pickled.errors import PickledError

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
OWNER = """
import sys, time
from pathlib import Path
from pickled.cli.children import running
with running("sleeper", ["sleep", "60"], folder=Path(sys.argv[1])) as child:
    print(child.process.pid, flush=True)
    time.sleep(60)
"""


def _gone(pid: int, within_s: float = 20.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_child_ends_with_its_block(tmp_path: Path) -> None:
    """Leaving the block ends the child."""
    with running("sleeper", SLEEPER, folder=tmp_path) as child:
        child.check()
        assert child.process.poll() is None
    assert child.process.poll() == -signal.SIGTERM


def test_child_that_crashed_shows_the_end_of_its_log(tmp_path: Path) -> None:
    """The error names the child, how it ended, and quotes its last lines."""
    code = "import sys; print('it hurts', flush=True); sys.exit(3)"
    with running("daemon", [sys.executable, "-c", code], folder=tmp_path) as child:
        child.process.wait(30)
        with pytest.raises(PickledError, match=r"(?s)daemon ended with exit code 3.*it hurts"):
            child.check()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children by itself")
def test_child_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    """A child doesn't outlive an owner that had no chance to clean up."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    # The link to the owner is made by a program that then becomes the child.
    while psutil.Process(pid).name() != "sleep":
        time.sleep(0.02)
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait(30)
    owner.stdout.close()
    assert _gone(pid)
