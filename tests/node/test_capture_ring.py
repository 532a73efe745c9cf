"""What a microphone took waits for its reader, within limits."""

from __future__ import annotations

from pickled.node.capture_ring import HOLD_S, CaptureRing


def ring(bytes_per_s: int = 100) -> CaptureRing:
    """One that holds so much a second."""
    made = CaptureRing()
    made.hold(bytes_per_s)
    return made


def test_ring_gives_back_what_was_written() -> None:
    """In order, once, and tells that there is something."""
    held = ring()
    assert not held.wake.is_set()
    held.write(b"ab")
    held.write(memoryview(b"cd"))
    assert held.wake.is_set()
    assert held.read() == (b"abcd", 0)
    assert held.read() == (b"", 0)


def test_ring_that_is_full_keeps_the_newest_and_counts_the_rest() -> None:
    """Nothing grows, and what is read tells what is missing before it."""
    held, room = ring(), int(100 * HOLD_S)
    for _ in range(room // 50):
        held.write(b"x" * 50)
    held.write(b"new")
    assert held.read() == (b"new", room)
    assert held.lost == room
    held.write(b"on")
    assert held.read() == (b"on", 0)


def test_block_that_is_larger_than_the_ring_is_lost_alone() -> None:
    """A device that gives too much at once breaks nothing."""
    held = ring(2)
    held.write(b"y" * 50)
    assert held.read() == (b"", 50)
    held.write(b"ok")
    assert held.read() == (b"ok", 0)


def test_ring_of_another_device_begins_empty() -> None:
    """What the one before took has another rate."""
    held = ring()
    held.write(b"old")
    held.hold(200)
    assert held.read() == (b"", 0)


def test_ring_before_its_device_is_opened_holds_nothing() -> None:
    """It is counted as lost."""
    held = CaptureRing()
    held.write(b"ab")
    assert held.read() == (b"", 2)
