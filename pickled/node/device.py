"""The sound device: chosen by its name, watched, and opened again when it stops."""

from __future__ import annotations

import logging
import sys
import threading
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pickled.audio import SPEECH_RATE
from pickled.errors import DeviceError
from pickled.extras import remedy
from pickled.node.sound import Pull

BEST_API = "Windows WASAPI"
STOPPED_S = 2.0
"""A device that has taken nothing for so long has stopped, whatever it says."""

_BLOCKS_A_SECOND = 100
"""Left to itself PortAudio takes 375 tiny blocks, which costs more and runs dry sooner."""
_LOOK_S = 0.25
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 3.0
_INSTEAD = "or write the sound to a file: `pickled node --wav FILE`"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Output:
    """A device that can play."""

    index: int
    """Changes with every plug: never kept."""
    name: str
    api: str
    rate: int
    """Its own sample rate, Hz."""
    channels: int
    default: bool
    """Is it the one that its API plays to if nobody says otherwise?"""


def outputs() -> list[Output]:
    """All devices that can play; raises DeviceError if there is no audio library."""
    sd = _library()
    apis = sd.query_hostapis()
    return [
        Output(
            index=each["index"],
            name=each["name"],
            api=apis[each["hostapi"]]["name"],
            rate=int(each["default_samplerate"]),
            channels=each["max_output_channels"],
            default=apis[each["hostapi"]]["default_output_device"] == each["index"],
        )
        for each in sd.query_devices()
        if each["max_output_channels"] > 0
    ]


def choose(found: Sequence[Output], wanted: str | None) -> Output:
    """The device of that name, or whose name begins so (some APIs cut names); else DeviceError.

    Without a name it is the default one.
    """
    if not found:
        raise DeviceError(f"This machine has no sound output. Connect one, {_INSTEAD}.")
    if wanted is None:
        named = [each for each in found if each.default] or list(found)
    else:
        named = [each for each in found if _matches(each.name, wanted)]
    if not named:
        names = ", ".join(dict.fromkeys(each.name for each in found))
        raise DeviceError(f"No sound output is called {wanted}. There are: {names}. Or {_INSTEAD}.")
    exact = (wanted or "").casefold()
    return min(named, key=lambda each: (each.name.casefold() != exact, each.api != BEST_API))


def _matches(name: str, wanted: str) -> bool:
    name, wanted = name.casefold(), wanted.casefold()
    return name.startswith(wanted) or (len(name) >= 30 and wanted.startswith(name))


@dataclass
class Speaker:
    """A sound device as a sink; it may come and go."""

    wanted: str | None = None
    """The beginning of its name; None for the default one."""
    underflows: int = 0
    problem: str = ""
    name: str = ""
    latency_s: float = 0.0
    _pull: Pull | None = None
    _stream: Any = None
    _called_at: float = 0.0
    _finished: bool = False
    _stopping: threading.Event = field(default_factory=threading.Event)
    _watcher: threading.Thread | None = None

    def start(self, pull: Pull) -> None:
        """Open the device; raises DeviceError if it isn't there now."""
        self._pull = pull
        self._open()
        self._watcher = threading.Thread(target=self._watch, name="device", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Close the device; one that hangs is left to the end of the process."""
        self._stopping.set()
        if self._watcher:
            self._watcher.join(timeout=1)

    def _open(self) -> None:
        sd, output = _library(), choose(outputs(), self.wanted)
        self.name = output.name
        extra = sd.WasapiSettings(auto_convert=True) if output.api == BEST_API else None
        wide = min(2, output.channels)
        for rate, channels in ((SPEECH_RATE, 1), (SPEECH_RATE, wide), (output.rate, wide)):
            assert self._pull is not None
            fits = (rate, channels) == (SPEECH_RATE, 1)
            source = self._pull if fits else Adapter(self._pull, rate, channels)
            try:
                stream = sd.RawOutputStream(
                    samplerate=rate,
                    device=output.index,
                    channels=channels,
                    dtype="int16",
                    blocksize=rate // _BLOCKS_A_SECOND,
                    latency="low",
                    extra_settings=extra,
                    callback=self._callback(source),
                    finished_callback=self._has_finished,
                )
            except sd.PortAudioError as error:
                why = error
                continue
            self._run(stream)
            return
        raise DeviceError(f"{output.name} can't be opened: {why}. Choose another one, {_INSTEAD}.")

    def _run(self, stream: Any) -> None:
        self._stream, self._finished, self._called_at = stream, False, time.monotonic()
        try:
            stream.start()
        except _library().PortAudioError as error:
            self._close()
            raise DeviceError(f"{self.name} does not start: {error}") from error
        self.latency_s = float(stream.latency)
        self.problem = ""

    def _callback(self, source: Pull) -> Any:
        def fill(out: Any, frames: int, _time: Any, status: Any) -> None:
            self._called_at = time.monotonic()
            if status.output_underflow:
                self.underflows += 1
            out[:] = source(frames)

        return fill

    def _has_finished(self) -> None:
        self._finished = True

    def _watch(self) -> None:
        """A suspended device raises nothing: only the age of its last call tells."""
        looked_at = time.monotonic()
        while not self._stopping.wait(_LOOK_S):
            now = time.monotonic()
            if now - looked_at > 2 * _LOOK_S:  # the whole process stood still, not the device
                self._called_at = now
            looked_at = now
            if self._finished or now - self._called_at > STOPPED_S:
                self.problem = f"{self.name} has stopped"
                log.warning("%s; opening it again", self.problem)
                self._close()
                self._reopen()
                looked_at = time.monotonic()
        self._close()

    def _reopen(self) -> None:
        pause = _FIRST_PAUSE_S
        while not self._stopping.wait(pause):
            pause = min(_LONGEST_PAUSE_S, pause * 2)
            try:
                _look_again()
                self._open()
            except DeviceError as error:
                self.problem = str(error)
            else:
                log.warning("%s plays again", self.name)
                return

    def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)


@dataclass
class Adapter:
    """Our samples at another rate, in several channels: linear, for devices that take no other."""

    pull: Pull
    rate: int
    channels: int
    _at: float = 0.0
    _samples: array[int] = field(default_factory=lambda: array("h", [0]))

    def __call__(self, frames: int) -> bytes:
        """The next so many frames of the device."""
        step = SPEECH_RATE / self.rate
        needed = int(self._at + step * (frames - 1)) + 2 - len(self._samples)
        if needed > 0:
            self._samples.frombytes(self.pull(needed))
        out = array("h")
        for index in range(frames):
            whole, part = divmod(self._at + index * step, 1.0)
            before, after = self._samples[int(whole)], self._samples[int(whole) + 1]
            out.extend([round(before + (after - before) * part)] * self.channels)
        behind = min(int(self._at + step * frames), len(self._samples) - 1)
        self._at += step * frames - behind
        del self._samples[:behind]
        return out.tobytes()


def _look_again() -> None:
    """PortAudio's list of devices is made once: it must be started again to see a new plug."""
    sd = _library()
    sd._terminate()  # noqa: SLF001 - the documented way to refresh the list
    try:
        sd._initialize()  # noqa: SLF001
    except sd.PortAudioError as error:
        raise DeviceError(f"the audio system does not answer: {error}") from error


def _library() -> Any:
    try:
        import sounddevice
    except ModuleNotFoundError as error:
        how = f"{remedy('node')}, {_INSTEAD}"
        raise DeviceError(f"The package {error.name} is not installed: {how}.") from error
    except (ImportError, OSError) as error:
        how = "`sudo apt-get install libportaudio2`, " if sys.platform == "linux" else ""
        raise DeviceError(
            f"The audio library can't be loaded ({error}): {how}{_INSTEAD}."
        ) from error
    return sounddevice
