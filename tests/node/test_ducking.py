"""When a node makes itself softer."""

from __future__ import annotations

from pickled.node.ducking import BACK_S, Ducking


def wanted(ducking: Ducking, now: float, *, voice: bool = False, sounding: bool = True) -> bool:
    """At that moment."""
    return ducking.wanted(now, voice=voice, sounding=sounding)


def test_node_is_soft_from_the_voice_until_two_seconds_after_it() -> None:
    """Pauses within speech change nothing."""
    ducking = Ducking()
    assert not wanted(ducking, 0.0)
    assert wanted(ducking, 1.0, voice=True)
    assert wanted(ducking, 1.0 + BACK_S - 0.01)
    assert wanted(ducking, 1.0 + BACK_S - 0.005, voice=True)
    assert wanted(ducking, 2.0 + BACK_S)
    assert not wanted(ducking, 1.0 + 2 * BACK_S)


def test_answer_to_what_was_said_is_not_soft() -> None:
    """A voice before it began is no interruption; one that goes on into it is."""
    ducking = Ducking()
    assert not wanted(ducking, 1.0, voice=True, sounding=False)
    assert not wanted(ducking, 1.5)
    assert wanted(ducking, 1.6, voice=True)
    assert not wanted(ducking, 1.7, sounding=False)
    assert not wanted(ducking, 1.8)


def test_node_that_shall_not_is_never_soft() -> None:
    """`--no-duck`."""
    assert not wanted(Ducking(allowed=False), 1.0, voice=True)
