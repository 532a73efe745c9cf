"""Which shape a mouth has, from the sound that it makes; no clock, no connection."""

from __future__ import annotations

import math
import sys
from array import array
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE

Shape = Literal["rest", "m", "a", "e", "i", "o", "u", "f"]
SHAPES: Final[tuple[Shape, ...]] = ("rest", "m", "a", "e", "i", "o", "u", "f")

WINDOW_MS = 40
"""One shape lasts that long at least."""
_WINDOW = SPEECH_RATE * WINDOW_MS // 1000
_THIN = 3
"""Every third sample is enough for what tells vowels apart."""
_PIECE = 64
"""Of those, at a time: 8 ms hear a frequency and 60 Hz around it."""
_LOW: Final = (300.0, 450.0, 600.0, 800.0, 1000.0)
_HIGH: Final = (1300.0, 1700.0, 2100.0, 2500.0, 3000.0)
_LOW_TURNS = tuple(2 * math.cos(2 * math.pi * each * _THIN / SPEECH_RATE) for each in _LOW)
_HIGH_TURNS = tuple(2 * math.cos(2 * math.pi * each * _THIN / SPEECH_RATE) for each in _HIGH)
_SILENCE = 180.0
"""Root mean square of 16-bit samples below which nobody speaks."""
_CLOSED = 0.1
"""Share of the recent loudness below which the lips are closed."""
_HISS = 0.3
"""Share of zero crossings above which it is a hiss."""
_FORGET = 0.985
"""How much of the recent loudness is left after a window."""
_SPREAD, _ROUND, _OPEN = 340.0, 390.0, 620.0
"""Below these centres (Hz) the lips are spread, then round; above the last one open."""
_BRIGHT = 0.05
"""Share of what is above the low voices from which on a vowel is one of the front."""
_WIDE = 0.7
"""Share of the recent loudness above which a mouth is wide open, whatever the vowel."""

Key = tuple[int, Shape]
"""From which millisecond of the stream on, which shape."""


@dataclass
class LipReader:
    """Reads one stream; frames come in order, what is missing is silence."""

    position: int = 0
    """The sample of the stream that is read next."""
    _rest: bytes = b""
    _loudest: float = 1500.0
    _last: Shape = "rest"

    def read(self, pts: int, pcm: bytes) -> list[Key]:
        """The changes of shape in samples that begin at `pts`; what was read before is skipped."""
        known = self.position + len(self._rest) // SAMPLE_BYTES
        if pts < known:
            pcm = pcm[(known - pts) * SAMPLE_BYTES :]
        keys: list[Key] = []
        if pts > known:
            keys += self._change(known, "rest")
            self.position, self._rest = pts, b""
        self._rest += pcm
        while len(self._rest) >= _WINDOW * SAMPLE_BYTES:
            window = self._rest[: _WINDOW * SAMPLE_BYTES]
            self._rest = self._rest[_WINDOW * SAMPLE_BYTES :]
            keys += self._change(self.position, self._shape(window))
            self.position += _WINDOW
        return keys

    def _change(self, at: int, shape: Shape) -> list[Key]:
        if shape == self._last:
            return []
        self._last = shape
        return [(at * 1000 // SPEECH_RATE, shape)]

    def _shape(self, window: bytes) -> Shape:
        samples = array("h", window)
        if sys.byteorder == "big":
            samples.byteswap()
        loud = math.sqrt(sum(each * each for each in samples) / len(samples))
        self._loudest = max(loud, self._loudest * _FORGET, 600.0)
        if loud < _SILENCE:
            return "rest"
        crossings = sum((one < 0) != (other < 0) for one, other in pairwise(samples))
        if crossings / len(samples) > _HISS:
            return "f"
        if loud < self._loudest * _CLOSED:
            return "m"
        shape = _vowel(samples[::_THIN])
        return "a" if shape in ("o", "e") and loud > self._loudest * _WIDE else shape


def _vowel(thin: array[int]) -> Shape:
    """By where the weight of the low voices lies, and how much there is above them."""
    pieces = [thin[start : start + _PIECE] for start in range(0, len(thin) - _PIECE + 1, _PIECE)]
    low = [sum(_power(piece, turn) for piece in pieces) for turn in _LOW_TURNS]
    high = sum(_power(piece, turn) for piece in pieces for turn in _HIGH_TURNS)
    below = sum(low) or 1.0
    centre = sum(at * power for at, power in zip(_LOW, low, strict=True)) / below
    if centre < _ROUND:
        return "i" if centre < _SPREAD else "u"
    if centre > _OPEN:
        return "a"
    return "e" if high / below > _BRIGHT else "o"


def _power(samples: array[int], turn: float) -> float:
    """How much of a frequency is in it, by Goertzel's way."""
    one = two = 0.0
    for each in samples:
        one, two = each + turn * one - two, one
    return one * one + two * two - turn * one * two
