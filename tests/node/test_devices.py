"""Sound devices: chosen by name, and adapted to."""

from __future__ import annotations

import sys
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from pickled.errors import DeviceError
from pickled.node.adapter import Adapter
from pickled.node.devices import SERVER, SoundDevice, asked, choose, outputs


def output(name: str, *, api: str = "MME", index: int = 0, default: bool = False) -> SoundDevice:
    """A device."""
    return SoundDevice(index, name, api, 48_000, 2, default)


BUILT_IN = "alsa_output.pci-0000_00_1f.3.analog-stereo"
CABLE = "CABLE Input (VB-Audio Virtual Cable)"
FOUND = [
    output("Speakers", index=0, default=True),
    output(CABLE[:31], index=1),
    output("Speakers", api="Windows WASAPI", index=2, default=True),
    output(CABLE, api="Windows WASAPI", index=3),
]
SERVED = [
    output("HDA Intel PCH: ALC295 Analog (hw:0,0)", api="ALSA", index=0),
    output("pulse", api="ALSA", index=1),
    output("default", api="ALSA", index=2, default=True),
    SoundDevice(1, BUILT_IN, SERVER, 48_000, 2, False, "Built-in"),
    SoundDevice(1, "vbcable2", SERVER, 48_000, 2, False, "Cable B"),
    SoundDevice(1, "vbcable", SERVER, 48_000, 2, True, "Stream Cable"),
    SoundDevice(1, "cable", SERVER, 48_000, 2, False, ""),
]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (None, 2),
        ("", 2),
        ("CABLE", 3),
        ("cable input", 3),
        (CABLE, 3),
        ("speakers", 2),
        ("VB-Audio", 3),
        ("virtual cable", 3),
    ],
)
def test_device_is_chosen_by_any_part_of_its_name(wanted: str | None, index: int) -> None:
    """Any case, the best API first, the default one without a name or with an empty one."""
    assert choose(FOUND, wanted).index == index


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("ALC295", "HDA Intel PCH: ALC295 Analog (hw:0,0)"),
        ("hw:0,0", "HDA Intel PCH: ALC295 Analog (hw:0,0)"),
        ("vbcable", "vbcable"),
        ("stream cable", "vbcable"),
        ("built-in", BUILT_IN),
        ("analog", BUILT_IN),
        ("cable", "cable"),
        ("default", "default"),
    ],
)
def test_sink_is_chosen_by_its_name_or_its_description(wanted: str, name: str) -> None:
    """The whole name comes before its beginning, that before a part; a sink before a device."""
    assert choose(SERVED, wanted).name == name


def test_name_that_fits_several_says_which_one_it_is(caplog: pytest.LogCaptureFixture) -> None:
    """The first one is taken, every time."""
    assert {choose(SERVED, "vb").name for _ in range(3)} == {"vbcable"}
    assert "vb is vbcable; it could be vbcable2 too" in caplog.text


def test_sink_that_alsa_does_not_lead_to_names_the_package() -> None:
    """The server has it, but the plug-in is missing by which it is played to."""
    lonely = [SoundDevice(None, "vbcable", SERVER, 0, 0, default=True)]
    with pytest.raises(DeviceError, match=r"vbcable can't be reached.*libasound2-plugins.*--wav"):
        choose(lonely, "vbcable")


@pytest.mark.parametrize(
    ("wanted", "environ", "name"),
    [
        (None, {}, ""),
        ("  ", {}, ""),
        ("pulse", {}, "pulse"),
        (None, {"PULSE_SINK": "vbcable"}, "vbcable"),
        ("pulse", {"PULSE_SINK": "vbcable"}, "vbcable"),
        ("other", {"PULSE_SINK": "vbcable"}, "other"),
        (None, {"PULSE_SINK": "@DEFAULT_SINK@"}, ""),
    ],
)
def test_sink_of_the_environment_counts_like_a_named_one(
    wanted: str | None, environ: dict[str, str], name: str
) -> None:
    """Where no device is named but the way to the server."""
    assert asked(wanted, environ) == name


def test_device_whose_name_was_cut_is_found_by_its_whole_name() -> None:
    """An API that cuts names at 31 characters still has the device that was named."""
    assert choose(FOUND[:2], CABLE).index == 1


def test_device_that_is_missing_names_those_that_are_there() -> None:
    """The error lists the names, once each, and the other way out."""
    with pytest.raises(DeviceError, match=r"Headset.*Speakers, CABLE.*--wav"):
        choose(FOUND, "Headset")


def test_missing_device_is_one_sentence_with_one_or() -> None:
    """The text is put together from parts that each bring a way out."""
    with pytest.raises(DeviceError) as error:
        choose(FOUND, "Headset")
    assert " or or " not in str(error.value).casefold()


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
