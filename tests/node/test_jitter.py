"""How much has to wait before it sounds, on a network that is not steady."""

from __future__ import annotations

from pickled.node.jitter import DEEP_MS, FAST_MS, SHALLOW_MS, Prebuffer
from tests.node.soup import BLOCK, MS, begin, begun, feed, frame, play, sounds, utterance


def test_sound_waits_for_the_prebuffer() -> None:
    """Nothing sounds before 60 ms are there, unless the utterance is complete."""
    playback = begun()
    feed(playback, [frame(at_ms=0), frame(at_ms=20)])
    assert not any(play(playback, 0.0, 0.05))
    playback.frame(frame(at_ms=40), 0.05)
    assert any(play(playback, 0.05, 0.01))


def test_short_utterance_sounds_at_once() -> None:
    """An utterance shorter than the prebuffer starts as soon as its last frame is there."""
    playback = begun()
    playback.frame(frame(last=True), 0.0)
    assert any(sounds(playback.pull(BLOCK, 0.0)))


def test_underrun_is_counted_and_deepens_the_prebuffer() -> None:
    """When an utterance runs dry, that is counted, and sound waits for 120 ms the next time."""
    playback = begun()
    feed(playback, [frame(at_ms=at) for at in range(0, 60, 20)])
    play(playback, 0.0, 0.1)
    assert playback.underruns == 1
    feed(playback, [frame(at_ms=at) for at in range(60, 160, 20)], 0.1)
    assert not any(play(playback, 0.1, 0.05))
    playback.frame(frame(at_ms=160), 0.15)
    assert sounds(playback.pull(BLOCK, 0.15))[0] == 60 * MS + 1


def test_pause_between_utterances_is_no_underrun() -> None:
    """After an utterance's last frame a dry ring is just a pause."""
    playback = begun()
    feed(playback, utterance(length_ms=100))
    play(playback, 0.0, 0.5)
    assert playback.underruns == 0
    playback.begin(begin(utterance=1), 0.5)
    feed(playback, utterance(from_ms=100, length_ms=100), 0.5)
    heard = play(playback, 0.5, 0.1)
    assert heard == [p + 1 for p in range(100 * MS, 200 * MS)]
    assert playback.underruns == 0


def test_jitter_deepens_the_prebuffer_and_quiet_shrinks_it() -> None:
    """Late frames deepen the prebuffer; each utterance that goes well makes it shallower."""
    playback = begun(10)
    now = 0.0
    for at in range(0, 600, 20):
        playback.frame(frame(10, at_ms=at, last=at == 580), now)
        sounds(playback.pull(20 * MS, now))
        now += 0.05
    depth = playback._prebuffer
    assert depth.ms == DEEP_MS
    depth.jitter_ms = 0.0
    for _ in range(10):
        depth.utterance_done()
    assert depth.ms == SHALLOW_MS


def test_frames_sent_ahead_are_no_jitter() -> None:
    """A sender that is far ahead may take its time: that is not jitter."""
    playback = begun(10)
    feed(playback, utterance(10, length_ms=400), 0.0)
    playback.frame(frame(10, at_ms=400), 0.3)
    assert playback._prebuffer.jitter_ms == 0.0


def fed(*gaps_ms: float, times: int = 20) -> Prebuffer:
    """Frames of 20 ms that came in these gaps, over and over."""
    depth = Prebuffer()
    for gap in gaps_ms * times:
        depth.arrived(gap - 20, fill_ms=40)
    return depth


def test_voice_that_is_faster_than_real_time_sounds_after_40_ms() -> None:
    """Once that was seen; as long as nobody knows, it is 60 ms."""
    assert Prebuffer().ms == SHALLOW_MS
    assert fed(5, times=1).ms == SHALLOW_MS
    assert fed(5).ms == FAST_MS
    assert fed(0, 10).ms == FAST_MS


def test_voice_in_real_time_or_an_unsteady_network_keeps_the_usual_prebuffer() -> None:
    """Bursts are no fast voice, and one that comes unevenly is not trusted."""
    assert fed(19).ms == SHALLOW_MS
    assert fed(0, 0, 0, 80).ms == SHALLOW_MS
    assert fed(0, 0, 0, 60).ms == SHALLOW_MS
    assert fed(80).ms == DEEP_MS


def test_underrun_after_40_ms_deepens_the_prebuffer_as_ever() -> None:
    """It comes back to 40 ms by way of 60, with each utterance that goes well."""
    depth = fed(5)
    depth.underrun()
    assert depth.ms == DEEP_MS
    seen = []
    for _ in range(5):
        depth.utterance_done()
        seen.append(depth.ms)
    assert seen == [105, 90, 75, FAST_MS, FAST_MS]


def test_sound_of_a_fast_voice_starts_with_its_second_frame() -> None:
    """As the device sees it, from the second utterance on."""
    playback = begun(10)
    for at in range(0, 200, 20):
        playback.frame(frame(10, at_ms=at, last=at == 180), at / 4000)
    play(playback, 0.1, 0.4)
    playback.begin(begin(10, utterance=1), 1.0)
    playback.frame(frame(10, at_ms=200), 1.0)
    assert not any(play(playback, 1.0, 0.01))
    playback.frame(frame(10, at_ms=220), 1.01)
    assert any(play(playback, 1.01, 0.01))
