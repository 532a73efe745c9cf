"""Which devices a node takes: told, of the environment, chosen once, or the default ones."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from pickled.cli.node_devices import INPUT, OUTPUT, devices_for
from pickled.errors import ConfigError
from pickled.node.chosen import ChosenDevices, chosen_before, devices_file, keep_choice
from tests.node.process import Daemon, node_process
from tests.stand_ins import pulse
from tests.stand_ins.broker import Broker
from tests.stand_ins.pulse import NullSink


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the user's."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def found(
    output: str | None = None,
    microphone: str | None = None,
    *,
    wav: bool = False,
    environ: Mapping[str, str] | None = None,
) -> ChosenDevices:
    """Without a terminal."""
    return devices_for(output, microphone, wav=wav, environ=environ or {})


def test_options_win_over_the_environment_and_that_over_what_was_chosen() -> None:
    """Each of the two by itself; an empty variable says nothing."""
    assert found() == ChosenDevices(None, None)
    keep_choice(devices_file(), ChosenDevices("kept out", "kept in"))
    assert found() == ChosenDevices("kept out", "kept in")
    told = {OUTPUT: "told out", INPUT: "told in"}
    assert found(environ=told) == ChosenDevices("told out", "told in")
    assert found("named", environ=told) == ChosenDevices("named", "told in")
    assert found(microphone="mic", environ={OUTPUT: ""}) == ChosenDevices("kept out", "mic")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"output": 5}', "\x00"])
def test_file_that_is_broken_counts_as_none(text: str) -> None:
    """Whoever starts a node is asked again, and no node dies of it."""
    path = devices_file()
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert chosen_before(path) is None
    assert found() == ChosenDevices()


def test_choice_that_can_not_be_kept_says_why(tmp_path: Path) -> None:
    """A file where the folder would be."""
    (tmp_path / "state").write_text("")
    with pytest.raises(ConfigError, match=r"node-devices\.json can't be written"):
        keep_choice(devices_file(), ChosenDevices("a"))


def test_prototypes_variables_name_the_devices(broker: Broker, tmp_path: Path) -> None:
    """`AUDIO_INPUT_DEVICE` and `AUDIO_OUTPUT_DEVICE` are those of the node's info."""
    if not pulse.installed():
        pytest.skip("PulseAudio is not installed: `apt install pulseaudio pulseaudio-utils`")
    with NullSink() as server, Daemon(broker) as daemon:
        server.load("room", channels=1)
        environ = server.environ | {OUTPUT: "cable", INPUT: "room"}
        with node_process(broker, tmp_path, environ=environ):
            info = daemon.wait("node/{node}/info", lambda _: True)
            assert info.devices == {"output": "cable", "input": "room.monitor"}


def test_first_start_in_a_terminal_asks_once(tmp_path: Path) -> None:
    """Both are chosen by number, anything else is asked again, and the answer is kept."""
    if not pulse.installed():
        pytest.skip("PulseAudio is not installed: `apt install pulseaudio pulseaudio-utils`")
    with NullSink() as server:
        server.load("speakers", description="Built-in Audio")
        ours, theirs = pty.openpty()
        state = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path)}
        node = subprocess.Popen(
            [sys.executable, "-m", "pickled", "node", "--broker", "mqtt://127.0.0.1:1"],
            env=os.environ | server.environ | state,
            cwd=tmp_path,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        try:
            said = _until(ours, "Number [0]: ")
            assert "speakers  [sound server]  Built-in Audio" in said
            os.write(ours, b"9\n")
            assert "From 0 to 2." in _until(ours, "Number [0]: ")
            number = next(line for line in said.splitlines() if "speakers" in line).split()[0]
            os.write(ours, f"{number}\n".encode())
            rest = _until(ours, "sound goes to speakers")
            assert "node-devices.json" in rest
        finally:
            node.kill()
            node.wait()
            os.close(ours)
            os.close(theirs)
    kept = json.loads((tmp_path / "state" / "pickled" / "node-devices.json").read_text())
    assert kept == {"output": "speakers", "input": None}


def _until(terminal: int, words: str) -> str:
    """All that is printed there until these words, inclusively."""
    said, until = "", time.monotonic() + 20
    while words not in said:
        ready, _, _ = select.select([terminal], [], [], until - time.monotonic())
        assert ready, said
        said += os.read(terminal, 4096).decode(errors="replace")
    return said
