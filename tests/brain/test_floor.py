"""When it may speak, and who stops it."""

from __future__ import annotations

import pytest

from pickled.brain.floor import (
    PAUSE_S,
    SENTENCE_S,
    Floor,
    Streamer,
    idle_at,
    interrupts,
    is_stop,
    may_begin,
    preempts,
)
from pickled.messages.speech import Speech
from tests.brain.stage import START


def spoken(kind: str, text: str = "") -> Speech:
    return Speech.model_validate({"ts": START, "event_type": kind, "text": text})


def test_taken_names_the_strongest_reason() -> None:
    """Mute comes before everything else, and an open floor has no reason."""
    assert Floor(muted=True, streamer=True, busy=True).taken == "muted"
    assert Floor(streamer=True, busy=True).taken == "streamer"
    assert Floor(busy=True).taken == "speaking"
    assert Floor().taken == ""


@pytest.mark.parametrize(
    ("priority", "floor", "may"),
    [
        ("normal", Floor(), True),
        ("normal", Floor(paused=True), True),
        ("normal", Floor(busy=True), False),
        ("normal", Floor(quiet_since=99.0), True),
        ("low", Floor(quiet_since=99.0), False),
        ("low", Floor(quiet_since=94.0), True),
        ("high", Floor(streamer=True), False),
        ("critical", Floor(streamer=True), True),
        ("critical", Floor(inhibited=True), False),
        ("critical", Floor(muted=True), False),
    ],
)
def test_may_begin_by_priority(priority: str, floor: Floor, may: bool) -> None:
    """Low waits for the cooldown, critical goes over the streamer's voice, mute stops all."""
    assert may_begin(priority, floor, now=100.0, cooldown=5.0) is may  # type: ignore[arg-type]


def test_preempts_by_priority() -> None:
    """Low and normal wait, high shortens, critical cuts."""
    assert [preempts(each) for each in ("low", "normal", "high", "critical")] == [
        "wait", "wait", "shorten", "cut",
    ]  # fmt: skip


def test_streamer_talks_until_the_pause_after_the_last_word() -> None:
    """The floor is the streamer's while they talk and for a breath afterwards."""
    streamer = Streamer()
    assert not streamer.talking(now=0.0)
    streamer.hear(spoken("started"), now=1.0)
    streamer.hear(spoken("interim", "so we"), now=2.0)
    assert streamer.talking(now=2.0 + SENTENCE_S - 0.01)
    streamer.hear(spoken("final", "so we go"), now=3.0)
    assert streamer.talking(now=3.0 + PAUSE_S - 0.01)
    assert not streamer.talking(now=3.0 + PAUSE_S)


def test_streamer_who_is_never_heard_to_end_gives_the_floor_back() -> None:
    """A recognizer that loses the end of a sentence does not silence it for ever."""
    streamer = Streamer()
    streamer.hear(spoken("started"), now=1.0)
    assert not streamer.talking(now=1.0 + SENTENCE_S)


def test_streamer_who_speaks_to_it_is_answered_without_a_pause() -> None:
    """Somebody who asks waits for the answer, and does not go on talking."""
    streamer = Streamer()
    streamer.hear(spoken("final", "John, what do you think?"), now=3.0, to_us=True)
    assert not streamer.talking(now=3.0)


def test_streamer_is_not_heard_when_the_link_is_lost() -> None:
    """What was being said when the link went does not hold the floor."""
    streamer = Streamer()
    streamer.hear(spoken("started"), now=1.0)
    streamer.lost()
    assert not streamer.talking(now=1.1)


@pytest.mark.parametrize(
    ("said", "own", "stops"),
    [
        ("", "Look at that", False),
        ("hm", "Look at that", False),
        ("wait a second", "Look at that", True),
        ("stop", "Look at that", True),
        ("Ruhe!", "Look at that", True),
        ("stop", "He told the bus to stop here", True),
        ("look at that", "Look at that, a cat!", False),
        ("look at that nonsense over there now", "Look at that, a cat!", True),
    ],
)
def test_interrupts(said: str, own: str, stops: bool) -> None:
    """Two words or a stop word end it; a cough and its own voice in the microphone don't."""
    assert interrupts(said, own=own) is stops


@pytest.mark.parametrize(
    ("said", "stop"),
    [
        ("John, stop it please", True),
        ("John be quiet now", True),
        ("stop", True),
        ("John, where does the bus stop?", False),
        ("John", False),
    ],
)
def test_is_stop(said: str, stop: bool) -> None:
    """An order to be quiet is obeyed, not answered; a question after a bus stop is answered."""
    assert is_stop(said, names=("john",)) is stop


def test_idle_counts_from_the_last_voice() -> None:
    """The silence begins when the last of both has ended; without a time, never."""
    assert idle_at(quiet_since=10.0, talked_until=30.0, idle_after=60.0) == 90.0
    assert idle_at(quiet_since=50.0, talked_until=30.0, idle_after=60.0) == 110.0
    assert idle_at(quiet_since=50.0, talked_until=30.0, idle_after=None) is None
