"""The audio-node as a process, at a real broker."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import psutil
import pytest

from pickled.audio import SPEECH_RATE
from pickled.messages.node import NodeInfo, Ping
from tests.node.process import PATIENCE_S, Daemon, constant, end, node_process, read
from tests.stand_ins.broker import Broker

pytestmark = pytest.mark.integration


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


def test_node_shows_itself_anew_whenever_the_daemon_comes(
    daemon: Daemon, node: subprocess.Popen[str]
) -> None:
    """Not every broker gives a wildcard what is retained: nothing of ours depends on that."""
    for _ in range(2):
        daemon.heard.clear()
        daemon.tell("availability", "online")
        daemon.wait_online()
        paths = [path for path, _ in daemon.heard]
        assert {"node/{node}/info", "node/{node}/state"} <= set(paths)
    daemon.heard.clear()
    daemon.tell("availability", "offline")
    daemon.tell("node/{node}/ping", Ping(id=3, sent_ms=1.0))
    daemon.wait("node/{node}/pong", lambda value: value.id == 3)
    assert "node/{node}/info" not in {path for path, _ in daemon.heard}
    assert end(node) == 0


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


def test_node_without_a_broker_waits_and_ends_on_demand(tmp_path: Path, wav: Path) -> None:
    """No broker: it says so, goes on trying, and SIGTERM ends it."""
    absent = Broker()
    absent.port = 1
    with node_process(absent, tmp_path, "--wav", str(wav)) as process:
        assert process.stderr
        while "nothing listens" not in process.stderr.readline():
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
