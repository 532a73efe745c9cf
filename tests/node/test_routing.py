"""Where a node sounds, at real sound servers that move streams on their own: PulseAudio, PipeWire.

What is heard is measured at the monitors of null sinks. PipeWire is tried by `make prove`: now and
then its session manager leaves a stream unconnected, and a test of ours waits for nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.node.monitored import loud, tone, wait_for_silence
from tests.node.process import Daemon, node_process
from tests.stand_ins.broker import Broker
from tests.stand_ins.pulse import RATE, Kind, Recording, SoundServer, missing

pytestmark = [
    pytest.mark.integration,
    pytest.mark.alone,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these sound servers"),
]

CABLE, SPEAKERS = "vbcable", "laptop_speakers"
LEAK_S = 0.25
"""What may still come out of the wrong loudspeaker: the server moves what it holds already."""
NOTICED_S = 5.0


@pytest.fixture(params=["PulseAudio", pytest.param("PipeWire", marks=pytest.mark.prove)])
def server(request: pytest.FixtureRequest) -> Iterator[SoundServer]:
    """A sound server with a laptop's loudspeaker, its default, and a cable for the stream."""
    kind: Kind = request.param
    if why := missing(kind):
        pytest.skip(why)
    with SoundServer(kind) as started:
        started.load(SPEAKERS, description="Built-in Audio")
        started.load(CABLE, description="Stream Cable")
        yield started


@dataclass
class Scene:
    """A node at a sound server, both sinks recorded."""

    server: SoundServer
    daemon: Daemon
    process: subprocess.Popen[str]
    cable: Recording
    speakers: Recording

    def heard_s(self, recording: Recording, *, since: int = 0) -> float:
        """How long something sounded there."""
        wait_for_silence(recording, length_s=0.3)
        return len(loud(recording.samples()[since:])) / RATE

    def wait_for_error(self, *words: str) -> float:
        """Until the node shows that nobody hears it, and why; how long that took, s."""
        began = time.monotonic()
        self.daemon.wait_until_shown(
            lambda state: not state.has_sound and all(word in state.last_error for word in words)
        )
        return time.monotonic() - began

    def wait_until_well(self) -> None:
        """Until it can be heard."""
        self.daemon.wait_until_shown(lambda state: state.has_sound and not state.last_error)


@pytest.fixture
def scene(broker: Broker, server: SoundServer, tmp_path: Path) -> Iterator[Scene]:
    """The node was started with a part of the cable's description."""
    with ExitStack() as stack:
        yield play(stack, broker, server, tmp_path, "--output", "stream cab")


def play(
    stack: ExitStack, broker: Broker, server: SoundServer, folder: Path, *options: str
) -> Scene:
    """A node with these options."""
    cable = stack.enter_context(server.recording(CABLE))
    speakers = stack.enter_context(server.recording(SPEAKERS))
    daemon = stack.enter_context(Daemon(broker))
    process = stack.enter_context(node_process(broker, folder, *options, environ=server.environ))
    daemon.wait_online()
    return Scene(server, daemon, process, cable, speakers)


def test_sinks_are_listed_and_named(server: SoundServer, tmp_path: Path, broker: Broker) -> None:
    """`node devices` lists null sinks with their descriptions, whatever language these are in."""
    server.load("other", description="Kopfhörer 🎧")
    done = subprocess.run(
        [sys.executable, "-m", "pickled", "node", "devices"],
        env=os.environ | server.environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert f"{CABLE}  [sound server]  Stream Cable" in done.stdout
    assert f"{SPEAKERS}  [sound server]  Built-in Audio" in done.stdout
    assert "Kopfhörer 🎧" in done.stdout


def test_named_sink_alone_sounds(scene: Scene) -> None:
    """A sentence is heard at the sink that was named, and nowhere else."""
    scene.daemon.speak(tone(1.0))
    scene.daemon.wait_played("finished")
    assert scene.heard_s(scene.cable) == pytest.approx(1.0, abs=0.1)
    assert scene.heard_s(scene.speakers) == 0.0


def test_sink_that_goes_silences_the_node_until_it_is_back(scene: Scene) -> None:
    """In mid-sentence: nothing goes to the loudspeaker, the rest counts as not played."""
    scene.daemon.speak(tone(6.0))
    scene.daemon.wait_played("started")
    scene.cable.wait_for_samples(len(scene.cable) + RATE)
    scene.server.unload(CABLE)
    took_s = scene.wait_for_error(CABLE)
    assert took_s < NOTICED_S
    assert scene.daemon.wait_played("cleared").played_ms < 2_500
    scene.daemon.speak(tone(0.5))
    assert scene.daemon.wait_played("cleared").played_ms == 0
    leak = scene.heard_s(scene.speakers)
    assert leak < LEAK_S
    scene.server.load(CABLE, description="Stream Cable")
    scene.wait_until_well()
    with scene.server.recording(CABLE) as cable:
        since = len(scene.speakers)
        scene.daemon.speak(tone(1.0))
        scene.daemon.wait_played("finished")
        assert scene.heard_s(cable) == pytest.approx(1.0, abs=0.1)
        assert scene.heard_s(scene.speakers, since=since) == 0.0


def test_stream_that_is_moved_goes_back(scene: Scene) -> None:
    """What a user or the server moves by hand returns to the sink that the node was given."""
    scene.daemon.speak(tone(6.0))
    scene.daemon.wait_played("started")
    scene.cable.wait_for_samples(len(scene.cable) + RATE // 2)
    scene.server.move_all(SPEAKERS)
    time.sleep(2)  # PulseAudio's plug-in for ALSA goes back by itself: nothing tells when
    scene.wait_until_well()
    since = len(scene.cable)
    scene.daemon.speak(tone(1.0))
    scene.daemon.wait_played("finished")
    assert scene.heard_s(scene.cable, since=since) > 0.9
    assert scene.heard_s(scene.speakers) < LEAK_S


def test_node_that_may_sound_elsewhere_does_and_says_so(
    broker: Broker, server: SoundServer, tmp_path: Path
) -> None:
    """With `--elsewhere` it plays on at the loudspeaker, and goes to its sink when that is back."""
    with ExitStack() as stack:
        scene = play(stack, broker, server, tmp_path, "--output", CABLE, "--elsewhere")
        server.unload(CABLE)
        scene.daemon.wait_until_shown(lambda state: state.last_error.startswith("It sounds at"))
        assert scene.daemon.shown_state().has_sound
        scene.daemon.speak(tone(1.0))
        scene.daemon.wait_played("finished")
        assert scene.heard_s(scene.speakers) == pytest.approx(1.0, abs=0.1)
        server.load(CABLE)
        scene.wait_until_well()
        with server.recording(CABLE) as cable:
            scene.daemon.speak(tone(1.0))
            scene.daemon.wait_played("finished")
            assert scene.heard_s(cable) == pytest.approx(1.0, abs=0.1)


def test_node_may_start_elsewhere_until_its_sink_appears(
    broker: Broker, server: SoundServer, tmp_path: Path
) -> None:
    """It need not be there at the start; without `--elsewhere` the node ends and says so."""
    with ExitStack() as stack:
        scene = play(stack, broker, server, tmp_path, "--output", "usb", "--elsewhere")
        scene.daemon.wait_until_shown(lambda state: "usb" in state.last_error)
        server.load("usb_headset")
        scene.wait_until_well()
        with server.recording("usb_headset") as headset:
            scene.daemon.speak(tone(1.0))
            scene.daemon.wait_played("finished")
            assert scene.heard_s(headset) == pytest.approx(1.0, abs=0.1)
    with node_process(broker, tmp_path, "--output", "absent", environ=server.environ) as process:
        _, told = process.communicate(timeout=20)
        assert process.returncode == 1
        assert "No sound output is called absent. There are: " in told
        assert f"{SPEAKERS}, {CABLE}, usb_headset" in told


def test_node_without_a_name_follows_the_default(
    broker: Broker, server: SoundServer, tmp_path: Path
) -> None:
    """It sounds wherever the server plays by itself, but a dummy is heard by nobody."""
    with ExitStack() as stack:
        scene = play(stack, broker, server, tmp_path)
        scene.daemon.speak(tone(1.0))
        scene.daemon.wait_played("finished")
        assert scene.heard_s(scene.speakers) + scene.heard_s(scene.cable) > 0.9
        server.load("auto_null")
        server.unload(SPEAKERS)
        server.unload(CABLE)
        scene.wait_for_error("dummy")
        server.load(SPEAKERS)
        server.unload("auto_null")
        scene.wait_until_well()


def test_sink_of_the_environment_is_watched_too(
    broker: Broker, server: SoundServer, tmp_path: Path
) -> None:
    """`PULSE_SINK=vbcable pickled node --output pulse` is the same as `--output vbcable`."""
    environ = server.environ | {"PULSE_SINK": CABLE}
    with (
        Daemon(broker) as daemon,
        node_process(broker, tmp_path, "--output", "pulse", environ=environ),
    ):
        daemon.wait_online()
        with server.recording(CABLE) as cable:
            daemon.speak(tone(0.5))
            daemon.wait_played("finished")
            wait_for_silence(cable, length_s=0.3)
            assert loud(cable.samples())
        server.unload(CABLE)
        daemon.wait_until_shown(lambda state: not state.has_sound)
        server.load(CABLE)
        daemon.wait_until_shown(lambda state: state.has_sound)


def test_server_that_starts_again_is_played_to_again(scene: Scene) -> None:
    """While it is away the node says so; afterwards it plays to the same sink."""
    scene.server.stop()
    took_s = scene.wait_for_error()
    assert took_s < NOTICED_S
    scene.server.start()
    scene.server.load(SPEAKERS)
    scene.server.load(CABLE, description="Stream Cable")
    scene.wait_until_well()
    with scene.server.recording(CABLE) as cable, scene.server.recording(SPEAKERS) as speakers:
        scene.daemon.speak(tone(1.0))
        scene.daemon.wait_played("finished")
        assert scene.heard_s(cable) == pytest.approx(1.0, abs=0.1)
        assert scene.heard_s(speakers) == 0.0
