"""The demo as a user runs it: real broker, daemon and node, from start to end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.conftest import needs_mosquitto
from tests.stand_ins.broker import Broker

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


HERE = Path(__file__).parent.parent.parent


@contextmanager
def demo(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The demo, not on a terminal, with its temporary files in that folder."""
    needs_mosquitto()
    (folder / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "pickled", "demo", *options],
        cwd=folder,
        env=os.environ
        | {"TMPDIR": str(folder / "tmp"), "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(HERE)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """The output up to the first line that has the text."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError(f"{text!r} never came:\n{''.join(lines)}")


def left_over(folder: Path) -> list[str]:
    """Processes that still use the demo's folder, and the files in it."""
    mark = str(folder / "tmp")
    running = [
        " ".join(each.info["cmdline"])
        for each in psutil.process_iter(["cmdline"])
        if any(mark in part for part in each.info["cmdline"] or ())
    ]
    return running + [str(path) for path in (folder / "tmp").iterdir()]


def seconds_of_sound(path: Path) -> float:
    """How much of a WAV file is not silent."""
    with wave.open(str(path)) as file:
        assert file.getsampwidth() == 2
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
        return sum(abs(each) > 200 for each in samples) / file.getframerate() / file.getnchannels()


def test_demo_answers_chat_with_sound_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """It shows turns with question, reason, words and times, writes sound, and cleans up."""
    options = ("--seconds", "12", "--wav", "out.wav", "--no-web", "--persona", "maple")
    with demo(tmp_path, *options) as process:
        output, _ = process.communicate(timeout=100)
    assert process.returncode == 0, output
    for expected in ("mosquitto_sub -p", "out.wav", "why    ", "says   ", "ms to the first"):
        assert expected in output
    for expected in ("on air “", "pickled ask 'What did I miss?' --broker", "pickled setup"):
        assert expected in output
    assert "ms from decision to sound" in output.partition("messages read")[2]
    assert seconds_of_sound(tmp_path / "out.wav") > 0.5
    assert left_over(tmp_path) == []


def test_demo_says_where_its_pages_are(tmp_path: Path) -> None:
    """Dashboard and overlay answer under the addresses that are printed; they end with it."""
    with demo(tmp_path, "--wav", "out.wav") as process:
        output = read_until(process, "Ctrl-C ends it.")
        (base,) = re.findall(r"pages +(http://127\.0\.0\.1:\d+)/", output)
        for path in ("/overlay", "/health", "/"):
            with urllib.request.urlopen(base + path, timeout=30) as answer:
                assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--persona", "mapel"), "did you mean maple?"),
        (("--channel", "https://youtube.com/x"), "is not the address of a Twitch channel"),
    ],
)
def test_demo_of_nobody_is_wrong_usage(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    """A persona that there isn't, and what is no channel: told before anything starts."""
    with demo(tmp_path, *options) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert told in output
    assert left_over(tmp_path) == []


def test_demo_ends_cleanly_when_told_to(tmp_path: Path) -> None:
    """SIGTERM ends it like Ctrl-C: with a summary, code 0, and nothing left behind."""
    with demo(tmp_path, "--wav", "out.wav") as process:
        read_until(process, "Ctrl-C ends it.")
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert "messages read" in output
    assert left_over(tmp_path) == []


def test_demo_whose_daemon_dies_shows_why_and_fails(tmp_path: Path) -> None:
    """A part that crashes is named with the end of its log, and the exit code is 1."""
    with demo(tmp_path, "--wav", "out.wav") as process:
        read_until(process, "Ctrl-C ends it.")
        (daemon,) = (
            each for each in psutil.Process(process.pid).children() if "run" in each.cmdline()
        )
        daemon.kill()
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1, output
    assert "The daemon was ended by signal 9. The end of its log:" in output
    assert left_over(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children by itself")
def test_demo_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    """Even without a chance to clean up, broker, daemon, node and pages end."""
    with demo(tmp_path, "--wav", "out.wav") as process:
        read_until(process, "Ctrl-C ends it.")
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) == 4
        process.kill()
        _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []


def test_demo_on_a_broker_that_is_there_cleans_up(tmp_path: Path, broker: Broker) -> None:
    """With `--broker` no other one is started, and nothing stays retained at the user's."""
    with demo(tmp_path, "--seconds", "3", "--wav", "out.wav", "--broker", broker.url) as process:
        output = read_until(process, "Ctrl-C ends it.")
        assert f"127.0.0.1:{broker.port}" in output
        names = {each.name() for each in psutil.Process(process.pid).children()}
        assert "mosquitto" not in names
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert retained(broker) == ""


def retained(broker: Broker) -> str:
    """The topics of all retained messages."""
    command = ["mosquitto_sub", "-p", str(broker.port), "-t", "#", "-F", "%t", "-W", "2"]
    return subprocess.run(
        [*command, "--retained-only"], capture_output=True, text=True, timeout=30, check=False
    ).stdout
