"""The WAV sink: a device that keeps real time, and a file that can always be read."""

from __future__ import annotations

import threading
import time
import wave
from pathlib import Path

import pytest

from pickled.audio import SPEECH_RATE
from pickled.errors import DeviceError
from pickled.node.wav import WavSink


def length_s(path: Path) -> float:
    """How long the file says that it is."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        frames = file.getnframes()
        assert len(file.readframes(frames)) == 2 * frames
        return int(frames) / SPEECH_RATE


def test_wav_takes_samples_in_real_time(tmp_path: Path) -> None:
    """As much sound is taken as time has passed, and all of it is in the file."""
    sink, taken, enough = WavSink(tmp_path / "out.wav"), [0], threading.Event()

    def pull(samples: int) -> bytes:
        taken[0] += samples
        if taken[0] >= SPEECH_RATE // 2:
            enough.set()
        return b"\x01\x00" * samples

    began = time.monotonic()
    sink.start(pull)
    assert enough.wait(20)
    assert time.monotonic() - began >= 0.45
    sink.stop()
    passed = time.monotonic() - began
    assert taken[0] / SPEECH_RATE <= length_s(tmp_path / "out.wav") <= passed + 0.05


def test_wav_after_a_stop_of_the_process_keeps_the_time(tmp_path: Path) -> None:
    """Time in which the process stood still is silence in the file, and counted."""
    sink, calls, enough = WavSink(tmp_path / "out.wav"), [0], threading.Event()

    def pull(samples: int) -> bytes:
        calls[0] += 1
        if calls[0] == 2:
            time.sleep(0.6)
        if calls[0] == 5:
            enough.set()
        return bytes(2 * samples)

    sink.start(pull)
    assert enough.wait(20)
    sink.stop()
    assert length_s(tmp_path / "out.wav") > 0.6
    assert sink.underflows >= 1


def test_wav_can_be_read_while_it_grows(tmp_path: Path) -> None:
    """Each second the header is right, so that a killed node leaves a file that plays."""
    sink, taken, enough = WavSink(tmp_path / "out.wav"), [0], threading.Event()

    def pull(samples: int) -> bytes:
        taken[0] += samples
        if taken[0] > 1.2 * SPEECH_RATE:
            enough.set()
        return bytes(2 * samples)

    sink.start(pull)
    assert enough.wait(20)
    assert length_s(tmp_path / "out.wav") >= 0.9
    sink.stop()


def test_wav_that_can_not_be_written_says_so(tmp_path: Path) -> None:
    """A folder that isn't there is named."""
    with pytest.raises(DeviceError, match="missing"):
        WavSink(tmp_path / "missing" / "out.wav").start(bytes)
