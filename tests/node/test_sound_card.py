"""The node at a sound card: PulseAudio's null sink, whose monitor is recorded."""

from __future__ import annotations

import math
import statistics
import time
from array import array
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from tests.node.monitored import HZ, LEVEL, loud, tone, wait_for_silence
from tests.node.process import Daemon, node_process
from tests.stand_ins import pulse
from tests.stand_ins.broker import Broker
from tests.stand_ins.pulse import NullSink, Recording

pytestmark = [pytest.mark.integration, pytest.mark.alone]

STEP = 2 * math.pi * HZ / pulse.RATE * LEVEL
"""The largest jump between two samples of the tone."""
BUDGET_MS = 100.0
"""Mute → silence at the device, p95."""


@pytest.fixture(scope="module")
def sink() -> Iterator[NullSink]:
    """A sound card that nobody hears."""
    if not pulse.installed():
        pytest.skip("PulseAudio is not installed: `apt install pulseaudio pulseaudio-utils`")
    with NullSink() as started:
        yield started


@pytest.fixture
def daemon(broker: Broker, sink: NullSink, tmp_path: Path) -> Iterator[Daemon]:
    """Somebody who plays the daemon, to a node that plays to the sound card."""
    cable = ("--output", pulse.DEVICE)
    with (
        Daemon(broker) as daemon,
        node_process(broker, tmp_path, *cable, environ=sink.environ) as process,
    ):
        daemon.process_id = process.pid
        daemon.wait_online()
        yield daemon


def steepest(samples: array[int]) -> int:
    """The largest jump between two samples."""
    return max(abs(a - b) for a, b in pairwise(samples))


def mute_latency_ms(daemon: Daemon, recording: Recording) -> float:
    """From the publishing of a mute until the monitor is silent, ms of sound.

    What was recorded when the command went out had been heard before; the monitor itself lags,
    which counts against us.
    """
    daemon.tell("muted/set", "OFF")
    daemon.wait_until_shown(lambda state: not state.muted)
    daemon.speak(tone(3))
    daemon.wait_played("started")
    start = len(recording)
    recording.wait_for_samples(start + pulse.RATE // 4)
    sent_at, heard = time.monotonic(), len(recording)
    daemon.tell("muted/set", "ON", qos=0)
    wait_for_silence(recording, length_s=0.3)
    assert time.monotonic() - sent_at < 20
    return (loud(recording.samples())[-1] - heard) / pulse.RATE * 1000


def whole_tone(daemon: Daemon, _recording: Recording) -> None:
    """A second of a tone, to its end."""
    daemon.speak(tone(1.0))
    daemon.wait_played("finished")


def cleared_tone(daemon: Daemon, recording: Recording) -> None:
    """A tone that is cleared after half a second."""
    daemon.speak(tone(5))
    daemon.wait_played("started")
    recording.wait_for_samples(len(recording) + pulse.RATE // 2)
    daemon.tell("node/{node}/tts/clear", daemon.whole_stream())


def undisturbed(
    daemon: Daemon, sink: NullSink, play: Callable[[Daemon, Recording], None]
) -> array[int]:
    """A recording during which the device never ran dry: a busy machine makes it click by itself.

    Skips where there is none.
    """
    for _ in range(6):
        before = daemon.shown_state().underruns
        with sink.recording() as recording:
            play(daemon, recording)
            wait_for_silence(recording, length_s=0.3)
            samples = recording.samples()
        daemon.wait_until_shown(lambda state: not state.playing)
        if daemon.shown_state().underruns == before:
            return samples
    pytest.skip("the machine is too busy for its sound server")


def test_tone_is_heard_at_the_sound_card_without_a_click(daemon: Daemon, sink: NullSink) -> None:
    """A second of a tone comes out of the sound card in its length, with no jump in it."""
    samples = undisturbed(daemon, sink, whole_tone)
    where = loud(samples)
    heard = samples[where[0] : where[-1]]
    assert len(heard) / pulse.RATE == pytest.approx(1.0, abs=0.05)
    assert steepest(heard) <= 1.5 * STEP
    crossings = sum(a < 0 <= b for a, b in pairwise(heard))
    assert crossings == pytest.approx(HZ, abs=HZ * 0.02)


def test_cleared_tone_ends_without_a_click(daemon: Daemon, sink: NullSink) -> None:
    """A clear in the middle of a tone fades it out."""
    samples = undisturbed(daemon, sink, cleared_tone)
    where = loud(samples)
    assert (where[-1] - where[0]) / pulse.RATE < 4
    assert steepest(samples) <= 1.5 * STEP


def test_node_at_a_sound_card_is_light(daemon: Daemon) -> None:
    """Playing to a device, it stays within its memory, and mostly sleeps."""
    process = psutil.Process(daemon.process_id)
    before, began = sum(process.cpu_times()[:2]), time.monotonic()
    daemon.speak(tone(2))
    daemon.wait_played("finished")
    busy = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
    assert process.memory_info().rss < 80_000_000
    assert busy < 0.25


def test_suspended_device_is_noticed_and_opened_again(daemon: Daemon, sink: NullSink) -> None:
    """A device that silently stops is shown until it plays again; meanwhile nothing begins."""
    sink.suspend(True)
    try:
        daemon.wait_until_shown(lambda state: "stopped" in state.last_error)
        since = len(daemon.heard)
        daemon.speak(tone(0.2))
        assert daemon.wait_played("cleared").played_ms == 0
        time.sleep(4)  # it is opened again and again, and takes a little each time
        states = [each for path, each in daemon.heard[since:] if path == "node/{node}/state"]
        assert not any(each.has_sound for each in states)
    finally:
        sink.suspend(False)
    daemon.wait_until_shown(lambda state: not state.last_error)
    daemon.speak(tone(0.2))
    daemon.wait_played("finished")


def test_mute_reaches_the_sound_card_at_once(daemon: Daemon, sink: NullSink) -> None:
    """A handful of mutes, each silent at the device well before the sound would have ended."""
    with sink.recording() as recording:
        latencies = [mute_latency_ms(daemon, recording) for _ in range(3)]
    assert statistics.median(latencies) < 5 * BUDGET_MS


@pytest.mark.prove
@pytest.mark.timeout(300)
def test_mute_reaches_the_sound_card_within_its_budget(daemon: Daemon, sink: NullSink) -> None:
    """Of fifty mutes, 95 % are silent at the device within 100 ms."""
    with sink.recording() as recording:
        latencies = sorted(mute_latency_ms(daemon, recording) for _ in range(50))
    p50, p95 = latencies[24], latencies[47]
    assert p95 <= BUDGET_MS, f"p50 {p50:.0f} ms, p95 {p95:.0f} ms"
