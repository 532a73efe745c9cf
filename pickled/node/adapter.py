"""Our samples at another rate, in several channels: for devices that take no other."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from pickled.audio import SPEECH_RATE
from pickled.node.sound import Pull


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
