"""The microphone: opened by name, watched, and opened again when it is back; never another one."""

from __future__ import annotations

import logging
import os
import sys
import time
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from pickled.audio import MIC_RATE, SAMPLE_BYTES
from pickled.errors import DeviceError
from pickled.node.attendants import Attendants
from pickled.node.audio_system import AudioSystem, led_to
from pickled.node.capture_ring import CaptureRing
from pickled.node.devices import BEST_API, SoundDevice, asked, choose, inputs, library
from pickled.node.routing import Routing
from pickled.node.side import INPUT
from pickled.node.stretch import FRAME_MS

STOPPED_S = 2.0
"""A microphone that has given nothing for so long has stopped, whatever it says."""
DEAD_S = 10.0
"""A real one is never wholly silent for so long: it is switched off, or we may not listen."""
_LOOK_S = 0.25
_ASK_S = 5.0
"""So often the sound server is asked where we listen, though it told of no change."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 8.0
_NOT_ALLOWED = {
    "darwin": "allow it in System Settings, Privacy & Security, Microphone",
    "win32": "allow it in Settings, Privacy & security, Microphone",
}

log = logging.getLogger(__name__)


@dataclass
class MicDevice:
    """`--input NAME`; what it takes is in `ring`, at its own rate and in its own channels."""

    wanted: str
    """Part of its name; `default` for the default one."""
    system: AudioSystem = field(default_factory=AudioSystem)
    ring: CaptureRing = field(default_factory=CaptureRing)
    name: str = ""
    rate: int = MIC_RATE
    channels: int = 1
    latency_s: float = 0.0
    """From the air to us."""
    problem: str = ""
    """Why nothing is heard just now; empty when all is well."""
    sound_at: float = 0.0
    """When it gave anything but zeros last (monotonic, s); who reads the ring says so."""
    _stream: Any = None
    _generation: int = 0
    _called_at: float = 0.0
    _finished: bool = False
    _asked_at: float = 0.0
    _routing: Routing = field(init=False)
    _attendants: Attendants = field(init=False)

    def __post_init__(self) -> None:
        name = asked(self.wanted, os.environ, INPUT)
        self._routing = Routing(name, side=INPUT)
        self._attendants = Attendants("microphone", self._watch, INPUT)
        self.system.join(self)

    @property
    def is_open(self) -> bool:
        """Does it use the audio system just now?"""
        return self._stream is not None

    @property
    def note(self) -> str:
        """What is odd, though it listens."""
        remedy = _NOT_ALLOWED.get(sys.platform)
        silent = self.is_open and time.monotonic() - self.sound_at > DEAD_S
        return f"{self.name} gives nothing but silence: {remedy}." if silent and remedy else ""

    def start(self) -> None:
        """Open it, or go on trying: what is missing at the start may come."""
        try:
            self._open()
        except DeviceError as error:
            self._tell(str(error))
        self._attendants.start()

    def stop(self) -> None:
        """Close it; one that hangs is left to the end of the process."""
        self._attendants.stop()

    def close(self) -> None:
        """Close it for now; it is opened again unless it was stopped."""
        stream, self._stream = self._stream, None
        if stream is not None:
            self.system.close(stream)

    def _open(self) -> None:
        with self.system.alone():
            self._generation = self.system.generation
            device = choose(inputs(), self._routing.asked, INPUT)
            self._routing.sink = device.sink or self._routing.sink
            self._routing.opened()
            self.name = device.name
            wide = min(2, device.channels)
            forms = ((MIC_RATE, 1), (MIC_RATE, wide), (device.rate, 1), (device.rate, wide))
            for (rate, channels), latency in product(dict.fromkeys(forms), ("low", "high")):
                try:
                    with led_to(device.sink, INPUT):
                        self._run(device, rate, channels, latency)
                except library().PortAudioError as error:
                    why = error
                else:
                    return
        raise DeviceError(f"{device.name} can't be opened: {why}. Choose another one.")

    def _run(self, device: SoundDevice, rate: int, channels: int, latency: str) -> None:
        sd = library()
        self.rate, self.channels = rate, channels
        self.ring.hold(rate * channels * SAMPLE_BYTES)
        self._finished = False
        self._called_at = self.sound_at = time.monotonic()
        stream = sd.RawInputStream(
            samplerate=rate,
            device=device.index,
            channels=channels,
            dtype="int16",
            blocksize=rate * FRAME_MS // 1000,
            latency=latency,
            extra_settings=sd.WasapiSettings(auto_convert=True) if device.api == BEST_API else None,
            callback=self._take,
            finished_callback=self._has_finished,
        )
        self._stream = stream
        try:
            stream.start()
        except sd.PortAudioError:
            self.close()
            raise
        self.latency_s = float(stream.latency)

    def _take(self, data: Any, _frames: int, _times: Any, status: Any) -> None:
        self._called_at = time.monotonic()
        if status.input_overflow:
            self.ring.lost += len(data)
        self.ring.write(memoryview(data))

    def _has_finished(self) -> None:
        self._finished = True

    def _watch(self) -> None:
        """A suspended device raises nothing, a moved stream neither: both must be looked for."""
        looked_at = time.monotonic()
        while not self._attendants.stopping.is_set():
            self._attendants.changed.wait(_LOOK_S)
            now = time.monotonic()
            if now - looked_at > 3 * _LOOK_S:  # the whole process stood still, not the device
                self._called_at = max(self._called_at, now)
            if trouble := self._trouble(now):
                self._reopen(trouble)
            looked_at = time.monotonic()
        self.close()

    def _trouble(self, now: float) -> str:
        if self._attendants.stopping.is_set():
            return ""
        if self._generation != self.system.generation:
            return "The audio system was started again"
        if not self.is_open:
            return self.problem or f"{self.name} is closed"
        if self._finished or now - self._called_at > STOPPED_S:
            return f"{self.name} has stopped"
        unsure = self._routing.lost or self._attendants.changed.is_set()
        if not unsure and now - self._asked_at < _ASK_S:
            return ""
        self._attendants.changed.clear()
        self._asked_at = now
        return self._routing.look(now)

    def _reopen(self, trouble: str) -> None:
        """Deaf until it can be opened; it tries ever more seldom, and at once on any change."""
        self._tell(trouble)
        self.close()
        pause_s = _FIRST_PAUSE_S
        while not self._attendants.stopping.wait(_FIRST_PAUSE_S):
            self._attendants.changed.wait(pause_s - _FIRST_PAUSE_S)
            self._attendants.changed.clear()
            pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)
            try:
                self.system.look_again(self)
                self._open()
            except DeviceError as error:
                self.problem = str(error)
            else:
                log.warning("%s listens again", self.name)
                self.problem = ""
                return

    def _tell(self, trouble: str) -> None:
        if trouble != self.problem:
            log.warning("%s; opening it again", trouble.rstrip("."))
        self.problem = trouble
