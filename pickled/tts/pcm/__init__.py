"""Turns the sound of any engine into speech as the wire has it: 24 kHz, mono, from its first sound.

A package, because the modules beside it are the kinds of voices.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pickled.audio import LONGEST_FRAME_MS, SAMPLE_BYTES, SPEECH_RATE, bytes_for
from pickled.errors import VoiceError
from pickled.patterns import module

if TYPE_CHECKING:
    import numpy as np
    import soxr
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]
else:
    np, soxr = module("numpy"), module("soxr")

LONGEST_S = 120.0
"""An engine that goes on for longer than this has lost its way; a clause takes some seconds."""

LOWEST_RATE, HIGHEST_RATE = 8_000, 48_000

_SHORTEST_PIECE_MS = 20
_SILENCE = 100
"""Up to here it is silence, -50 dB: engines begin with up to 0.2 s of it."""

_KEPT_MS = 15
"""Of the silence before the first sound: soft consonants start below the threshold."""

# LQ holds back 1 ms, as QQ does, but mirrors of the voice are 90 dB down instead of 36;
# MQ and HQ hold back 40 ms.
_QUALITY = "LQ"


class Resampled:
    """One utterance on its way to the wire; give it PCM in pieces of any length."""

    def __init__(self, rate: int, *, channels: int = 1) -> None:
        known = isinstance(rate, int) and LOWEST_RATE <= rate <= HIGHEST_RATE
        if not known or channels not in (1, 2):
            raise VoiceError(f"a voice with {rate} Hz and {channels} channels can't be played")
        self._rate, self._channels = rate, channels
        self._resampler = _resampler(rate)
        self._torn = b""
        self._lead: Samples = np.zeros(0, np.int16)
        self._sounds = False
        self._fed = 0
        self.skipped_s = 0.0
        """Of what the engine gave, so much silence before its first sound is left out."""
        self._ready = bytearray()
        self._room = int(LONGEST_S * rate)

    def feed(self, pcm: bytes) -> Iterator[bytes]:
        """What has become ready, in pieces of 20 to 100 ms; raises VoiceError if it never ends."""
        samples = self._mono(pcm)
        self._room -= len(samples)
        if self._room < 0:
            raise VoiceError(f"the voice goes on for more than {LONGEST_S:g} s")
        self._take(self._from_first_sound(samples), last=False)
        return self._pieces(bytes_for(_SHORTEST_PIECE_MS, SPEECH_RATE))

    def finish(self) -> Iterator[bytes]:
        """The rest; raises VoiceError if there was nothing but silence."""
        if not self._sounds:
            raise VoiceError("the voice gave no sound")
        self._take(np.zeros(0, np.int16), last=True)
        return self._pieces(SAMPLE_BYTES)

    def _mono(self, pcm: bytes) -> Samples:
        data = self._torn + pcm
        whole = len(data) - len(data) % (SAMPLE_BYTES * self._channels)
        self._torn = data[whole:]
        samples: Samples = np.frombuffer(data[:whole], "<i2").astype(np.int16)
        if self._channels == 2:
            samples = samples.reshape(-1, 2).mean(axis=1).astype(np.int16)
        return samples

    def _from_first_sound(self, samples: Samples) -> Samples:
        if self._sounds or not len(samples):
            return samples
        self._fed += len(samples)
        kept = self._rate * _KEPT_MS // 1000
        samples = np.concatenate((self._lead, samples))
        loud = np.flatnonzero((samples > _SILENCE) | (samples < -_SILENCE))
        if not len(loud):
            self._lead = samples[-kept:]
            return samples[:0]
        self._sounds = True
        sound = samples[max(0, int(loud[0]) - kept) :]
        self.skipped_s = (self._fed - len(sound)) / self._rate
        return sound

    def _take(self, samples: Samples, *, last: bool) -> None:
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=last)
        self._ready += samples.astype("<i2").tobytes()

    def _pieces(self, shortest: int) -> Iterator[bytes]:
        longest = bytes_for(LONGEST_FRAME_MS, SPEECH_RATE)
        while len(self._ready) >= shortest:
            piece = bytes(self._ready[:longest])
            del self._ready[:longest]
            yield piece


def _resampler(rate: int) -> soxr.ResampleStream | None:
    if rate == SPEECH_RATE:
        return None
    return soxr.ResampleStream(rate, SPEECH_RATE, 1, dtype="int16", quality=_QUALITY)
