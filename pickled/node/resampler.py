"""Samples of a microphone at any rate, in any channels: as the 16 kHz mono that goes out."""

from __future__ import annotations

import math
import sys
from array import array
from dataclasses import dataclass, field
from operator import mul

from pickled.audio import MIC_RATE

_CROSSINGS = 8
"""So many zeros of the sinc to each side: what folds back is 50 dB down from 9 kHz on."""
_PASS = 0.9
"""Up to this part of the band nothing is lost."""


@dataclass
class Resampler:
    """A windowed sinc for each phase, made when it is first needed; without numpy 2 % of a core."""

    rate: int
    """Of what comes in, Hz."""
    channels: int = 1
    _samples: array[int] = field(default_factory=lambda: array("h"))
    _taps: dict[int, array[float]] = field(default_factory=dict)
    _at: int = 0
    """The sample below the next one that goes out."""
    _phase: int = 0
    _up: int = field(init=False)
    _down: int = field(init=False)
    _half: int = field(init=False)

    def __post_init__(self) -> None:
        common = math.gcd(MIC_RATE, self.rate)
        self._up, self._down = MIC_RATE // common, self.rate // common
        self._half = math.ceil(_CROSSINGS * max(1.0, self.rate / MIC_RATE))
        self._samples.extend([0] * (self._half - 1))
        self._at = self._half - 1

    def __call__(self, data: bytes) -> bytes:
        """What they are at 16 kHz; half a millisecond waits for the next call."""
        if self.rate == MIC_RATE and self.channels == 1:
            return data
        samples, half = self._samples, self._half
        samples.extend(_mono(data, self.channels))
        out = array("h")
        at, phase = self._at, self._phase
        while at + half < len(samples):
            window = samples[at - half + 1 : at + half + 1]
            value = round(sum(map(mul, self._taps_of(phase), window)))
            out.append(max(-32_768, min(32_767, value)))
            phase += self._down
            at += phase // self._up
            phase %= self._up
        behind = min(at - half + 1, len(samples))
        del samples[:behind]
        self._at, self._phase = at - behind, phase
        return _little_endian(out)

    def _taps_of(self, phase: int) -> array[float]:
        taps = self._taps.get(phase)
        if taps is None:
            taps = self._taps[phase] = self._made(phase / self._up)
        return taps

    def _made(self, part: float) -> array[float]:
        """For a sample that lies so far behind the one at the window's middle."""
        cut = _PASS * min(1.0, MIC_RATE / self.rate)
        half = self._half
        taps = [
            _sinc(cut * distance) * 0.5 * (1 + math.cos(math.pi * distance / half))
            for distance in (each - half + 1 - part for each in range(2 * half))
        ]
        whole = sum(taps)
        return array("d", (each / whole for each in taps))


def _sinc(x: float) -> float:
    return 1.0 if x == 0 else math.sin(math.pi * x) / (math.pi * x)


def _mono(data: bytes, channels: int) -> array[int]:
    """The mean of the first two channels: a microphone may be in either."""
    samples = array("h", data)
    if sys.byteorder == "big":
        samples.byteswap()
    if channels == 1:
        return samples
    left, right = samples[::channels], samples[1::channels]
    return array("h", [(a + b) // 2 for a, b in zip(left, right, strict=True)])


def _little_endian(samples: array[int]) -> bytes:
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
