"""A sound device that is a WAV file: takes samples in real time, and acknowledges like a device."""

from __future__ import annotations

import struct
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE
from pickled.errors import DeviceError
from pickled.node.sound import Pull

BLOCK_S = 0.02
_BLOCK = int(BLOCK_S * SPEECH_RATE)
_BEHIND_S = 0.25
"""After a longer stop of the process the time that has passed is silence."""
_HEADER_EVERY = 50
_LARGEST = 0xFFFF_FFFF


@dataclass
class WavSink:
    """`--wav FILE`."""

    path: Path
    latency_s: float = BLOCK_S
    underflows: int = 0
    problem: str = ""
    note: str = ""
    _file: BinaryIO | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """How it shows in the node's `info`."""
        return f"wav: {self.path.name}"

    def start(self, pull: Pull) -> None:
        """Create the file and begin to take samples."""
        try:
            self._file = self.path.open("wb")
            self._file.write(_header(0))
        except OSError as error:
            raise DeviceError(f"{self.path} can't be written: {error.strerror}") from error
        self._thread = threading.Thread(
            target=self._run, args=(self._file, pull), name="wav", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Finish the file."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=1)
        if self._file:
            self._file.close()

    def _run(self, file: BinaryIO, pull: Pull) -> None:
        try:
            self._write(file, pull)
        except OSError as error:
            self.problem = f"{self.path} can't be written: {error.strerror}"

    def _write(self, file: BinaryIO, pull: Pull) -> None:
        due, written, block = time.monotonic(), 0, 0
        while not self._stop.is_set():
            behind = time.monotonic() - due
            if behind > _BEHIND_S:
                missed = int(behind / BLOCK_S)
                written += file.write(bytes(missed * _BLOCK * SAMPLE_BYTES))
                due += missed * BLOCK_S
                self.underflows += 1
            written += file.write(pull(_BLOCK))
            block += 1
            if block % _HEADER_EVERY == 0:
                _update(file, written)
            due += BLOCK_S
            self._stop.wait(max(0.0, due - time.monotonic()))
        _update(file, written)


def _update(file: BinaryIO, data_bytes: int) -> None:
    """Write the header again, so that the file can be read even after a kill."""
    file.seek(0)
    file.write(_header(data_bytes))
    file.seek(0, 2)
    file.flush()


def _header(data_bytes: int) -> bytes:
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        min(36 + data_bytes, _LARGEST),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        SPEECH_RATE,
        SPEECH_RATE * SAMPLE_BYTES,
        SAMPLE_BYTES,
        8 * SAMPLE_BYTES,
        b"data",
        min(data_bytes, _LARGEST),
    )
