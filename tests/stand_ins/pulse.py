"""Sound servers of their own, with null sinks: sound cards that nobody hears, and are recorded."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Self

DEVICE = "pickled cable"
"""The name under which PortAudio lists the sink of `NullSink`."""
RATE = 48_000
"""Sample rate of the sinks and of their recordings, Hz."""

Kind = Literal["PulseAudio", "PipeWire"]

_PROGRAMS: dict[Kind, Sequence[str]] = {
    "PulseAudio": ("pulseaudio",),
    "PipeWire": ("pipewire", "wireplumber", "pipewire-pulse"),
}
_START_S = 15.0
_MANAGER = 1
"""Which of PipeWire's programs connects streams with sinks."""
_CONNECTS_S = 2.0
_SINK = "cable"
_ASOUNDRC = f"""
pcm."{DEVICE}" {{ type pulse device {_SINK} hint {{ show on description "{DEVICE}" }} }}
"""
_WIREPLUMBER = {
    # Neither the session bus nor the machine's own devices are there for a test.
    "main.lua.d/51-test.lua": (
        "default_access.properties['enable-flatpak-portal'] = false\n"
        "alsa_monitor.enabled = false\n"
        "v4l2_monitor.enabled = false\n"
        "libcamera_monitor.enabled = false\n"
    ),
    "bluetooth.lua.d/51-test.lua": "bluez_monitor.enabled = false\n",
}


def missing(kind: Kind = "PulseAudio") -> str:
    """What to install before that server can be started; empty if all is there."""
    programs = (*_PROGRAMS[kind], "parec", "pactl")
    if all(shutil.which(each) for each in programs):
        return ""
    packages = " ".join((*_PROGRAMS[kind], "pulseaudio-utils"))
    return f"{kind} is not installed: `apt install {packages}`"


def installed() -> bool:
    """Is PulseAudio on this machine?"""
    return not missing()


class SoundServer:
    """`with SoundServer("PipeWire") as server:`; `environ` leads a process to it."""

    def __init__(self, kind: Kind = "PulseAudio") -> None:
        self.kind = kind
        self._folder = Path()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._modules: dict[str, str] = {}

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs to find the server, and nothing of the user's own."""
        folder = self._folder
        socket = "pulse.sock" if self.kind == "PulseAudio" else "pulse/native"
        return {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_SERVER": f"unix:{folder}/{socket}",
            "PULSE_COOKIE": str(folder / "cookie"),
        }

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="pulse-"))
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Without any sink."""
        if self.kind == "PipeWire":
            self._write_settings()
            commands = [[each] for each in _PROGRAMS["PipeWire"]]
        else:
            load = "load-module module-native-protocol-unix auth-anonymous=1"
            script = self._folder / "pulse.pa"
            script.write_text(f"{load} socket={self._folder}/pulse.sock\n")
            options = ["--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes"]
            script_options = ["--use-pid-file=no", "-F", str(script)]
            commands = [["pulseaudio", "-n", *options, *script_options]]
        self._processes = [self._spawn(command) for command in commands]
        self._wait()

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, env=self._environ(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def stop(self) -> None:
        """It dies."""
        for process in reversed(self._processes):
            process.kill()
            process.wait()
        self._processes.clear()
        self._modules.clear()

    def load(self, sink: str, *, description: str = "", channels: int = 2) -> None:
        """A null sink appears."""
        properties = f"""sink_properties='device.description="{description or sink}"'"""
        shape = ["format=s16le", f"rate={RATE}", f"channels={channels}"]
        # Without norewinds PulseAudio's first callback stalls for a second.
        quick = ["norewinds=1"] if self.kind == "PulseAudio" else []
        self._modules[sink] = self._control(
            "load-module", "module-null-sink", f"sink_name={sink}", properties, *shape, *quick
        ).strip()
        self._until(lambda: sink in self.sinks(), f"{sink} does not appear")
        if self.kind == "PipeWire":
            self._until(lambda: self._connects(sink), f"nobody is connected to {sink}")

    def chain(self, sink: str, behind: str) -> None:
        """A sink appears whose sound goes to another one, and is late by that."""
        self._modules[sink] = self._control(
            "load-module", "module-combine-sink", f"sink_name={sink}", f"slaves={behind}"
        ).strip()
        self._until(lambda: sink in self.sinks(), f"{sink} does not appear")

    def described(self, what: str) -> str:
        """All that the server says of its `sinks`, `sink-inputs` and the like."""
        return self._control("list", what)

    def unload(self, sink: str) -> None:
        """A null sink is gone; the server moves what plays to it."""
        self._control("unload-module", self._modules.pop(sink))

    def sinks(self) -> list[str]:
        """Their names."""
        lines = self._control("list", "short", "sinks").splitlines()
        return [line.split("\t")[1] for line in lines]

    def move_all(self, sink: str) -> None:
        """What plays anywhere is moved to that sink, as a user does it."""
        for line in self._control("list", "short", "sink-inputs").splitlines():
            self._control("move-sink-input", line.split("\t")[0], sink)

    def suspend(self, suspended: bool, *, sink: str = _SINK) -> None:
        """The device takes no more samples, and says nothing about it."""
        self._control("suspend-sink", sink, "1" if suspended else "0")

    @contextmanager
    def recording(self, sink: str = _SINK) -> Iterator[Recording]:
        """What is heard while it lasts."""
        path = self._folder / f"recording-{time.monotonic_ns()}.raw"
        recording, process = Recording(path), self._recorder(sink, path)
        try:
            try:
                recording.wait_for_samples(1, timeout_s=3)
            except TimeoutError:  # now and then WirePlumber leaves a recorder unconnected
                process.kill()
                process.wait(5)
                process = self._recorder(sink, path)
                recording.wait_for_samples(1)
            yield recording
        finally:
            process.terminate()
            process.wait(5)

    def say(self, wav: Path, sink: str) -> None:
        """Play a WAV file to a sink, to its end."""
        subprocess.run(
            ["paplay", f"--device={sink}", str(wav)], env=self._environ(), check=True, timeout=60
        )

    def _connects(self, sink: str) -> bool:
        """Does what wants to use the sink get it? Now and then WirePlumber starts, and does not."""
        options = [f"--device={sink}.monitor", "--latency-msec=10"]
        with subprocess.Popen(
            ["parec", *options], env=self._environ(), stdout=subprocess.PIPE
        ) as trial:
            ready, _, _ = select.select([trial.stdout], [], [], _CONNECTS_S)
            trial.kill()
        if not ready:
            self._processes[_MANAGER].kill()
            self._processes[_MANAGER].wait()
            self._processes[_MANAGER] = self._spawn(["wireplumber"])
        return bool(ready)

    def _recorder(self, sink: str, path: Path) -> subprocess.Popen[bytes]:
        options = [f"--rate={RATE}", "--channels=1", "--format=s16le", "--latency-msec=10"]
        with path.open("wb") as file:
            return subprocess.Popen(
                ["parec", f"--device={sink}.monitor", *options], env=self._environ(), stdout=file
            )

    def _environ(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
        kept.pop("DBUS_SESSION_BUS_ADDRESS", None)
        return kept | self.environ

    def _write_settings(self) -> None:
        for name, text in _WIREPLUMBER.items():
            path = self._folder / ".config" / "wireplumber" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def _wait(self) -> None:
        def answers() -> bool:
            with contextlib.suppress(subprocess.CalledProcessError):
                self._control("info")
                return True
            return False

        self._until(answers, f"{self.kind} does not start")

    def _until(self, true: Callable[[], bool], otherwise: str) -> None:
        until = time.monotonic() + _START_S
        while not true():
            if time.monotonic() > until:
                log = (self._folder / "log").read_text(errors="replace")
                raise RuntimeError(f"{otherwise}:\n{log}")
            time.sleep(0.05)

    def _control(self, *command: str) -> str:
        return subprocess.run(
            ["pactl", *command],
            env=self._environ(),
            check=True,
            capture_output=True,
            text=True,
            timeout=10,
        ).stdout


class NullSink(SoundServer):
    """A server with one sink, which ALSA's configuration names; its monitor is recorded."""

    def start(self) -> None:
        """With the sink."""
        (self._folder / ".asoundrc").write_text(_ASOUNDRC)
        super().start()
        self.load(_SINK, channels=1)


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
