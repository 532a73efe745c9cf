"""Which streams may begin: nothing old, nothing twice, not too many."""

from __future__ import annotations

from pickled.node.streams import Playback
from tests.node.soup import begin, begun, end, feed, frame, play, states, utterance


def test_clear_before_its_begin_counts() -> None:
    """A stream that is cleared before it begins never sounds, and is acknowledged as cleared."""
    playback = Playback()
    playback.clear(end(10), 0.0)
    playback.begin(begin(10), 0.1)
    feed(playback, utterance(10), 0.1)
    assert not any(play(playback, 0.1, 0.5))
    assert states(playback) == ["cleared"]


def test_waiting_streams_are_bounded() -> None:
    """A fifth stream is refused, said so, and does not disturb the others."""
    playback = Playback()
    for stream in range(10, 15):
        playback.begin(begin(stream), 0.0)
    assert states(playback) == ["cleared"]
    assert "waiting" in playback.admission.refusal
    feed(playback, utterance(14))
    assert playback.dropped == 10


def test_frames_of_another_session_do_not_sound() -> None:
    """The session's low bits in the header must be those of the begin."""
    playback = begun(10)
    feed(playback, [frame(10, at_ms=at, session=2) for at in range(0, 200, 20)])
    assert not any(play(playback, 0.0, 0.2))


def test_new_session_resets_the_node() -> None:
    """A new run of the daemon ends what sounds, and an earlier run never comes back."""
    playback = begun(10)
    feed(playback, utterance(10))
    play(playback, 0.0, 0.05)
    playback.begin(begin(20, session=2), 0.05)
    assert not any(play(playback, 0.05, 0.1))
    playback.begin(begin(30, session=1), 0.2)
    feed(playback, utterance(30), 0.2)
    assert not any(play(playback, 0.2, 0.2))
    assert states(playback) == ["started", "cleared", "cleared"]


def test_new_session_with_lower_streams_is_refused() -> None:
    """A session whose streams are below those of before is an old one: nothing of it sounds."""
    playback = begun(10)
    playback.begin(begin(9, session=2), 0.0)
    feed(playback, [frame(9, at_ms=at, session=2) for at in range(0, 200, 20)])
    assert not any(play(playback, 0.0, 0.2))
    assert "below" in playback.admission.refusal


def test_old_begin_is_never_played() -> None:
    """A begin that was 5 s on its way begins nothing, and ends the stream that it belongs to."""
    playback = begun(10)
    feed(playback, utterance(10))
    playback.begin(begin(10, utterance=1), 0.0, age_ms=5001)
    playback.begin(begin(11), 0.0, age_ms=60_000)
    assert not any(play(playback, 0.0, 0.2))
    assert states(playback) == ["cleared", "cleared"]


def test_begin_of_another_format_is_refused() -> None:
    """What the node can't play is acknowledged as cleared, with the reason."""
    playback = Playback()
    playback.begin(begin().model_copy(update={"rate": 16_000}), 0.0)
    assert states(playback) == ["cleared"]
    assert "24000" in playback.admission.refusal


def test_repeated_begin_changes_nothing() -> None:
    """A begin that is delivered twice, even after the end, is not answered twice."""
    playback = begun()
    playback.begin(begin(), 0.0)
    feed(playback, utterance(length_ms=100))
    playback.end(end(), 0.0)
    play(playback, 0.0, 0.2)
    playback.begin(begin(), 0.2)
    assert states(playback) == ["started", "finished"]
    assert not playback.busy


def test_muted_streams_do_not_pile_up() -> None:
    """A swallowed stream is over when the next one begins."""
    playback = Playback(muted=True)
    for stream in range(10, 30):
        playback.begin(begin(stream), 0.0)
    assert set(states(playback)) == {"muted"}
    assert len(playback._streams) == 1
