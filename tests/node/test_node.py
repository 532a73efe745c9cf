"""The audio-node as a process, at a real broker."""

from __future__ import annotations

import signal
import subprocess
import time
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pickled.audio import SPEECH_RATE
from pickled.messages.node import NodeInfo, Ping
from tests.node.process import NAME, PATIENCE_S, Daemon, constant, node_process
from tests.stand_ins.broker import Broker

pytestmark = pytest.mark.integration


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Where the node's sound goes."""
    return tmp_path / "out.wav"


@pytest.fixture
def daemon(broker: Broker) -> Iterator[Daemon]:
    """Somebody who plays the daemon."""
    with Daemon(broker) as daemon:
        yield daemon


@pytest.fixture
def node(
    broker: Broker, daemon: Daemon, tmp_path: Path, wav: Path
) -> Iterator[subprocess.Popen[str]]:
    """A node that is online."""
    with node_process(broker, tmp_path, "--wav", str(wav)) as process:
        daemon.wait_online()
        yield process


def read(path: Path) -> array[int]:
    """All samples of a WAV file that may still grow."""
    with wave.open(str(path)) as file:
        return array("h", file.readframes(file.getnframes()))


def end(process: subprocess.Popen[str]) -> int:
    """End it as a supervisor does; its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE_S)


def test_node_plays_what_it_is_sent(daemon: Daemon, node: subprocess.Popen[str], wav: Path) -> None:
    """A stream is in the file to the sample, acknowledged from `started` to `finished`."""
    daemon.speak(constant(0.5))
    before = time.time() * 1000
    started = daemon.wait_played("started")
    finished = daemon.wait_played("finished")
    assert abs(started.at_ms - before) < 5_000
    assert finished.at_ms - started.at_ms >= 450
    assert finished.played_ms == pytest.approx(500, abs=1)
    assert end(node) == 0
    heard = read(wav)
    assert heard.count(5000) == pytest.approx(0.5 * SPEECH_RATE, abs=SPEECH_RATE // 50)


def test_node_shows_itself_and_says_good_bye(daemon: Daemon, node: subprocess.Popen[str]) -> None:
    """`info` and `state` come before `online`; a clean stop publishes `offline` within 2 s."""
    paths = [path for path, _ in daemon.heard]
    assert paths.index("node/{node}/info") < paths.index("node/{node}/availability")
    assert paths.index("node/{node}/state") < paths.index("node/{node}/availability")
    info = daemon.wait("node/{node}/info", lambda _: True)
    assert isinstance(info, NodeInfo)
    assert (info.role, info.formats) == ("public", ("s16le",))
    assert end(node) == 0
    daemon.wait("node/{node}/availability", lambda value: value == "offline")


def test_node_answers_pings(daemon: Daemon, node: subprocess.Popen[str]) -> None:
    """A ping is answered with both clocks, and the offset that it tells is shown."""
    daemon.tell("node/{node}/ping", Ping(id=9, sent_ms=1.0, offset_ms=12.0))
    pong = daemon.wait("node/{node}/pong", lambda value: value.id == 9)
    assert pong.sent_ms == 1.0
    daemon.wait("node/{node}/state", lambda value: value.clock_offset_ms == 12)


def test_clear_stops_within_a_moment(
    daemon: Daemon, node: subprocess.Popen[str], wav: Path
) -> None:
    """After a clear the rest of the stream is not in the file."""
    daemon.speak(constant(5))
    daemon.wait_played("started")
    daemon.tell("node/{node}/tts/clear", daemon.whole_stream())
    cleared = daemon.wait_played("cleared")
    assert cleared.played_ms < 3_000
    assert end(node) == 0
    assert read(wav).count(5000) / SPEECH_RATE * 1000 <= cleared.played_ms + 1


def test_mute_is_obeyed_without_a_daemon(daemon: Daemon, node: subprocess.Popen[str]) -> None:
    """A bare ON at QoS 0 ends the sound, is shown, and the stream counts as muted."""
    daemon.speak(constant(5))
    daemon.wait_played("started")
    daemon.tell("muted/set", "ON", qos=0)
    daemon.wait("node/{node}/state", lambda value: value.muted)
    assert daemon.wait_played("muted").played_ms < 4_000


def test_panic_outlives_kill_and_restart(
    broker: Broker, daemon: Daemon, tmp_path: Path, wav: Path
) -> None:
    """Panic, kill -9, a new start, the daemon's OFF state: silent until an OFF command."""
    with node_process(broker, tmp_path, "--wav", str(wav)) as first:
        daemon.wait_online()
        daemon.tell("cmd/panic", "")
        daemon.wait("node/{node}/state", lambda value: value.muted)
        first.kill()
        first.wait(PATIENCE_S)
    daemon.tell("muted/state", "OFF")
    since = len(daemon.heard)
    with node_process(broker, tmp_path, "--wav", str(wav)) as second:
        daemon.wait_online(since=since)
        daemon.speak(constant(0.2))
        assert daemon.wait_played("muted").played_ms == 0
        daemon.tell("muted/set", "OFF")
        daemon.wait("node/{node}/state", lambda value: not value.muted, since=len(daemon.heard) - 1)
        daemon.speak(constant(0.2, value=7000))
        daemon.wait_played("finished")
        assert end(second) == 0
    heard = read(wav)
    assert 5000 not in heard
    assert 7000 in heard


def test_node_killed_and_back_was_never_offline(
    broker: Broker, daemon: Daemon, tmp_path: Path, wav: Path
) -> None:
    """Who is back within the will's delay is not shown as offline in between."""
    with node_process(broker, tmp_path, "--wav", str(wav)) as first:
        daemon.wait_online()
        first.kill()
        first.wait(PATIENCE_S)
    since = len(daemon.heard)
    with node_process(broker, tmp_path, "--wav", str(wav)) as second:
        daemon.wait_online(since=since)
        daemon.speak(constant(0.1))
        daemon.wait_played("finished")
        shown = [value for path, value in daemon.heard[since:] if path.endswith("availability")]
        assert shown == ["online"]
        assert end(second) == 0


def test_release_that_waited_at_the_broker_does_not_release(
    broker: Broker, daemon: Daemon, tmp_path: Path, wav: Path
) -> None:
    """An OFF while the node is away is lost; an ON is obeyed when it comes back."""
    with node_process(broker, tmp_path, "--wav", str(wav)) as first:
        daemon.wait_online()
        daemon.tell("muted/set", "ON")
        daemon.wait("node/{node}/state", lambda value: value.muted)
        first.kill()
        first.wait(PATIENCE_S)
    daemon.tell("muted/set", "OFF")
    daemon.tell("mic_muted/set", "ON")
    since = len(daemon.heard)
    with node_process(broker, tmp_path, "--wav", str(wav)):
        daemon.wait_online(since=since)
        shown = daemon.wait("node/{node}/state", lambda value: value.mic_muted, since=since)
        assert shown.muted


def test_two_nodes_of_one_name_are_told(
    broker: Broker, daemon: Daemon, node: subprocess.Popen[str], tmp_path: Path
) -> None:
    """One of them ends with exit code 1 and says what to do; the other one plays."""
    folder = tmp_path / "other"
    folder.mkdir()
    with node_process(broker, folder, "--wav", str(folder / "out.wav")) as other:
        until = time.monotonic() + PATIENCE_S
        while node.poll() is None and other.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        lost, left = (other, node) if node.poll() is None else (node, other)
        _, told = lost.communicate(timeout=PATIENCE_S)
        assert lost.returncode == 1
        assert f"called {NAME}" in told
        assert "--name" in told
        daemon.wait_until_last("node/{node}/availability", "online")
        daemon.speak(constant(0.1))
        daemon.wait_played("finished")
        assert left.poll() is None


def test_broker_killed_ends_the_sound_and_the_node_comes_back(
    broker: Broker, daemon: Daemon, node: subprocess.Popen[str], wav: Path
) -> None:
    """Without the broker what plays is faded out after 3 s; later only new streams sound."""
    daemon.speak(constant(6.5))
    daemon.wait_played("started")
    broker.kill()
    time.sleep(4)
    broker.start()
    since = len(daemon.heard)
    daemon.wait_online(since=since)
    daemon.speak(constant(0.1, value=7000))
    daemon.wait_played("finished", since=since)
    assert end(node) == 0
    heard = read(wav)
    assert heard.count(5000) / SPEECH_RATE < 5.5
    assert 7000 in heard


def test_broker_frozen_ends_the_sound(
    broker: Broker, daemon: Daemon, node: subprocess.Popen[str]
) -> None:
    """A broker that hangs with its connections open is as good as gone."""
    daemon.speak(constant(6.5))
    daemon.wait_played("started")
    broker.freeze()
    time.sleep(4)
    broker.thaw()
    assert daemon.wait_played("cleared").played_ms < 5_500
    daemon.speak(constant(0.1, value=7000))
    daemon.wait_played("finished")


def test_killed_node_is_shown_offline(daemon: Daemon, node: subprocess.Popen[str]) -> None:
    """A node that does not come back is offline once the will's delay is over."""
    node.kill()
    daemon.wait("node/{node}/availability", lambda value: value == "offline")


def test_frozen_node_plays_nothing_stale(
    daemon: Daemon, node: subprocess.Popen[str], wav: Path
) -> None:
    """After a freeze neither the rest of before sounds nor what was sent meanwhile."""
    daemon.speak(constant(5))
    daemon.wait_played("started")
    node.send_signal(signal.SIGSTOP)
    old = daemon.stream
    time.sleep(1)
    daemon.speak(constant(0.2, value=6000))
    time.sleep(5)
    node.send_signal(signal.SIGCONT)
    daemon.wait("node/{node}/played", lambda each: each.stream == old and each.state == "cleared")
    daemon.wait_played("cleared")
    daemon.speak(constant(0.1, value=7000))
    daemon.wait_played("finished")
    assert end(node) == 0
    heard = read(wav)
    assert 6000 not in heard
    assert 7000 in heard
    assert heard.count(5000) < SPEECH_RATE * 4


def test_node_without_a_broker_waits_and_ends_on_demand(tmp_path: Path, wav: Path) -> None:
    """No broker: it says so, goes on trying, and SIGTERM ends it."""
    absent = Broker()
    absent.port = 1
    with node_process(absent, tmp_path, "--wav", str(wav)) as process:
        assert process.stderr
        while "not there" not in process.stderr.readline():
            assert process.poll() is None
        assert end(process) == 0


def test_node_without_a_sound_card_explains_the_file(broker: Broker, tmp_path: Path) -> None:
    """A device that isn't there ends it with the names of those that are, and the way out."""
    silent = {"HOME": str(tmp_path), "PULSE_SERVER": "unix:/nowhere"}
    with node_process(broker, tmp_path, "--output", "Nothing", environ=silent) as process:
        _, told = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 1
        assert "--wav" in told
        assert "Traceback" not in told


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--name", "My Laptop"), "--name"),
        (("--gain", "99"), "--gain"),
        (("--broker", "mqtt://user:secret@host"), "password"),
        (("--broker", "http://host"), "mqtt"),
    ],
)
def test_wrong_usage_is_explained(
    broker: Broker, tmp_path: Path, options: tuple[str, ...], word: str
) -> None:
    """A wrong option is one readable line and exit code 2, without the secret."""
    with node_process(broker, tmp_path, *options) as process:
        _, told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert word in told
    assert "secret" not in told
    assert "Traceback" not in told


def test_wrong_password_is_explained(tmp_path: Path, wav: Path) -> None:
    """A broker that does not let the node in ends it with the way out."""
    with (
        Broker(users={"node-laptop": "right"}) as broker,
        node_process(
            broker,
            tmp_path,
            "--wav",
            str(wav),
            environ={"PICKLED_MQTT__USERNAME": "node-laptop", "PICKLED_MQTT__PASSWORD": "wrong"},
        ) as process,
    ):
        _, told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "password" in told
    assert "wrong" not in told


def test_running_node_is_small(daemon: Daemon, node: subprocess.Popen[str]) -> None:
    """A node that plays stays within its memory budget."""
    daemon.speak(constant(0.3))
    daemon.wait_played("finished")
    assert psutil.Process(node.pid).memory_info().rss < 80_000_000
