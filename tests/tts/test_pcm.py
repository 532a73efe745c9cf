"""Sound of any form becomes speech as the wire has it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pickled.audio import SPEECH_RATE
from pickled.errors import VoiceError
from pickled.tts.pcm import LONGEST_S, Resampled
from tests.tts.hearing import length_ms, pitch_hz, samples, silent_ms


def tone(rate: int, *, ms: int = 500, hz: float = 440, channels: int = 1) -> bytes:
    wave = 9000 * np.sin(2 * np.pi * hz * np.arange(rate * ms // 1000) / rate)
    return np.repeat(wave.astype("<i2"), channels).tobytes()


def spoken(speech: Resampled, *parts: bytes) -> list[bytes]:
    pieces = [piece for part in parts for piece in speech.feed(part)]
    return [*pieces, *speech.finish()]


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_speech_keeps_length_and_pitch(rate: int, channels: int) -> None:
    """A tone of half a second stays one, whatever its form was."""
    pieces = spoken(Resampled(rate, channels=channels), tone(rate, channels=channels))
    assert length_ms(pieces) == pytest.approx(500, abs=2)
    assert pitch_hz(pieces) == pytest.approx(440, abs=3)
    assert np.abs(samples(pieces)).max() == pytest.approx(9000, rel=0.05)


@pytest.mark.parametrize("rate", [16_000, 22_050])
def test_speech_has_no_mirror_of_the_voice(rate: int) -> None:
    """What resampling adds is 70 dB below the tone: clear speech, not tin."""
    sound = samples(spoken(Resampled(rate), tone(rate, hz=3000))).astype(float)
    spectrum = np.abs(np.fft.rfft(sound * np.blackman(len(sound))))
    place = round(3000 * len(sound) / SPEECH_RATE)
    wanted = spectrum[place - 10 : place + 11].max()
    spectrum[place - 40 : place + 41] = 0
    assert 20 * np.log10(wanted / spectrum.max()) > 70


@settings(max_examples=50, deadline=None)
@given(cuts=st.lists(st.integers(0, 16_000), max_size=30), rate=st.sampled_from([16_000, 24_000]))
def test_speech_does_not_depend_on_how_it_was_cut(cuts: list[int], rate: int) -> None:
    """Pieces may end within a sample, be empty or be all of it: the sound is the same."""
    sound = bytes(2 * rate // 10) + tone(rate, ms=300)
    edges = [0, *sorted(cuts), len(sound)]
    parts = [sound[a:b] for a, b in pairwise(edges)]
    whole, cut = spoken(Resampled(rate), sound), spoken(Resampled(rate), *parts)
    assert length_ms(whole) == length_ms(cut)
    assert np.abs(samples(whole) - samples(cut)).max() <= 3  # the resampler adds its dither


def test_speech_gives_what_is_ready() -> None:
    """After 60 ms of sound, at least 40 ms can be played."""
    pieces = list(Resampled(16_000).feed(tone(16_000, ms=60)))
    assert length_ms(pieces) >= 40


@pytest.mark.parametrize("lead_ms", [0, 10, 60, 200, 2000])
def test_speech_begins_with_its_first_sound(lead_ms: int) -> None:
    """The silence that engines begin with is not waited for."""
    speech = Resampled(22_050)
    pieces = spoken(speech, bytes(22_050 * lead_ms // 1000 * 2), tone(22_050))
    assert silent_ms(pieces) <= 20
    assert length_ms(pieces) == pytest.approx(500 + min(lead_ms, 15), abs=2)


def test_speech_keeps_its_pauses() -> None:
    """Only the silence before the first sound goes."""
    pieces = spoken(Resampled(24_000), tone(24_000), bytes(48_000), tone(24_000))
    assert length_ms(pieces) == pytest.approx(2000, abs=2)


@pytest.mark.parametrize("sound", [b"", b"\x01", bytes(48_000), b"\x20\x00" * 24_000])
def test_speech_without_sound_is_an_error(sound: bytes) -> None:
    """Silence, however long, is no answer."""
    with pytest.raises(VoiceError, match="no sound"):
        spoken(Resampled(24_000), sound)


def test_speech_without_end_is_an_error() -> None:
    """A voice that never stops is stopped."""
    second = tone(24_000, ms=1000)
    with pytest.raises(VoiceError, match="goes on"):
        spoken(Resampled(24_000), *[second] * (int(LONGEST_S) + 1))


@pytest.mark.parametrize(
    ("rate", "channels"), [(0, 1), (-1, 1), (10**9, 1), (16_000, 0), (16_000, 6)]
)
def test_speech_in_an_impossible_form_is_an_error(rate: int, channels: int) -> None:
    """Nonsense from a service does not reach the resampler."""
    with pytest.raises(VoiceError, match="can't be played"):
        Resampled(rate, channels=channels)
