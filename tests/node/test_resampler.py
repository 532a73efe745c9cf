"""Microphones of all rates give the same 16 kHz, without what does not fit into it."""

from __future__ import annotations

import itertools
import math
from array import array

import pytest

from pickled.audio import MIC_RATE
from pickled.node.resampler import Resampler

RATES = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]


def sine(rate: int, hz: float, length_s: float, *, level: int = 10_000) -> array[int]:
    """A tone."""
    step = 2 * math.pi * hz / rate
    return array("h", (round(level * math.sin(step * n)) for n in range(int(length_s * rate))))


def level_of(samples: array[int]) -> float:
    """The effective value."""
    return math.sqrt(sum(each * each for each in samples) / len(samples))


def resampled(
    rate: int, samples: array[int], *, channels: int = 1, block_ms: int = 20
) -> array[int]:
    """In blocks, as a device gives them."""
    resample = Resampler(rate, channels)
    size = rate * block_ms // 1000 * channels
    out = array("h")
    for at in range(0, len(samples), size):
        out.frombytes(resample(samples[at : at + size].tobytes()))
    return out


@pytest.mark.parametrize("rate", RATES)
def test_tone_keeps_its_pitch_and_level_at_any_rate(rate: int) -> None:
    """A second of 1 kHz is a second of 1 kHz, as loud, without a seam between the blocks."""
    out = resampled(rate, sine(rate, 1000, 1.0))
    assert len(out) == pytest.approx(MIC_RATE, abs=MIC_RATE * 0.01)
    steady = out[800:-800]
    assert level_of(steady) == pytest.approx(10_000 / math.sqrt(2), rel=0.02)
    rises = sum(a < 0 <= b for a, b in itertools.pairwise(steady))
    assert rises == pytest.approx(len(steady) / MIC_RATE * 1000, abs=2)
    steepest = max(abs(b - a) for a, b in itertools.pairwise(steady))
    assert steepest <= 1.02 * 10_000 * 2 * math.pi * 1000 / MIC_RATE


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
def test_tone_above_the_band_is_gone(rate: int) -> None:
    """It would fold back as another tone: 45 dB down and more."""
    out = resampled(rate, sine(rate, 9_500, 0.5))
    assert level_of(out[400:-400]) < 10_000 / math.sqrt(2) * 10 ** (-45 / 20)


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_both_channels_are_heard(rate: int) -> None:
    """A microphone may be in the left one, in the right one, or in both."""
    mono = sine(rate, 500, 0.3)
    for left, right in ((1, 1), (1, 0), (0, 1)):
        both = array("h", (each * side for each in mono for side in (left, right)))
        out = resampled(rate, both, channels=2)
        expected = 10_000 / math.sqrt(2) * (left + right) / 2
        assert level_of(out[400:-400]) == pytest.approx(expected, rel=0.02)


def test_second_after_second_nothing_drifts() -> None:
    """At 44.1 kHz a block is no whole number of samples: in the long run none is lost."""
    out = resampled(44_100, array("h", [0]) * (44_100 * 5))
    assert len(out) == pytest.approx(5 * MIC_RATE, abs=12)


def test_loud_sound_is_clipped_and_not_folded() -> None:
    """Full scale does not overflow."""
    square = array("h", ([32_767] * 24 + [-32_768] * 24) * 500)
    out = resampled(48_000, square)
    assert max(out) == 32_767
    assert min(out) == -32_768
