"""What a node costs that plays and listens at once: somebody talks over it all the time."""

from __future__ import annotations

import tempfile
import time
import wave
from dataclasses import dataclass
from pathlib import Path

import psutil

from pickled.audio import MIC_RATE
from tests.node.monitored import tone
from tests.node.process import Daemon, node_process
from tests.node.spoken import SENTENCES, said
from tests.stand_ins import pulse
from tests.stand_ins.broker import Broker
from tests.stand_ins.pulse import NullSink

PLAYS_S = 7.5
"""No more than 8 s may wait for the device."""


@dataclass(frozen=True)
class Cost:
    """Of a node, while it does both."""

    resident_mb: float
    processor: float
    """Of one core, %."""


def measure_listening() -> Cost | None:
    """None without a sound server."""
    if not pulse.installed():
        return None
    with (
        tempfile.TemporaryDirectory() as name,
        NullSink() as server,
        Broker() as broker,
        Daemon(broker) as daemon,
    ):
        folder = Path(name)
        server.load("room", channels=1)
        talk = folder / "talk.wav"
        with wave.open(str(talk), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(MIC_RATE)
            file.writeframes(b"".join(map(said, SENTENCES))[: int(2 * MIC_RATE * (PLAYS_S - 1.5))])
        options = ("--output", pulse.DEVICE, "--input", "room.monitor", "--echo", "no")
        with node_process(broker, folder, *options, environ=server.environ) as process:
            daemon.wait_online()
            daemon.wait_until_shown(lambda state: state.hears)
            return _while_both(psutil.Process(process.pid), daemon, server, talk)


def _while_both(node: psutil.Process, daemon: Daemon, server: NullSink, talk: Path) -> Cost:
    daemon.speak(tone(PLAYS_S))
    daemon.wait_played("started")
    before, began = node.cpu_times(), time.monotonic()
    server.say(talk, "room")
    after, seconds = node.cpu_times(), time.monotonic() - began
    used = after.user + after.system - before.user - before.system
    return Cost(node.memory_info().rss / 1e6, used / seconds * 100)
