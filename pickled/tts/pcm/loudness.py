"""Evens out how loud voices are: over the clauses of one, and from one engine to the next.

Piper scales each sentence by itself to full scale, so that "hm" is as loud as a shout; flite's
voices lie 10 dB apart. Loudness is measured as broadcasters do it (ITU-R BS.1770: weighted as ears
are, without the pauses), in blocks of 100 ms as they pass.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from pickled.audio import SPEECH_RATE
from pickled.patterns import module, on_first_use

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]
else:
    np = module("numpy")

TARGET_DB = -20.0
"""How loud speech leaves, below full scale."""

LOUDER_DB, SOFTER_DB = 9.0, 18.0
"""The most that is added or taken away: beyond this it would lift an engine's noise."""

_BLOCK = SPEECH_RATE // 10
_SHORTEST = _BLOCK // 5
_SILENCE_DB = -50.0
_PAUSE_DB = 10.0
"""A block that is so much softer than the clause is a pause: it does not count."""
_KNOWN, _UNKNOWN = 0.5, 0.2
"""What was heard of a voice before weighs as much as so many blocks of this clause; for a voice
that was not heard yet, the target itself does."""
_FALLS, _RISES = 300.0, 40.0
"""How fast the gain may change, dB/s: a shout is caught sooner than a whisper is lifted."""
_LEARNS, _LEARNS_AT_MOST = 0.04, 0.5
"""How much of what was known of a voice gives way to each block of its latest clause."""
_MOST_BLOCKS = 100
_MOST_VOICES = 50
_KNEE, _CEILING = 0.75 * 32768, 0.98 * 32768
"""Up to the knee samples pass as they are; above it they bend, and never reach full scale."""


def loudness_db(samples: Samples) -> float:
    """Of at most some seconds, below full scale; -inf for silence."""
    blocks = range(0, max(1, len(samples) - _BLOCK + 1), _BLOCK)
    return _gated([_power(samples[at : at + _BLOCK]) for at in blocks])


@on_first_use
def _first() -> float:
    """It takes numpy some ms, and numpy's import 40: not while somebody waits."""
    return loudness_db(np.zeros(_BLOCK))


class Levels:
    """How loud each voice of an engine was so far."""

    def __init__(self) -> None:
        self._known: dict[str, float] = {}

    def clause(self, voice: str) -> ClauseGain:
        """A clause of that voice that begins now."""
        return ClauseGain(self._known.get(voice))

    def learn(self, voice: str, clause: ClauseGain) -> None:
        """That clause was spoken by it."""
        level = _gated(clause.blocks)
        if level <= _SILENCE_DB:
            return
        known = self._known.pop(voice, level)
        weight = min(_LEARNS * len(clause.blocks), _LEARNS_AT_MOST)
        self._known[voice] = known + weight * (level - known)
        if len(self._known) > _MOST_VOICES:
            del self._known[next(iter(self._known))]


class ClauseGain:
    """One clause on its way: as many samples as come in go out at once."""

    def __init__(self, known: float | None = None) -> None:
        self._prior = TARGET_DB if known is None else known
        self._weight = _UNKNOWN if known is None else _KNOWN
        self._gain_db: float | None = None
        self._rest = np.zeros(0)
        self.blocks: deque[float] = deque(maxlen=_MOST_BLOCKS)
        """The power of each 100 ms that came in."""

    def feed(self, pcm: bytes) -> Iterator[bytes]:
        """Whole samples, evened out, in pieces of at most 100 ms."""
        samples = np.frombuffer(pcm, "<i2").astype(np.float64)
        for at in range(0, len(samples), _BLOCK):
            yield self._evened(samples[at : at + _BLOCK])

    def _evened(self, samples: Samples) -> bytes:
        wanted = TARGET_DB - self._level(samples)
        wanted = min(max(wanted, -SOFTER_DB), LOUDER_DB)
        begins = wanted if self._gain_db is None else self._gain_db
        seconds = len(samples) / SPEECH_RATE
        ends = min(max(wanted, begins - _FALLS * seconds), begins + _RISES * seconds)
        self._gain_db = ends
        gain = 10 ** (np.linspace(begins, ends, len(samples)) / 20)
        return np.rint(_bent(samples * gain)).astype("<i2").tobytes()

    def _level(self, samples: Samples) -> float:
        """Of the clause so far, together with what is known of the voice; in dB."""
        self._rest = np.concatenate((self._rest, samples))
        while len(self._rest) >= _BLOCK:
            self.blocks.append(_power(self._rest[:_BLOCK]))
            self._rest = self._rest[_BLOCK:]
        powers, heard = list(self.blocks), float(len(self.blocks))
        if len(self._rest) >= _SHORTEST:
            powers.append(_power(self._rest))
            heard += len(self._rest) / _BLOCK
        level = _gated(powers)
        if level <= _SILENCE_DB:
            return self._prior
        return (level * heard + self._prior * self._weight) / (heard + self._weight)


def _bent(samples: Samples) -> Samples:
    over = np.abs(samples) > _KNEE
    if over.any():
        loud, room = samples[over], _CEILING - _KNEE
        samples[over] = np.sign(loud) * (_KNEE + room * np.tanh((np.abs(loud) - _KNEE) / room))
    return samples


def _gated(powers: Iterable[float]) -> float:
    """Loudness of these blocks without its pauses, dB."""
    loud = [each for each in powers if each > 10 ** (_SILENCE_DB / 10)]
    if not loud:
        return -np.inf
    least = sum(loud) / len(loud) * 10 ** (-_PAUSE_DB / 10)
    kept = [each for each in loud if each > least]
    return float(10 * np.log10(sum(kept) / len(kept)))


def _power(samples: Samples) -> float:
    """Mean square at full scale 1, weighted."""
    size = len(samples)
    spectrum = np.fft.rfft(samples / 32768)
    power = (spectrum.real**2 + spectrum.imag**2) * _weights(size)
    return float(2 * power.sum() / size**2)


@lru_cache(maxsize=64)
def _weights(size: int) -> Samples:
    """BS.1770's two filters, as what they do to the power of each frequency."""
    hz = np.fft.rfftfreq(size, 1 / SPEECH_RATE)
    s = 1j * hz
    low_cut = s**2 / (s**2 + 38.1 / 0.5003 * s + 38.1**2)
    q, middle, gain = 0.7072, 1682.0, 10 ** (4.0 / 20)
    shelf = (gain * s**2 + gain**0.5 * middle / q * s + middle**2) / (
        s**2 + middle / q * s + middle**2
    )
    weights: Samples = np.abs(low_cut * shelf) ** 2
    return weights
