"""Mouth and ear share PortAudio: neither ends the other without need, nor waits for it for ever."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pickled.errors import DeviceError
from pickled.node import audio_system, devices
from pickled.node.audio_system import AudioSystem, led_to
from pickled.node.side import INPUT, OUTPUT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ALSA's configuration plays plugs")

_PCM = 'pcm."{name}" {{ type null hint {{ show on description "{name}" }} }}\n'


@dataclass
class Opened:
    """Something of ours that uses the audio system, or does not just now."""

    is_open: bool = True

    def close(self) -> None:
        self.is_open = False


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine with one sound device; who writes to the file plugs in another one."""
    try:
        devices.library()
    except DeviceError as error:
        pytest.skip(str(error))
    path = tmp_path / ".asoundrc"
    path.write_text(_PCM.format(name="first"))
    monkeypatch.setenv("HOME", str(tmp_path))
    devices.look_again()
    yield path
    monkeypatch.undo()
    devices.look_again()


def names() -> set[str]:
    """Of the devices that the library has."""
    return {each["name"] for each in devices.library().query_devices()}


def test_nobody_is_ended_where_nothing_is_new(plug: Path) -> None:
    """One that looks for its device again and again leaves the other one alone."""
    system, mouth, ear = AudioSystem(), Opened(), Opened(is_open=False)
    system.join(mouth)
    system.join(ear)
    system.look_again(ear)
    assert mouth.is_open
    assert system.generation == 0
    assert "first" in names()


def test_new_device_is_seen_and_the_other_is_opened_anew(plug: Path) -> None:
    """It is closed properly before, and knows by the count that it has to open again."""
    system, mouth, ear = AudioSystem(), Opened(), Opened(is_open=False)
    system.join(mouth)
    system.join(ear)
    plug.write_text(_PCM.format(name="first") + _PCM.format(name="second"))
    system.look_again(ear)
    assert not mouth.is_open
    assert system.generation == 1
    assert "second" in names()


def test_who_is_alone_looks_at_once(plug: Path) -> None:
    """As there is nobody to be ended, no other process is asked."""
    system, mouth = AudioSystem(), Opened()
    system.join(mouth)
    plug.write_text(_PCM.format(name="third"))
    system.look_again(mouth)
    assert "third" in names()


def test_device_that_hangs_keeps_the_other_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It says why it does not go on, and tries again later."""
    monkeypatch.setattr(audio_system, "_PATIENCE_S", 0.05)
    system, inside, over = AudioSystem(), threading.Event(), threading.Event()

    def hang() -> None:
        with system.alone():
            inside.set()
            over.wait(10)

    hanging = threading.Thread(target=hang)
    hanging.start()
    inside.wait(10)
    with pytest.raises(DeviceError, match="another device hangs"), system.alone():
        pass
    over.set()
    hanging.join()
    with system.alone():
        pass


def test_way_to_the_sound_server_is_told_for_each_side_and_put_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the user has set is there again afterwards."""
    monkeypatch.setenv("PULSE_SINK", "mine")
    monkeypatch.delenv("PULSE_SOURCE", raising=False)
    with led_to("cable", OUTPUT):
        assert os.environ["PULSE_SINK"] == os.environ["PIPEWIRE_NODE"] == "cable"
    with led_to("headset", INPUT):
        assert os.environ["PULSE_SOURCE"] == "headset"
        assert os.environ["PULSE_SINK"] == "mine"
    with led_to("", OUTPUT):
        assert "PULSE_SINK" not in os.environ
    assert os.environ["PULSE_SINK"] == "mine"
    assert "PULSE_SOURCE" not in os.environ
