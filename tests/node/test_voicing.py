"""Whether somebody speaks who counts: by the real detector, on voices and on what is none."""

from __future__ import annotations

import itertools
import math
import statistics
from array import array
from collections.abc import Iterator

import pytest

from pickled.audio import MIC_RATE
from pickled.node.voicing import (
    CHUNK_BYTES,
    CHUNK_S,
    HANG_S,
    SILENCE_DB,
    Detector,
    LevelGuard,
    VoiceSense,
    level_db,
    silero,
)
from tests.node.spoken import SENTENCES, VOICES, louder, mixed, noise, onset, said, silence


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The real one."""
    return silero()


def spoken(detector: Detector, pcm: bytes, voicing: VoiceSense | None = None) -> list[bool]:
    """After each chunk: is somebody speaking?"""
    detector.reset()
    voicing = voicing or VoiceSense()
    return [
        voicing.hear(detector(chunk), level_db(chunk))
        for chunk in (pcm[at : at + CHUNK_BYTES] for at in range(0, len(pcm), CHUNK_BYTES))
        if len(chunk) == CHUNK_BYTES
    ]


def beginnings(detector: Detector) -> Iterator[float]:
    """From the first sound of a sentence until it is known, ms of what was heard."""
    for voice in VOICES:
        for text in SENTENCES:
            for shift in (0, 200, 400):
                speech = said(text, voice)
                pcm = silence(1.0) + bytes(2 * shift) + speech[: 2 * MIC_RATE]
                found = spoken(detector, pcm)
                yield (found.index(True) + 1) * CHUNK_S * 1000 - onset(pcm) / MIC_RATE * 1000


def test_voice_is_known_within_a_few_chunks(detector: Detector) -> None:
    """Four voices, twelve sentences' beginnings each: 95 % within 130 ms of what was heard."""
    took = sorted(beginnings(detector))
    assert statistics.median(took) < 110
    assert took[round(0.95 * len(took)) - 1] < 130


@pytest.mark.parametrize("voice", VOICES)
def test_sentence_is_one_stretch_and_ends_after_its_pause(detector: Detector, voice: str) -> None:
    """Its own short pauses don't cut it; 0.7 s after it, it is over."""
    speech = said(SENTENCES[0], voice)
    found = spoken(detector, silence(0.5) + speech + silence(2.0))
    changes = sum(a != b for a, b in itertools.pairwise(found))
    assert changes == 2
    end_s = len(found) * CHUNK_S - found[::-1].index(True) * CHUNK_S
    assert 0 < end_s - (0.5 + len(speech) / 2 / MIC_RATE) < HANG_S + 0.1


def test_noise_and_tones_are_no_voice(detector: Detector) -> None:
    """Hiss, hum, a held chord, clicks."""
    chord = array(
        "h",
        (
            round(3000 * sum(math.sin(2 * math.pi * hz * n / MIC_RATE) for hz in (262, 330, 392)))
            for n in range(3 * MIC_RATE)
        ),
    ).tobytes()
    clicks = b"".join(noise(0.01, 9000, seed=n) + silence(0.14) for n in range(20))
    for sound in (noise(3.0, 300), noise(3.0, 3000), chord, clicks):
        assert not any(spoken(detector, sound))


def test_one_unsure_chunk_is_no_voice() -> None:
    """A struck chord reaches 0.78 once; two in a row, or one that is sure, are a voice."""
    assert not any(VoiceSense().hear(each, -20) for each in (0.1, 0.78, 0.1, 0.78, 0.1))
    assert VoiceSense().hear(0.9, -20)
    voicing = VoiceSense()
    assert [voicing.hear(each, -20) for each in (0.6, 0.6)] == [False, True]
    assert voicing.voice_s == pytest.approx(2 * CHUNK_S)


def test_voice_below_the_least_level_is_not_heard(detector: Detector) -> None:
    """The same sentence, 30 dB softer."""
    loud = said(SENTENCES[1], "rms")
    soft = louder(loud, 10 ** (-30 / 20))
    least = level_db(loud) - 15
    assert any(spoken(detector, loud, VoiceSense(LevelGuard(least_db=least))))
    assert not any(spoken(detector, soft, VoiceSense(LevelGuard(least_db=least))))
    assert any(spoken(detector, soft))


def test_second_speaker_who_is_much_softer_is_not_heard(detector: Detector) -> None:
    """Once it is known how loud the streamer is; the streamer is, also after the other one."""
    voicing = VoiceSense(LevelGuard(below_usual_db=12))
    streamer = said(SENTENCES[0], "rms") + silence(1.0)
    other = louder(said(SENTENCES[1], "slt"), 10 ** (-22 / 20)) + silence(1.0)
    hum = noise(8.0, 15)
    assert any(spoken(detector, mixed(streamer, hum[: len(streamer)]), voicing))
    assert not any(spoken(detector, mixed(other, hum[: len(other)]), voicing))
    assert any(spoken(detector, streamer, voicing))


def test_usual_level_follows_a_streamer_who_turns_it_down() -> None:
    """Within a minute of speech, so that nobody stays unheard."""
    guard = LevelGuard(below_usual_db=12)
    for _ in range(100):
        guard.voiced(-15)
    for _ in range(round(60 / CHUNK_S)):
        guard.voiced(-26)
    assert guard.passes(-30)


def test_level_is_counted_from_full_scale() -> None:
    """Silence has the lowest there is."""
    assert level_db(silence(0.1)) == SILENCE_DB
    square = array("h", [16_384, -16_384] * 256).tobytes()
    assert level_db(square) == pytest.approx(-6.02, abs=0.01)
