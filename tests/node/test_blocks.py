"""How much sound a device is given at once: little where it takes that, more where it runs dry."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from pickled.audio import SPEECH_RATE
from pickled.node.device import LONG_MS, MOST_DRY, SHORT_MS, DeviceSink
from pickled.node.devices import look_again
from tests.stand_ins import pulse
from tests.stand_ins.pulse import NullSink

pytestmark = [pytest.mark.integration, pytest.mark.alone]

SHORT, LONG = (SPEECH_RATE * each // 1000 for each in (SHORT_MS, LONG_MS))
LATE_S = 0.12
"""Later than any device waits for sound."""


@dataclass
class Source:
    """Silence, and how much of it was taken at once; sound that comes too late, if it is told."""

    taken: list[int] = field(default_factory=list)
    late: int = 0
    """So many times yet."""

    def pull(self, samples: int) -> bytes:
        self.taken.append(samples)
        if not self.late:
            return bytes(2 * samples)
        self.late -= 1
        time.sleep(LATE_S)
        return b"\x01\x00" * samples


@contextmanager
def playing(monkeypatch: pytest.MonkeyPatch, source: Source) -> Iterator[DeviceSink]:
    """A device that takes from it."""
    if not pulse.installed():
        pytest.skip("PulseAudio is not installed: `apt install pulseaudio pulseaudio-utils`")
    with NullSink() as cable:
        for name, value in cable.environ.items():
            monkeypatch.setenv(name, value)
        look_again()  # other tests of this process may have used the library elsewhere
        sink = DeviceSink(pulse.DEVICE)
        sink.start(source.pull)
        try:
            yield sink
        finally:
            sink.stop()


def until(true: Callable[[], bool], *, within_s: float = 10.0) -> None:
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, f"not within {within_s} s"
        time.sleep(0.02)


def test_device_takes_short_blocks_and_long_ones_once_it_ran_dry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is opened anew in a pause, without a word of trouble."""
    source = Source()
    with playing(monkeypatch, source) as sink:
        until(lambda: len(source.taken) > 100)
        assert source.taken[0] == SHORT
        before = sink.latency_s
        source.late = 2 * MOST_DRY + 2
        until(lambda: source.late == 0)
        until(lambda: source.taken[-1] == LONG)
        until(lambda: source.taken.count(LONG) > 50)
        assert (sink.problem, sink.shortest_ms) == ("", LONG_MS)
        assert sink.latency_s >= 0.7 * before  # as it is measured: it is given no less at once


def test_device_that_ran_dry_once_keeps_its_short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stall of the machine says nothing of the device."""
    source = Source()
    with playing(monkeypatch, source) as sink:
        until(lambda: len(source.taken) > 20)
        source.late = 1
        until(lambda: source.late == 0)
        taken = len(source.taken)
        until(lambda: len(source.taken) > taken + 500)
        if sink.underflows > MOST_DRY:
            pytest.skip(f"this machine is too busy: the device ran dry {sink.underflows} times")
        assert set(source.taken) == {SHORT}
        assert sink.shortest_ms == SHORT_MS
