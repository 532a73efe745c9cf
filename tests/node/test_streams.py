"""What of a node's streams sounds, and when."""

from __future__ import annotations

from pickled.node.streams import Playback
from tests.node.soup import (
    MS,
    begin,
    begun,
    end,
    feed,
    frame,
    play,
    reports,
    sounds,
    states,
    utterance,
)


def test_stream_sounds_once_in_order_and_is_finished() -> None:
    """Every sample of a stream sounds once, in order, and the end is acknowledged."""
    playback = begun()
    feed(playback, utterance(length_ms=200))
    playback.end(end(), 0.0)
    heard = play(playback, 0.0, 0.3)
    assert heard[: 200 * MS] == [p + 1 for p in range(200 * MS)]
    assert not any(heard[200 * MS :])
    assert states(playback) == ["started", "finished"]


def test_stream_out_of_order_and_repeated_sounds_in_order() -> None:
    """Frames that come in the wrong order or twice sound in order, and once."""
    playback = begun()
    frames = utterance(length_ms=200)
    feed(playback, [*reversed(frames), *frames])
    playback.end(end(), 0.0)
    heard = [each for each in play(playback, 0.0, 0.5) if each]
    assert heard == [p + 1 for p in range(200 * MS)]


def test_gap_is_filled_with_silence_of_its_length() -> None:
    """A lost frame is silence of the same length."""
    playback = begun()
    frames = utterance(length_ms=200)
    feed(playback, [each for each in frames if each.pts != 100 * MS])
    heard = play(playback, 0.0, 0.2)
    assert not any(heard[100 * MS : 120 * MS])
    assert heard[120 * MS : 200 * MS] == [p + 1 for p in range(120 * MS, 200 * MS)]


def test_late_frame_of_a_gap_sounds_from_where_it_still_may() -> None:
    """A frame that comes while its gap is playing sounds from the middle, nothing moves."""
    playback = begun()
    frames = utterance(length_ms=200)
    late = frames.pop(0)
    feed(playback, frames[:-1])
    playback.frame(frames[-1], 0.0)
    heard = play(playback, 0.0, 0.1)
    assert heard[: 100 * MS] == [p + 1 for p in range(20 * MS, 120 * MS)]
    playback.frame(late, 0.1)
    assert playback.dropped == 1


def test_clear_silences_everything_up_to_the_stream() -> None:
    """After a clear nothing of that stream or an earlier one sounds, whatever still comes."""
    playback = begun(10)
    feed(playback, utterance(10))
    playback.begin(begin(11), 0.0)
    feed(playback, utterance(11))
    play(playback, 0.0, 0.1)
    playback.clear(end(11), 0.1)
    assert states(playback) == ["started", "cleared", "cleared"]
    feed(playback, [*utterance(10), *utterance(11)], 0.1)
    playback.begin(begin(11), 0.1)
    assert not any(play(playback, 0.1, 0.5))


def test_clear_of_an_earlier_stream_leaves_the_later_one() -> None:
    """A clear that comes late does not touch the stream after it."""
    playback = begun(11)
    feed(playback, utterance(11))
    playback.clear(end(10), 0.0)
    assert any(play(playback, 0.0, 0.1))


def test_streams_sound_one_after_the_other() -> None:
    """A later stream waits for the end of the one before."""
    playback = begun(10)
    feed(playback, utterance(10, length_ms=100))
    playback.begin(begin(11), 0.0)
    feed(playback, [frame(11, at_ms=at, value=-7, last=at == 80) for at in range(0, 100, 20)])
    playback.end(end(10), 0.0)
    heard = play(playback, 0.0, 0.3)
    assert heard[: 100 * MS] == [p + 1 for p in range(100 * MS)]
    later = [index for index, each in enumerate(heard) if each == -7]
    assert len(later) == 100 * MS
    assert min(later) >= 100 * MS


def test_frames_wait_for_their_begin_half_a_second() -> None:
    """Frames that overtake their begin sound after it; after 500 ms they are dropped."""
    in_time, too_late = Playback(), Playback()
    for playback in (in_time, too_late):
        feed(playback, utterance(10), 0.0)
    in_time.begin(begin(10), 0.4)
    too_late.begin(begin(10), 0.6)
    assert any(play(in_time, 0.4, 0.1))
    assert not any(play(too_late, 0.6, 0.1))


def test_starved_stream_is_given_up_after_three_seconds() -> None:
    """A stream that gets nothing any more makes room for the next one."""
    playback = begun(10)
    feed(playback, [frame(10, at_ms=at) for at in range(0, 100, 20)])
    playback.begin(begin(11), 0.0)
    feed(playback, utterance(11, length_ms=100))
    play(playback, 0.0, 3.0)
    assert states(playback) == ["started"]
    assert any(play(playback, 3.0, 0.5))
    assert states(playback) == ["cleared", "started"]


def test_half_a_prebuffer_does_not_block_for_ever() -> None:
    """A stream that stops before it has enough to start is given up too."""
    playback = begun(10)
    playback.frame(frame(10), 0.0)
    assert not any(play(playback, 0.0, 3.2))
    assert states(playback) == ["cleared"]


def test_device_that_takes_nothing_ends_the_stream() -> None:
    """After 3 s without the device, as after a freeze, what was begun before is not played."""
    playback = begun(10)
    feed(playback, utterance(10, length_ms=1000))
    play(playback, 0.0, 0.1)
    assert not any(play(playback, 4.0, 0.5))
    assert states(playback) == ["started", "cleared"]


def test_ring_drops_what_is_too_far_ahead() -> None:
    """More than 8 s ahead is dropped, and counted."""
    playback = begun(10)
    feed(playback, [frame(10, at_ms=at, length_ms=100) for at in range(0, 9000, 100)])
    assert playback.dropped == 10
    assert playback.fill_ms == 8000


def test_hostile_positions_are_harmless() -> None:
    """A frame at the end of the number range neither sounds nor makes an endless gap."""
    playback = begun(10)
    feed(playback, utterance(10))
    playback.frame(frame(10, at_ms=(2**64 - 1) // MS - 100), 0.0)
    playback.end(end(10), 0.0)
    play(playback, 0.0, 0.3)
    assert states(playback) == ["started", "finished"]


def test_mute_swallows_what_was_begun() -> None:
    """Muted streams stay silent to their end, also after the mute, and count as not heard."""
    playback = begun(10)
    feed(playback, utterance(10, length_ms=400))
    play(playback, 0.0, 0.1)
    playback.mute(True, 0.1)
    playback.begin(begin(11), 0.1)
    playback.mute(False, 0.2)
    feed(playback, [*utterance(10, length_ms=400), *utterance(11)], 0.2)
    assert not any(play(playback, 0.2, 0.5))
    playback.end(end(10), 0.7)
    told = [(each.stream, each.state, each.played_ms) for each in reports(playback)]
    assert [each for each in told if each[1] not in ("started", "progress")] == [
        (10, "muted", 100.0),
        (10, "muted", 100.0),
        (11, "muted", 0.0),
    ]


def test_mute_of_an_ended_stream_ends_it() -> None:
    """A muted stream whose end has come already makes room at once."""
    playback = begun(10)
    for stream in range(10, 30):
        playback.begin(begin(stream), 0.0)
        feed(playback, utterance(stream))
        playback.end(end(stream), 0.0)
        playback.mute(True, 0.0)
        playback.mute(False, 0.0)
    assert not playback.busy
    assert states(playback) == ["muted"] * 20


def test_stream_after_the_mute_sounds() -> None:
    """A stream that begins after the mute sounds at once, past the swallowed one."""
    playback = begun(10)
    playback.mute(True, 0.0)
    playback.mute(False, 0.1)
    playback.begin(begin(11), 0.1)
    feed(playback, utterance(11), 0.1)
    assert any(play(playback, 0.1, 0.1))


def test_skip_stops_the_turn_that_sounds() -> None:
    """A bare skip stops what sounds, a named one only its own turn."""
    playback = begun(10)
    feed(playback, utterance(10, length_ms=1000))
    play(playback, 0.0, 0.4)
    playback.skip("bbbbbbbbbbbb", 0.4)
    assert any(play(playback, 0.4, 0.1))
    playback.skip(None, 0.5)
    assert not any(play(playback, 0.5, 0.1))
    assert states(playback) == ["started", "cleared"]


def test_skip_of_a_brand_new_stream_is_ignored() -> None:
    """A bare skip within 300 ms was meant for what sounded before."""
    playback = begun(10)
    feed(playback, utterance(10))
    playback.skip(None, 0.29)
    assert any(play(playback, 0.29, 0.1))


def test_short_clause_ends_with_a_frame_that_has_no_sound() -> None:
    """It was sent before it was known to be over; that comes behind it, and holds up nothing."""
    playback = begun()
    feed(playback, [frame(at_ms=0), frame(at_ms=20)])
    assert not any(play(playback, 0.0, 0.1))
    feed(playback, [frame(at_ms=40, length_ms=0, last=True)], 0.1)
    playback.begin(begin(utterance=1), 0.1)
    feed(playback, utterance(from_ms=40, length_ms=100), 0.1)
    playback.end(end(), 0.1)
    heard = [each for each in play(playback, 0.1, 0.5) if each]
    assert heard == [p + 1 for p in range(140 * MS)]
    assert playback.underruns == 0
    assert states(playback) == ["started", "started", "finished"]


def test_skip_of_a_stream_that_was_begun_early_is_ignored_until_it_has_sounded() -> None:
    """It was begun while the voice still thought: what is skipped is what was heard."""
    playback = begun(10)
    playback.skip(None, 1.0)
    feed(playback, utterance(10), 1.2)
    playback.skip(None, 1.45)
    assert any(play(playback, 1.45, 0.1))
    playback.skip(None, 1.6)
    play(playback, 1.6, 0.1)
    assert states(playback)[-1] == "cleared"


def test_pull_gives_exactly_what_is_asked() -> None:
    """Whatever happens, a block is full."""
    playback = begun(10)
    feed(playback, utterance(10, length_ms=100))
    playback.begin(begin(11), 0.0)
    playback.end(end(10), 0.0)
    for samples in (1, 7, 240, 5000, 333):
        assert len(sounds(playback.pull(samples, 0.0))) == samples


def test_stream_ends_where_its_device_is_lost_and_no_other_begins_until_it_is_back() -> None:
    """What was not heard is not finished; that nothing begins is no lasting error."""
    playback = begun()
    feed(playback, utterance(length_ms=200))
    playback.end(end(), 0.0)
    play(playback, 0.0, 0.1)
    playback.lose_sound(True, 0.1)
    playback.begin(begin(11), 0.1)
    assert not any(play(playback, 0.1, 0.3))
    told = [(each.stream, each.state, each.played_ms) for each in reports(playback)]
    assert told[-2:] == [(10, "cleared", 100.0), (11, "cleared", 0.0)]
    assert playback.admission.refusal == ""
    playback.lose_sound(False, 0.4)
    playback.begin(begin(12), 0.4)
    feed(playback, utterance(12, length_ms=200), 0.4)
    playback.end(end(12), 0.4)
    play(playback, 0.4, 0.4)
    assert states(playback) == ["started", "finished"]


def test_stream_that_was_still_in_a_lost_device_is_not_finished() -> None:
    """Its last samples never left it."""
    playback = begun()
    playback.reports.latency_s = 0.5
    feed(playback, utterance(length_ms=100))
    playback.end(end(), 0.0)
    play(playback, 0.0, 0.2)
    playback.lose_sound(True, 0.2)
    play(playback, 0.2, 1.0)
    assert "finished" not in states(playback)
