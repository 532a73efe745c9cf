"""A node's log stays readable, whatever floods it."""

from __future__ import annotations

import logging
import subprocess
import sys
import time

import pytest

from pickled.node.node_log import RepeatFilter
from pickled.recurring import FIRST_S


def record(text: str, *args: object, level: int = logging.WARNING) -> logging.LogRecord:
    """A line of the log."""
    return logging.LogRecord("node", level, "", 0, text, args, None)


def test_warning_is_shown_once_a_minute_with_how_many_were_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another number in it makes no other cause; another cause is shown at once."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    repeats = RepeatFilter()
    shown = [repeats.filter(record("underrun at %d", each)) for each in range(50)]
    assert shown == [True] + [False] * 49
    assert repeats.filter(record("the device has stopped"))
    now[0] = FIRST_S
    again = record("underrun at %d", 7)
    assert repeats.filter(again)
    assert again.getMessage() == "underrun at 7 (50 times)"


def test_what_is_no_warning_is_shown_each_time() -> None:
    """It is rare, and tells where things are."""
    repeats = RepeatFilter()
    assert all(repeats.filter(record("connected", level=logging.INFO)) for _ in range(3))


def test_causes_that_are_remembered_are_bounded() -> None:
    """Somebody may make them up."""
    repeats = RepeatFilter()
    for each in range(1000):
        repeats.filter(record("x" * each))
    assert repeats.filter(record(""))


@pytest.mark.skipif(sys.platform != "linux", reason="only ALSA prints by itself")
def test_what_a_library_prints_is_logged_once_and_never_blocks() -> None:
    """A flood on the raw stderr becomes a line; our own errors still get there."""
    code = (
        "import os, sys, time\n"
        "from pickled.node.node_log import log_to_stderr\n"
        "log_to_stderr()\n"
        "for each in range(20_000):\n"
        "    try: os.write(2, b'ALSA lib pcm.c:8570:(snd_pcm_recover) underrun \\xff\\n')\n"
        "    except BlockingIOError: pass\n"
        "time.sleep(0.5)\n"
        "print('an error of ours', file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stderr.count("underrun") == 1
    assert "WARNING sound library: ALSA lib pcm.c" in done.stderr
    assert done.stderr.endswith("an error of ours\n")
