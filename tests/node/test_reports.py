"""What is acknowledged of a stream, and when."""

from __future__ import annotations

import pytest

from tests.node.soup import BLOCK, begin, begun, end, feed, frame, play, reports, states, utterance


def test_each_utterance_is_started_and_the_stream_is_finished_with_the_last() -> None:
    """`started` comes with each utterance's name, `finished` once with the last one's."""
    playback = begun()
    feed(playback, utterance(length_ms=100))
    playback.begin(begin(utterance=1), 0.0)
    feed(playback, utterance(from_ms=100, length_ms=100))
    playback.end(end(), 0.0)
    play(playback, 0.0, 0.3)
    told = [(each.state, each.utterance[-1]) for each in reports(playback)]
    assert [each for each in told if each[0] != "progress"] == [
        ("started", "0"),
        ("started", "1"),
        ("finished", "1"),
    ]


def test_progress_is_told_every_tenth_of_a_second() -> None:
    """While it sounds, the position is acknowledged every 100 ms, less the device's latency."""
    playback = begun()
    playback.reports.latency_s = 0.03
    feed(playback, utterance(length_ms=1000))
    play(playback, 0.0, 0.55)
    told = [each.played_ms for each in reports(playback) if each.state == "progress"]
    assert told == pytest.approx([80, 180, 280, 380, 480])


def test_started_is_the_block_of_the_first_sound() -> None:
    """Digital silence at the beginning is not yet sound: `started` comes with the first sample."""
    playback = begun()
    feed(playback, [frame(at_ms=at, value=0) for at in range(0, 100, 20)])
    feed(playback, utterance(from_ms=100, length_ms=100))
    for block in range(20):
        playback.pull(BLOCK, block / 100)
    first = playback.reports.take()[0]
    assert first.played.state == "started"
    assert first.at == pytest.approx(0.10)


def test_finished_waits_for_the_device() -> None:
    """A stream is finished only when its last sample has left the device."""
    playback = begun()
    playback.reports.latency_s = 0.1
    feed(playback, utterance(length_ms=100))
    playback.end(end(), 0.0)
    play(playback, 0.0, 0.15)
    assert "finished" not in states(playback)
    assert playback.playing
    play(playback, 0.15, 0.1)
    assert states(playback) == ["finished"]
    assert not playback.playing
