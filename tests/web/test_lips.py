"""The shapes of the mouth, from sound."""

from __future__ import annotations

import math
import struct

from hypothesis import given
from hypothesis import strategies as st

from pickled.audio import SPEECH_RATE
from pickled.web.lips import SHAPES, WINDOW_MS, LipReader


def tone(ms: int, *parts: tuple[float, float]) -> bytes:
    """A sound of these frequencies, each so loud."""
    samples = [
        sum(loud * math.sin(2 * math.pi * hertz * n / SPEECH_RATE) for hertz, loud in parts)
        for n in range(SPEECH_RATE * ms // 1000)
    ]
    return struct.pack(f"<{len(samples)}h", *(int(each) for each in samples))


def test_silence_moves_no_lips() -> None:
    """A mouth that says nothing stays as it is."""
    assert LipReader().read(0, bytes(SPEECH_RATE)) == []


def test_vowels_have_shapes_of_their_own() -> None:
    """Each vowel has its weight where the shape of the mouth puts it; a hiss shows teeth."""
    sounds = {
        "u": tone(80, (370.0, 4000.0)),
        "i": tone(80, (300.0, 4000.0), (2500.0, 900.0)),
        "e": tone(80, (450.0, 3000.0), (2100.0, 1500.0)),
        "o": tone(80, (450.0, 1500.0), (600.0, 1000.0)),
        "a": tone(80, (800.0, 3000.0), (1300.0, 1500.0)),
        "f": tone(80, (6500.0, 4000.0)),
    }
    soft = {shape: LipReader(_loudest=9000.0).read(0, sound) for shape, sound in sounds.items()}
    assert {shape: keys[0][1] for shape, keys in soft.items()} == {each: each for each in sounds}


def test_mouth_closes_behind_the_last_sound() -> None:
    """After a vowel comes rest, at the moment at which the sound ended."""
    keys = LipReader().read(0, tone(200, (370.0, 4000.0)) + bytes(SPEECH_RATE // 2))
    assert keys[0][0] == 0
    assert keys[-1] == (200, "rest")


def test_lost_frame_is_silence() -> None:
    """Where a frame is missing the mouth closes, and what comes later keeps its place."""
    reader = LipReader()
    first = reader.read(0, tone(80, (370.0, 4000.0)))
    second = reader.read(SPEECH_RATE, tone(80, (370.0, 4000.0)))
    assert first == [(0, "u")]
    assert second == [(80, "rest"), (1000, "u")]


def test_frame_that_comes_twice_counts_once() -> None:
    """A repeated frame neither moves the lips nor shifts what follows."""
    reader, sound = LipReader(), tone(80, (370.0, 4000.0))
    reader.read(0, sound)
    assert reader.read(0, sound) == []
    assert reader.position == SPEECH_RATE * 80 // 1000


@given(st.binary(max_size=8_000).filter(lambda pcm: len(pcm) % 2 == 0), st.integers(1, 700))
def test_any_sound_in_any_pieces_gives_the_same_known_shapes(pcm: bytes, samples: int) -> None:
    """However it is cut into frames: the same changes, in order, of the eight shapes alone."""
    whole = LipReader().read(0, pcm)
    reader, pieces = LipReader(), []
    for start in range(0, len(pcm), samples * 2):
        pieces += reader.read(start // 2, pcm[start : start + samples * 2])
    assert pieces == whole
    assert [at for at, _ in whole] == sorted({at for at, _ in whole})
    assert all(shape in SHAPES and at % WINDOW_MS == 0 for at, shape in whole)
