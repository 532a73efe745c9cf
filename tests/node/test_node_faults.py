"""The audio-node when it, the broker or the daemon dies or hangs."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from pickled.audio import SPEECH_RATE
from pickled.messages.node import Ping
from tests.node.process import NAME, PATIENCE_S, Daemon, constant, end, node_process, read
from tests.stand_ins.broker import Broker

pytestmark = pytest.mark.integration


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
        assert f"the same name {NAME}" in told
        assert "--name" in told
        daemon.wait_until_last("node/{node}/availability", "online")
        daemon.speak(constant(0.1))
        daemon.wait_played("finished")
        assert left.poll() is None


def test_node_muted_alone_silences_no_other_while_the_daemon_is_away(
    broker: Broker, daemon: Daemon, node: subprocess.Popen[str], tmp_path: Path
) -> None:
    """The state goes back to OFF, which is what is heard, and the other one plays."""
    folder = tmp_path / "other"
    folder.mkdir()
    sound = ("--wav", str(folder / "out.wav"))
    since = len(daemon.heard)
    with (
        Daemon(broker, node="phone") as for_phone,
        node_process(broker, folder, *sound, name="phone") as phone,
    ):
        daemon.tell("muted/state", "OFF")
        daemon.wait_online(since=since)
        daemon.wait_until_last("muted/state", "OFF")
        since = len(daemon.heard)
        daemon.tell("node/{node}/muted/set", "ON")
        daemon.wait("muted/state", lambda value: value == "ON", since=since)
        daemon.wait_until_last("muted/state", "OFF")
        for_phone.speak(constant(0.2))
        for_phone.wait_played("finished")
        daemon.speak(constant(0.2))
        daemon.wait_played("muted")
        assert (node.poll(), phone.poll()) == (None, None)


@pytest.mark.alone
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


@pytest.mark.alone
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


@pytest.mark.alone
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


@pytest.mark.parametrize("step_s", [30, -30, 3600, -3600])
def test_step_of_the_wall_clock_silences_nothing(
    broker: Broker, daemon: Daemon, tmp_path: Path, wav: Path, step_s: int
) -> None:
    """It is no sleep: the sentence that plays goes on, and the next one is not too old."""
    step = tmp_path / "step"
    step.write_text("0")
    settable = (
        "import time; right = time.time\n"
        f"time.time = lambda: right() + float(open({str(step)!r}).read())\n"
    )
    with node_process(broker, tmp_path, "--wav", str(wav), before=settable) as process:
        daemon.wait_online()
        for number in (1, 2):
            ping = Ping(id=number, sent_ms=time.time() * 1000, offset_ms=0.0)
            daemon.tell("node/{node}/ping", ping)
            daemon.wait("node/{node}/pong", lambda value, number=number: value.id == number)
        daemon.speak(constant(2.0))
        daemon.wait_played("started")
        (tmp_path / "next").write_text(str(step_s))
        (tmp_path / "next").replace(step)
        assert daemon.wait_played("finished").played_ms == pytest.approx(2_000, abs=1)
        daemon.speak(constant(0.2, value=7000))
        assert daemon.wait_played("finished").played_ms == pytest.approx(200, abs=1)
        assert daemon.shown_state().last_error == ""
        assert end(process) == 0
