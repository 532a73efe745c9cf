"""How late a device sounds: as the sound server has it, not as PortAudio guessed at the start."""

from __future__ import annotations

import re
import time

import pytest

from pickled.node.device import DeviceSink
from pickled.node.devices import look_again
from tests.stand_ins import pulse
from tests.stand_ins.pulse import NullSink

pytestmark = [pytest.mark.integration, pytest.mark.alone]

TOLERANCE_S = 0.04


def told_s(server: NullSink) -> float:
    """What the server says of the stream that waits longest: its own buffer, and the sink's."""
    text = server.described("sink-inputs")
    waits = re.findall(r"Buffer Latency: (\d+) usec\s+Sink Latency: (\d+) usec", text)
    return max(int(buffer) + int(sink) for buffer, sink in waits) / 1e6


def test_played_position_follows_the_delay_behind_the_sound_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sink behind a sink is late as a wireless loudspeaker is: PortAudio knows nothing of it."""
    if not pulse.installed():
        pytest.skip("PulseAudio is not installed: `apt install pulseaudio pulseaudio-utils`")
    with NullSink() as server:
        server.chain("late", "cable")
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        look_again()  # other tests of this process may have used the library elsewhere
        sink = DeviceSink("late")
        sink.start(lambda samples: bytes(2 * samples))
        try:
            guessed_s, until = float(sink._stream.latency), time.monotonic() + 10
            while not (
                sink.latency_s > guessed_s + 0.02
                and abs(sink.latency_s - told_s(server)) < TOLERANCE_S
            ):
                assert time.monotonic() < until, f"{sink.latency_s} s, not {told_s(server)} s"
                time.sleep(0.1)
        finally:
            sink.stop()
