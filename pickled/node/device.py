"""The sound device: opened, watched, and opened again when it stops or plays elsewhere."""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from pickled.audio import SPEECH_RATE
from pickled.errors import DeviceError
from pickled.node.adapter import Adapter
from pickled.node.attendants import Attendants
from pickled.node.audio_system import AudioSystem, led_to
from pickled.node.devices import (
    BEST_API,
    INSTEAD,
    SoundDevice,
    asked,
    choose,
    library,
    outputs,
)
from pickled.node.routing import Routing
from pickled.node.sound import Pull

STOPPED_S = 2.0
"""A device that has taken nothing for so long has stopped, whatever it says."""

SHORT_MS, LONG_MS = 5, 10
"""Blocks of sound: the short ones where the device takes them without running dry. Left to itself
PortAudio takes 375 tiny ones a second, which costs more and runs dry sooner."""
MOST_DRY, WITHIN_S = 1, 60.0
"""So often short blocks may run dry in that time; then they are long ones, from a pause on."""
PAUSE_S = 1.0
"""Of silence, in which a device may be opened anew without being heard."""

_LOOK_S = 0.25
_CALM_S = 0.03
"""Between two looks: a volume that is dragged changes a hundred times a second."""
_ASK_S = 5.0
"""So often the sound server is asked where we sound, though it told of no change."""
_PROVEN_S = 0.1
"""A suspended device takes what fits into it, and no more."""
_LONGEST_DELAY_S = 3.0
"""A device that tells a longer way, or none, does not know it."""
_SMOOTH = 0.02
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 3.0

log = logging.getLogger(__name__)


@dataclass
class DeviceSink:
    """A sound device as a sink; it may come and go."""

    wanted: str | None = None
    """Part of its name; None or empty for the default one."""
    elsewhere: bool = False
    """May it sound at another device while the named one is away?"""
    underflows: int = 0
    problem: str = ""
    name: str = ""
    latency_s: float = 0.0
    shortest_ms: int = SHORT_MS
    """How much sound the device is given at once, at least."""
    system: AudioSystem = field(default_factory=AudioSystem)
    _dry_at: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_DRY + 1))
    """When it ran dry lately."""
    _sounded_at: float = 0.0
    _pull: Pull | None = None
    _stream: Any = None
    _called_at: float = 0.0
    _taken_s: float = 0.0
    """Sound that was taken since the device was opened."""
    _finished: bool = False
    _generation: int = 0
    _pause_s: float = _FIRST_PAUSE_S
    _asked_at: float = 0.0
    """When the sound server was asked last where we sound."""
    _routing: Routing = field(init=False)
    _attendants: Attendants = field(init=False)

    def __post_init__(self) -> None:
        self._routing = Routing(asked(self.wanted, os.environ), self.elsewhere)
        self._attendants = Attendants("device", self._watch, self._routing.side)
        self.system.join(self)

    @property
    def note(self) -> str:
        """What is odd, though it sounds."""
        return self._routing.note

    def start(self, pull: Pull) -> None:
        """Open the device; raises DeviceError if it isn't there now."""
        self._pull = pull
        self._open()
        self._attendants.start()

    def stop(self) -> None:
        """Close the device; one that hangs is left to the end of the process."""
        self._attendants.stop()

    @property
    def is_open(self) -> bool:
        """Does it use the audio system just now?"""
        return self._stream is not None

    def _open(self) -> None:
        with self.system.alone():
            self._open_alone()

    def _open_alone(self) -> None:
        self._generation = self.system.generation
        output = self._choose()
        self._routing.opened()
        self.name = output.name
        wide = min(2, output.channels)
        forms = ((SPEECH_RATE, 1), (SPEECH_RATE, wide), (output.rate, wide))
        lengths = [each for each in (SHORT_MS, LONG_MS) if each >= self.shortest_ms]
        for (rate, channels), length in product(forms, lengths):
            try:
                with led_to(output.sink, self._routing.side):
                    self._run(self._stream_of(output, rate, channels, length))
            except library().PortAudioError as error:
                why = error
            else:
                return
        raise DeviceError(
            f"{output.name} can't be opened: {why}. Choose another one, or {INSTEAD}."
        )

    def _choose(self) -> SoundDevice:
        """Look before opening: PipeWire plays what is not there elsewhere, without a word."""
        found = outputs()
        try:
            output = choose(found, self._routing.asked)
        except DeviceError:
            if not (self.elsewhere and found):
                raise
            self._routing.sink = self._routing.sink or self._routing.asked
            return choose(found, None)
        self._routing.sink = output.sink or self._routing.sink
        return output

    def _stream_of(self, output: SoundDevice, rate: int, channels: int, length_ms: int) -> Any:
        assert self._pull is not None
        sd, fits = library(), (rate, channels) == (SPEECH_RATE, 1)
        return sd.RawOutputStream(
            samplerate=rate,
            device=output.index,
            channels=channels,
            dtype="int16",
            blocksize=rate * length_ms // 1000,
            latency=_latency_s(output) if length_ms == SHORT_MS else "low",
            extra_settings=(
                sd.WasapiSettings(auto_convert=True) if output.api == BEST_API else None
            ),
            callback=self._callback(
                self._pull if fits else Adapter(self._pull, rate, channels), rate
            ),
            finished_callback=self._has_finished,
        )

    def _run(self, stream: Any) -> None:
        self._finished, self._called_at, self._taken_s = False, time.monotonic(), 0.0
        self._dry_at.clear()
        self._stream = stream
        try:
            stream.start()
        except library().PortAudioError:
            self.close()
            raise
        self.latency_s = float(stream.latency)

    def _callback(self, source: Pull, rate: int) -> Any:
        def fill(out: Any, frames: int, times: Any, status: Any) -> None:
            delay_s = times.outputBufferDacTime - times.currentTime
            if 0 < delay_s < _LONGEST_DELAY_S:  # what waits in the sound server or the air, too
                self.latency_s += (delay_s - self.latency_s) * _SMOOTH
            self._called_at = time.monotonic()
            self._taken_s += frames / rate
            if status.output_underflow:
                self.underflows += 1
                self._dry_at.append(self._called_at)
            sound = source(frames)
            if sound.count(0) < len(sound):
                self._sounded_at = self._called_at
            out[:] = sound

        return fill

    def _has_finished(self) -> None:
        self._finished = True

    def _watch(self) -> None:
        """A suspended device raises nothing, a moved stream neither: both must be looked for."""
        looked_at = time.monotonic()
        while not self._attendants.stopping.wait(_CALM_S):
            self._attendants.changed.wait(_LOOK_S)
            now = time.monotonic()
            if now - looked_at > 3 * _LOOK_S:  # the whole process stood still, not the device
                self._called_at = now
            if trouble := self._trouble(now):
                self._reopen(trouble)
            elif self._runs_dry(now):
                self._lengthen()
            elif self.problem and self._taken_s > self.latency_s + _PROVEN_S:
                log.warning("%s plays again", self.name)
                self.problem, self._pause_s = "", _FIRST_PAUSE_S
            looked_at = time.monotonic()
        self.close()

    def _trouble(self, now: float) -> str:
        if self._generation != self.system.generation:
            return "The audio system was started again"
        if self._finished or now - self._called_at > STOPPED_S:
            return f"{self.name} has stopped"
        unsure = bool(self.problem) or self._routing.lost or self._attendants.changed.is_set()
        if not unsure and now - self._asked_at < _ASK_S:
            return ""
        self._attendants.changed.clear()
        self._asked_at = now
        return self._routing.look(now)

    def _runs_dry(self, now: float) -> bool:
        """Are the blocks too short for it, and is it a good moment for longer ones?"""
        times = list(self._dry_at)
        often = len(times) > MOST_DRY and times[-1] - times[0] < WITHIN_S
        return often and self.shortest_ms < LONG_MS and now - self._sounded_at > PAUSE_S

    def _lengthen(self) -> None:
        log.info("%s runs dry: it is given %d ms at once now", self.name, LONG_MS)
        self.shortest_ms = LONG_MS
        self.close()
        try:
            self._open()
        except DeviceError as error:
            self._reopen(str(error))

    def _reopen(self, trouble: str) -> None:
        """Silent until it can be opened; well is only what then takes sound for a while."""
        new, self.problem = trouble != self.problem, trouble  # first: a dead device may hang
        self.close()
        if new:
            log.warning("%s; opening it again", trouble)
        while not self._attendants.stopping.wait(_FIRST_PAUSE_S):
            self._attendants.changed.wait(self._pause_s - _FIRST_PAUSE_S)
            self._attendants.changed.clear()
            self._pause_s = min(_LONGEST_PAUSE_S, self._pause_s * 2)
            try:
                self.system.look_again(self)
                self._open()
            except DeviceError as error:
                self.problem = str(error)
            else:
                return

    def close(self) -> None:
        """Close the device; it is opened again unless it was stopped."""
        stream, self._stream = self._stream, None
        if stream is not None:
            self.system.close(stream)


def _latency_s(output: SoundDevice) -> float:
    """As much as with long blocks: a busy machine must not make sound run dry sooner."""
    told = library().query_devices(output.index)["default_low_output_latency"]
    return max(2 * LONG_MS / 1000, float(told))
