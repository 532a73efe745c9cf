"""A PulseAudio null sink: a sound card that nobody hears, whose monitor is recorded."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

DEVICE = "pickled cable"
"""The name under which PortAudio lists it."""
RATE = 48_000
"""Sample rate of the sink and of its recordings, Hz."""

_PROGRAMS = ("pulseaudio", "parec", "pactl")
_START_S = 15.0
_SINK = "cable"
_ASOUNDRC = f"""
pcm."{DEVICE}" {{ type pulse device {_SINK} hint {{ show on description "{DEVICE}" }} }}
"""


def installed() -> bool:
    """Is PulseAudio on this machine?"""
    return all(shutil.which(each) for each in _PROGRAMS)


class NullSink:
    """`with NullSink() as sink:` starts a sound server; `environ` leads a process to it."""

    def __init__(self) -> None:
        self._folder = Path()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs to find the sink, and nothing of the user's own."""
        return {
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "PULSE_SERVER": f"unix:{self._folder}/pulse.sock",
            "PULSE_COOKIE": str(self._folder / "cookie"),
        }

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="pulse-"))
        (self._folder / ".asoundrc").write_text(_ASOUNDRC)
        script = self._folder / "pulse.pa"
        script.write_text(
            f"load-module module-native-protocol-unix auth-anonymous=1 "
            f"socket={self._folder}/pulse.sock\n"
            # Without norewinds the first callback stalls for a second.
            f"load-module module-null-sink sink_name={_SINK} rate={RATE} channels=1 "
            f"format=s16le norewinds=1\n"
        )
        options = ["--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes"]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                ["pulseaudio", "-n", *options, "--use-pid-file=no", "-F", str(script)],
                env=os.environ | self.environ,
                stdout=log,
                stderr=log,
            )
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server:
            self._server.send_signal(signal.SIGKILL)
            self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def suspend(self, suspended: bool) -> None:
        """The device takes no more samples, and says nothing about it."""
        self._control("suspend-sink", _SINK, "1" if suspended else "0")

    @contextmanager
    def recording(self) -> Iterator[Recording]:
        """What is heard while it lasts."""
        path = self._folder / f"recording-{time.monotonic_ns()}.raw"
        with path.open("wb") as file:
            process = subprocess.Popen(
                [
                    "parec",
                    f"--device={_SINK}.monitor",
                    f"--rate={RATE}",
                    "--channels=1",
                    "--format=s16le",
                    "--latency-msec=10",
                ],
                env=os.environ | self.environ,
                stdout=file,
            )
            try:
                recording = Recording(path)
                recording.wait_for_samples(1)
                yield recording
            finally:
                process.terminate()
                process.wait(5)

    def _wait(self) -> None:
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            with contextlib.suppress(subprocess.CalledProcessError):
                self._control("info")
                return
            time.sleep(0.05)
        log = (self._folder / "log").read_text(errors="replace")
        raise RuntimeError(f"PulseAudio does not start:\n{log}")

    def _control(self, *command: str) -> None:
        subprocess.run(
            ["pactl", *command],
            env=os.environ | self.environ,
            check=True,
            capture_output=True,
            timeout=10,
        )


class Recording:
    """A growing file of samples."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def samples(self) -> array[int]:
        """All samples so far, 16 bit."""
        data = self._path.read_bytes()
        return array("h", data[: len(data) // 2 * 2])

    def __len__(self) -> int:
        return self._path.stat().st_size // 2

    def wait_for_samples(self, count: int, *, timeout_s: float = 10.0) -> None:
        """Until so many samples are there."""
        until = time.monotonic() + timeout_s
        while len(self) < count:
            if time.monotonic() > until:
                raise TimeoutError(f"only {len(self)} samples were recorded")
            time.sleep(0.005)
