"""What an ear makes of a recording: words, silence, and how faithful the sound is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import soxr
from pocketsphinx import Config, Decoder

from pickled.audio import SPEECH_RATE
from tests.stand_ins.pulse import RATE

Samples = np.ndarray[Any, np.dtype[np.int16]]

QUIET = 60
"""Samples below that are silence, also after resampling."""
_RECOGNIZER_RATE = 16_000
_SEGMENT = SPEECH_RATE // 4
_REACH = SPEECH_RATE // 2
"""How far a segment may have been shifted by holes before it."""


def recognized(samples: Samples, rate: int) -> str:
    """The words that are heard in it."""
    decoder = Decoder(Config(samprate=_RECOGNIZER_RATE, loglevel="FATAL"))
    decoder.start_utt()
    decoder.process_raw(at_rate(samples, rate, _RECOGNIZER_RATE).tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return str(found.hypstr) if found else ""


def word_error_rate(said: str, heard: str) -> float:
    """Words that are wrong, missing or too many, as a share of those that were said."""
    wanted, got = _words(said), _words(heard)
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            above = row[j]
            row[j] = min(above + 1, row[j - 1] + 1, diagonal + (word != other))
            diagonal = above
    return row[-1] / len(wanted)


def at_rate(samples: Samples, rate: int, wanted: int) -> Samples:
    """The same sound at another sample rate."""
    converted: Samples = soxr.resample(samples, rate, wanted)
    return converted


def of_recording(samples: Sequence[int]) -> Samples:
    """A recording of the sink, in the form that this module takes."""
    return np.asarray(samples, dtype=np.int16)


def sounding(samples: Samples) -> tuple[int, int] | None:
    """The first sample that is not silent, and the one behind the last; None for silence."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > QUIET)
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else None


def is_silent(samples: Samples) -> bool:
    """Is there nothing to be heard?"""
    return sounding(samples) is None


def damaged(recording: Samples, spoken: Samples) -> float:
    """The share of what was spoken that can't be found in the recording as it was.

    `recording` is the sink's, `spoken` at the rate of speech; a hole or a click damages the quarter
    of a second that it lies in.
    """
    heard = at_rate(recording, RATE, SPEECH_RATE).astype(np.float64)
    wanted = spoken.astype(np.float64)
    shift = _best_place(heard, wanted)
    segments = [
        (at, wanted[at : at + _SEGMENT])
        for at in range(0, len(wanted) - _SEGMENT, _SEGMENT)
        if np.abs(wanted[at : at + _SEGMENT]).max() > 10 * QUIET
    ]
    broken = sum(not _is_there(heard, segment, shift + at) for at, segment in segments)
    return broken / len(segments)


def _is_there(heard: np.ndarray[Any, Any], segment: np.ndarray[Any, Any], expected: int) -> bool:
    begin = max(0, expected - _REACH)
    around = heard[begin : expected + len(segment) + _REACH]
    if len(around) < len(segment):
        return False
    at = _best_place(around, segment)
    error = np.abs(around[at : at + len(segment)] - segment).max()
    return bool(error < 0.2 * np.abs(segment).max())


def _best_place(sound: np.ndarray[Any, Any], part: np.ndarray[Any, Any]) -> int:
    """Where in the sound the part lies: where what is left after subtracting it is least."""
    places = max(1, len(sound) - len(part) + 1)
    size = 1 << (len(sound) + len(part)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(part, size))
    alike = np.fft.irfft(spectrum, size)[:places]
    energy = np.concatenate(([0.0], np.cumsum(sound**2)))
    around = energy[len(part) : len(part) + places] - energy[:places]
    return int(np.argmin(around - 2 * alike))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())
