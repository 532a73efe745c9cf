"""Sound devices: chosen by name, and adapted to."""

from __future__ import annotations

import sys
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from pickled.errors import DeviceError
from pickled.node.device import Adapter, Output, choose, outputs


def output(name: str, *, api: str = "MME", index: int = 0, default: bool = False) -> Output:
    """A device."""
    return Output(index, name, api, 48_000, 2, default)


CABLE = "CABLE Input (VB-Audio Virtual Cable)"
FOUND = [
    output("Speakers", index=0, default=True),
    output(CABLE[:31], index=1),
    output("Speakers", api="Windows WASAPI", index=2, default=True),
    output(CABLE, api="Windows WASAPI", index=3),
]


@pytest.mark.parametrize(
    ("wanted", "index"), [(None, 2), ("CABLE", 3), ("cable input", 3), (CABLE, 3), ("speakers", 2)]
)
def test_device_is_chosen_by_the_beginning_of_its_name(wanted: str | None, index: int) -> None:
    """Any case, the best API first, the default one without a name."""
    assert choose(FOUND, wanted).index == index


def test_device_whose_name_was_cut_is_found_by_its_whole_name() -> None:
    """An API that cuts names at 31 characters still has the device that was named."""
    assert choose(FOUND[:2], CABLE).index == 1


def test_device_that_is_missing_names_those_that_are_there() -> None:
    """The error lists the names, once each, and the other way out."""
    with pytest.raises(DeviceError, match=r"Headset.*Speakers, CABLE.*--wav"):
        choose(FOUND, "Headset")


def test_machine_without_sound_is_told_about_the_file() -> None:
    """Where nothing can play, the way out is a WAV file."""
    with pytest.raises(DeviceError, match="--wav"):
        choose([], None)


def test_missing_package_and_missing_library_have_remedies_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The package comes by the extra; a package without the system's library needs only that."""
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(DeviceError, match=r"is not installed: `pip install '\.\[node\]'"):
        outputs()
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(DeviceError, match=r"PortAudio library not found\): `sudo apt-get install"):
        outputs()


def test_adapter_doubles_rate_and_channels() -> None:
    """At twice the rate each second frame lies between two samples; both channels are the same."""
    counter = iter(range(0, 100_000, 10))
    adapter = Adapter(lambda n: array("h", (next(counter) for _ in range(n))).tobytes(), 48_000, 2)
    frames = array("h", adapter(50) + adapter(50))
    left, right = frames[::2], frames[1::2]
    assert left == right
    assert len(left) == 100
    assert all(after - before == 5 for before, after in pairwise(left[2:]))


@pytest.mark.parametrize("rate", [44_100, 48_000, 22_050, 96_000, 16_000])
def test_adapter_takes_as_much_as_it_gives(rate: int) -> None:
    """In the long run a second of the device takes a second of samples."""
    taken = [0]

    def pull(samples: int) -> bytes:
        taken[0] += samples
        return bytes(2 * samples)

    adapter = Adapter(pull, rate, 1)
    for _ in range(100):
        assert len(adapter(rate // 100)) == 2 * (rate // 100)
    assert taken[0] == pytest.approx(24_000 * (rate // 100 * 100) / rate, abs=3)
