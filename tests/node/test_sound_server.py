"""What `pactl` says, also when it says something odd, or nothing."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from pickled.node import sound_server
from pickled.node.routing import Routing
from pickled.node.sound_server import Changes, ServerSink

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a shell script plays pactl")

SINKS = """Sink #1
\tState: RUNNING
\tName: vbcable
\tDescription: Kopfhörer\nSink #x
\tName: no number
\tVolume: front-left: 65536 / 100%
\tProperties:
\t\tdevice.description = "Kopfhörer"

Sink #22
\tName: bare
"""
INPUTS = """Sink Input #5
\tSink: 7
\tProperties:
\t\tapplication.process.id = "41"

Sink Input #6
\tSink: 22
\tProperties:
\t\tmedia.name = "application.process.id = "99""
\t\tapplication.process.id = "42"
"""


def play_pactl(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program of that name comes first on the path."""
    program = folder / "pactl"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")


def test_sinks_are_read_whatever_language_their_names_are_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Number, name and description; what has no number is none."""
    (tmp_path / "said").write_text(SINKS)
    play_pactl(tmp_path, monkeypatch, f"cat {tmp_path}/said")
    assert sound_server.sinks() == [
        ServerSink(1, "vbcable", "Kopfhörer"),
        ServerSink(22, "bare", ""),
    ]


def test_own_stream_is_known_by_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others' titles don't count."""
    (tmp_path / "said").write_text(INPUTS)
    play_pactl(tmp_path, monkeypatch, f"cat {tmp_path}/said")
    assert sound_server.sink_of(42) == 22
    assert sound_server.sink_of(99) is None


def test_stream_without_a_process_is_known_by_its_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALSA's own plug-in for PipeWire says of itself only that much."""
    (tmp_path / "sink-inputs").write_text("Sink Input #59\n\tClient: 58\n\tSink: 48\n")
    (tmp_path / "clients").write_text(
        'Client #57\n\t\tapplication.process.id = "41"\n\n'
        'Client #58\n\t\tapplication.process.id = "42"\n'
    )
    play_pactl(tmp_path, monkeypatch, f"cat {tmp_path}/$2")
    assert sound_server.sink_of(42) == 48
    assert sound_server.sink_of(41) is None


@pytest.mark.parametrize(
    "script",
    ["exit 1", "printf 'Sink #\\n\\xff\\000Sink #9999x'", "kill -9 $$", ":"],
)
def test_server_that_answers_nothing_sensible_has_no_sinks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """It refuses, prints rubbish, or dies."""
    play_pactl(tmp_path, monkeypatch, script)
    assert not sound_server.sinks()
    assert sound_server.sink_of(1) is None


def test_server_that_hangs_is_no_server_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy machine silences nobody."""
    monkeypatch.setattr(sound_server, "PATIENCE_S", 0.2)
    play_pactl(tmp_path, monkeypatch, "exec sleep 30")
    with pytest.raises(TimeoutError):
        sound_server.sinks()
    assert Routing("vbcable", sink="vbcable").look(0.0) == ""


def test_stream_that_the_server_has_no_more_is_not_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may take a moment to come back; a new one has time to arrive."""
    ours = f'Sink Input #5\n\tSink: 1\n\t\tapplication.process.id = "{os.getpid()}"\n'
    (tmp_path / "sink-inputs").write_text(ours)
    (tmp_path / "sinks").write_text("Sink #1\n\tName: vbcable\n\tDescription: \n")
    play_pactl(tmp_path, monkeypatch, f"cat {tmp_path}/$2")
    routing = Routing("vbcable", sink="vbcable")
    assert routing.look(0.0) == ""
    (tmp_path / "sink-inputs").write_text("")
    assert routing.look(0.1) == ""
    assert routing.lost
    assert "does not play it any more" in routing.look(1.5)
    routing.opened()
    assert routing.look(2.0) == routing.look(9.0) == ""


def test_machine_without_pactl_knows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no error: there are other sound systems."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not sound_server.installed()
    assert sound_server.sinks() is None
    assert sound_server.default_sink() == ""


def test_changes_of_sinks_are_told_and_others_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that comes is no news; the end of the server is."""
    play_pactl(
        tmp_path,
        monkeypatch,
        "echo \"Event 'new' on client #4\"; read wait <$(dirname $0)/go;"
        "echo \"Event 'remove' on sink #1\"; exec sleep 30",
    )
    os.mkfifo(tmp_path / "go")
    changed = threading.Event()
    changes = Changes(changed)
    thread = threading.Thread(target=changes.run)
    thread.start()
    assert not changed.wait(0.3)
    (tmp_path / "go").write_text("\n")
    assert changed.wait(5)
    changes.stop()
    thread.join(5)
    assert not thread.is_alive()
