"""How samples sound: the volume, and fades wherever sound begins and stops."""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass

from pickled.audio import SPEECH_RATE

FADE = SPEECH_RATE // 100
"""Samples that a fade takes: 10 ms."""

Piece = bytes | int
"""Samples that sound, or so many samples of silence."""

_TOP, _BOTTOM = 32_767, -32_768


@dataclass
class Shape:
    """Turns pieces of sound and silence into samples without a click.

    Where sound stops, the last sample is led to zero, so that nothing of what was stopped is heard
    any more; where it begins, it is faded in.
    """

    target: float = 1.0
    """The volume that is wanted, 1.0 is full."""
    _gain: float = 1.0
    _opened: int = 0
    """How far the fade-in has come, samples."""
    _level: int = 0
    """The last sample that was given out."""
    _tail_from: int = 0
    _tail_left: int = 0

    def apply(self, pieces: list[Piece]) -> bytes:
        """The samples of these pieces, one after the other."""
        return b"".join(
            self._silence(piece) if isinstance(piece, int) else self._sound(piece)
            for piece in pieces
        )

    def _silence(self, samples: int) -> bytes:
        if self._opened:
            self._tail_from, self._tail_left, self._opened = self._level, FADE, 0
        tail = array("h", (self._tail() for _ in range(min(samples, self._tail_left))))
        self._level = self._tail_from * self._tail_left // FADE
        return _little_endian(tail) + bytes(2 * (samples - len(tail)))

    def _sound(self, pcm: bytes) -> bytes:
        if not pcm:
            return pcm
        steady = self._opened == FADE and self._gain == self.target and not self._tail_left
        if steady and self._gain == 1.0:
            self._level = int.from_bytes(pcm[-2:], "little", signed=True)
            return pcm
        samples = array("h", pcm)
        if sys.byteorder == "big":
            samples.byteswap()
        ramp = 0 if steady else FADE
        out = array("h", [self._ramped(each) for each in samples[:ramp]])
        out.extend(_louder(samples[ramp:], self._gain))
        self._level = out[-1]
        return _little_endian(out)

    def _ramped(self, sample: int) -> int:
        if self._gain < self.target:
            self._gain = min(self.target, self._gain + 1 / FADE)
        else:
            self._gain = max(self.target, self._gain - 1 / FADE)
        self._opened = min(FADE, self._opened + 1)
        return _clipped(sample * self._gain * self._opened / FADE + self._tail())

    def _tail(self) -> int:
        if self._tail_left:
            self._tail_left -= 1
        return self._tail_from * self._tail_left // FADE


def decibels(gain_db: float) -> float:
    """The factor of a gain in dB."""
    return float(10 ** (gain_db / 20))


def _louder(samples: array[int], gain: float) -> list[int]:
    if gain <= 1.0:  # the usual case, and far cheaper
        return [int(each * gain) for each in samples]
    return [_clipped(each * gain) for each in samples]


def _clipped(value: float) -> int:
    return max(_BOTTOM, min(_TOP, int(value)))


def _little_endian(samples: array[int]) -> bytes:
    if sys.byteorder == "big":
        samples = array("h", samples)
        samples.byteswap()
    return samples.tobytes()
