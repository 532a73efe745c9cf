"""How samples sound: no clicks, the volume, and nothing of what was stopped."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

from pickled.node.shape import FADE, Shape, decibels


def tone(samples: int, *, level: int = 10_000) -> bytes:
    """A sine of 440 Hz that begins in the middle of its swing."""
    step = 2 * math.pi * 440 / 24_000
    return array("h", (int(level * math.cos(step * i)) for i in range(samples))).tobytes()


def steepest(pcm: bytes) -> int:
    """The largest jump between two samples."""
    samples = array("h", pcm)
    return max(abs(a - b) for a, b in pairwise(samples))


def test_shape_leaves_sound_as_it_is() -> None:
    """At full volume, after the fade-in, samples pass unchanged."""
    shape, sound = Shape(), tone(2400)
    out = shape.apply([sound])
    assert out[2 * FADE :] == sound[2 * FADE :]
    assert shape.apply([sound]) == sound


def test_shape_has_no_click_where_sound_begins_and_stops() -> None:
    """Neither an abrupt begin nor an abrupt stop jumps further than the tone itself."""
    shape, sound = Shape(), tone(2400)
    out = shape.apply([100, sound, 1000, sound, 5, sound, 1000])
    assert steepest(out) <= steepest(sound) + 10_000 // FADE + 1


def test_shape_is_silent_a_fade_after_the_stop() -> None:
    """10 ms after the stop there is nothing but zeros, also when the stop falls between blocks."""
    shape = Shape()
    shape.apply([tone(1000)])
    out = shape.apply([100]) + shape.apply([1000])
    assert any(out[: 2 * FADE])
    assert not any(out[2 * FADE :])


def test_shape_does_not_let_stopped_sound_through() -> None:
    """What follows the stop is a straight line to zero, not the rest of the sound."""
    shape = Shape()
    shape.apply([tone(1000)])
    tail = array("h", shape.apply([FADE]))
    falls = [abs(each) for each in tail]
    assert falls == sorted(falls, reverse=True)


def test_volume_moves_without_a_jump() -> None:
    """A new volume is reached within 10 ms, in small steps."""
    shape, sound = Shape(), tone(2400)
    shape.apply([sound])
    shape.target = 0.25
    out = shape.apply([sound])
    assert steepest(out) <= steepest(sound) + 10_000 // FADE + 1
    assert max(array("h", out[2 * FADE :])) == 2500


def test_volume_zero_is_silent() -> None:
    """At volume 0 nothing is left."""
    shape = Shape(target=0.0)
    shape.apply([tone(1000)])
    assert not any(shape.apply([tone(1000)]))


def test_gain_is_clipped() -> None:
    """A gain above full scale does not wrap around."""
    shape = Shape(target=decibels(20))
    for _ in range(10):
        out = array("h", shape.apply([tone(2400, level=30_000)]))
    assert max(out) == 32_767
    assert min(out) == -32_768


def test_shape_keeps_the_length() -> None:
    """Every piece is as long as it was."""
    assert len(Shape().apply([3, tone(7), 1, tone(500), 0, b"", 1000])) == 2 * (
        3 + 7 + 1 + 500 + 1000
    )


def test_decibels_are_a_factor() -> None:
    """6 dB are about twice, 0 dB once."""
    assert decibels(0) == 1.0
    assert 1.99 < decibels(6.0) < 2.0
