"""What tests of voices share: listen to all of an answer, and look at its sound."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pickled.audio import LONGEST_FRAME_MS, SPEECH_RATE, bytes_for, duration_ms
from pickled.plugins import Surroundings

SURROUNDINGS = Surroundings(Path(), Path(), lambda status, detail: None)
TEXT = "Where are we going today?"
LONG_TEXT = "And we are walking on and on along the river. " * 8


async def hear(speech: AsyncGenerator[bytes, None]) -> list[bytes]:
    """All pieces, each of them held against the contract."""
    async with aclosing(speech) as pcm:
        pieces = [piece async for piece in pcm]
    for piece in pieces:
        assert 0 < len(piece) <= bytes_for(LONGEST_FRAME_MS, SPEECH_RATE)
        assert len(piece) % 2 == 0
    return pieces


def samples(pieces: list[bytes]) -> NDArray[np.int32]:
    """As numbers that can be squared."""
    return np.frombuffer(b"".join(pieces), "<i2").astype(np.int32)


def length_ms(pieces: list[bytes]) -> float:
    """How long it sounds."""
    return duration_ms(sum(map(len, pieces)), SPEECH_RATE)


def silent_ms(pieces: list[bytes]) -> float:
    """How long it takes until something is heard."""
    loud = np.flatnonzero(np.abs(samples(pieces)) > 500)
    return float(loud[0]) / SPEECH_RATE * 1000


def pitch_hz(pieces: list[bytes]) -> float:
    """Of a pure tone."""
    sound = samples(pieces).astype(float)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum)) * SPEECH_RATE / len(sound)
