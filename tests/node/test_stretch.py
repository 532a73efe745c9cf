"""Which frames of a microphone are sent."""

from __future__ import annotations

from pickled.node.stretch import BEFORE_MS, FRAME_BYTES, FRAME_MS, MicStep, Stretches

BEFORE = BEFORE_MS // FRAME_MS


def frame(number: int) -> bytes:
    """One that can be told from others."""
    return number.to_bytes(2, "little") * (FRAME_BYTES // 2)


def test_silence_is_not_sent() -> None:
    """For as long as it lasts."""
    stretches = Stretches()
    assert {stretches.take(frame(n), speaking=False) for n in range(100)} == {MicStep()}


def test_stretch_holds_what_was_before_the_voice_and_each_frame_after_it_once() -> None:
    """In order, to the pause after it; the last one is told."""
    stretches = Stretches()
    steps = [stretches.take(frame(n), speaking=50 <= n < 80) for n in range(100)]
    sent = [each for step in steps for each in step.frames]
    assert sent == [frame(n) for n in range(50 - BEFORE, 81)]
    assert [n for n, step in enumerate(steps) if step.begins] == [50]
    assert [n for n, step in enumerate(steps) if step.ends] == [80]


def test_stretch_right_after_another_one_sends_nothing_twice() -> None:
    """What was the pause of the first is not the beginning of the second."""
    stretches = Stretches()
    steps = [stretches.take(frame(n), speaking=n in {10, 11, 14, 15}) for n in range(30)]
    sent = [each for step in steps for each in step.frames]
    assert sent == [frame(n) for n in range(17)]
    assert sum(step.begins for step in steps) == 2


def test_stretch_that_is_stopped_sends_nothing_of_before_later() -> None:
    """After a mute no sample from before it goes out."""
    stretches = Stretches()
    for n in range(30):
        stretches.take(frame(n), speaking=n > 20)
    assert stretches.stop() == MicStep(ends=True)
    assert stretches.stop() == MicStep()
    assert stretches.take(frame(31), speaking=True).frames == (frame(31),)
