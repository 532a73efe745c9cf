"""PortAudio, as mouth and ear share it: one call at a time, and started anew only if it must be.

Its list of devices is made once. To see what was plugged in since it has to be started again, which
ends every stream: so another process looks first whether there is anything new.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from pickled.errors import DeviceError
from pickled.node import devices
from pickled.node.side import SoundSide

_PATIENCE_S = 5.0
"""So long a device may hang in a call before the other one gives up for now."""
_LOOK_S = 10.0
_LIST = """
import json, sounddevice
print(json.dumps([[each["name"], each["hostapi"], each["max_input_channels"],
                   each["max_output_channels"]] for each in sounddevice.query_devices()]))
"""
_NODE = "PIPEWIRE_NODE"
"""Where ALSA's own way to PipeWire looks for a name, PulseAudio's for that of the side."""


class OpenDevice(Protocol):
    """What is open, or may be."""

    def close(self) -> None:
        """Close it, from any thread; it is opened again once it sees that it was."""

    @property
    def is_open(self) -> bool:
        """Does it use the audio system just now?"""


@dataclass
class AudioSystem:
    """Shared by everything in the process that opens devices."""

    generation: int = 0
    """Counts how often it was started again: a stream of an earlier one is dead."""
    _streams: list[OpenDevice] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def join(self, stream: OpenDevice) -> None:
        """It will open and close devices from now on."""
        self._streams.append(stream)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else calls it meanwhile; raises DeviceError if somebody hangs in it."""
        if not self._lock.acquire(timeout=_PATIENCE_S):
            raise DeviceError("the audio system does not answer: another device hangs")
        try:
            yield
        finally:
            self._lock.release()

    def close(self, stream: Any) -> None:
        """Close a stream of PortAudio's, also while somebody else hangs."""
        with suppress(DeviceError), self.alone():
            stream.close(ignore_errors=True)
            return
        stream.close(ignore_errors=True)

    def look_again(self, asking: OpenDevice) -> None:
        """Let it see what was plugged in since; raises DeviceError if it does not answer."""
        others = [each for each in self._streams if each is not asking and each.is_open]
        if others and not _changed():
            return
        with self.alone():
            for each in others:
                each.close()
            self.generation += 1
            devices.look_again()


def _changed() -> bool:
    """Has a fresh process other devices than we have?"""
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", _LIST],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LOOK_S,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        seen = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return False
    ours = [
        [each["name"], each["hostapi"], each["max_input_channels"], each["max_output_channels"]]
        for each in devices.library().query_devices()
    ]
    return bool(seen != ours)


@contextmanager
def led_to(place: str, side: SoundSide) -> Iterator[None]:
    """What is opened meanwhile goes to that place of the sound server; empty: to its own choice."""
    names = (side.variable, _NODE)
    before = {each: os.environ.pop(each) for each in names if each in os.environ}
    if place:
        os.environ.update(dict.fromkeys(names, place))
    try:
        yield
    finally:
        for each in names:
            os.environ.pop(each, None)
        os.environ.update(before)
