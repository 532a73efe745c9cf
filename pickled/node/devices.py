"""The sound outputs and microphones that there are, and which of them a name means."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pickled.errors import DeviceError
from pickled.extras import remedy
from pickled.node import sound_server
from pickled.node.side import FILE, INPUT, MONITOR, OUTPUT, SoundSide

BEST_API = "Windows WASAPI"
SERVER = "sound server"
INSTEAD = FILE

_NOT = 3
"""The rank of a name that does not fit."""
_CUT = 30
"""Some APIs cut names at 31 characters."""
_BRIDGES = ("pulse", "pipewire")
"""The ALSA devices that lead to the sound server; the first is the better one."""
_FOLLOWING = ("", *_BRIDGES, "default")
"""Names that mean: wherever the sound server plays by itself."""
_NO_BRIDGE = (
    "ALSA's way to the sound server is missing: `sudo apt-get install libasound2-plugins` "
    "(Fedora: alsa-plugins-pulseaudio), or "
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SoundDevice:
    """A device that can play or record, or a sink or source of the sound server."""

    index: int | None
    """PortAudio's; changes with every plug: never kept. None: there is no way to it."""
    name: str
    api: str
    rate: int
    """Its own sample rate, Hz."""
    channels: int
    default: bool
    """Is it the one that its API takes if nobody says otherwise?"""
    description: str = ""
    """What the sound server calls it to people."""

    @property
    def sink(self) -> str:
        """The name of the sink or source that it is; empty for a device."""
        return self.name if self.api == SERVER else ""

    @property
    def hears_itself(self) -> bool:
        """Is it what a sink plays, and no microphone?"""
        return self.api == SERVER and self.name.endswith(MONITOR)


def outputs() -> list[SoundDevice]:
    """All that can play; raises DeviceError if there is no audio library."""
    return _all(OUTPUT)


def inputs() -> list[SoundDevice]:
    """All that can record, what sinks play behind the rest; raises DeviceError like `outputs`."""
    return sorted(_all(INPUT), key=lambda each: each.hears_itself)


def _all(side: SoundSide) -> list[SoundDevice]:
    sd = library()
    apis = sd.query_hostapis()
    found = [
        SoundDevice(
            index=each["index"],
            name=each["name"],
            api=apis[each["hostapi"]]["name"],
            rate=int(each["default_samplerate"]),
            channels=each[side.channels],
            default=apis[each["hostapi"]][side.default] == each["index"],
        )
        for each in sd.query_devices()
        if each[side.channels] > 0
    ]
    return found + (_sinks(found, side) if sys.platform == "linux" else [])


def asked(wanted: str | None, environ: Mapping[str, str], side: SoundSide = OUTPUT) -> str:
    """The name that is asked for: PULSE_SINK counts where no device is named; empty: default."""
    wanted = (wanted or "").strip()
    sink = environ.get(side.variable, "").strip()
    named = sink and not sink.startswith("@")
    return sink if named and follows(wanted) else wanted


def follows(name: str) -> bool:
    """Does it mean: wherever the sound server plays by itself?"""
    return name.casefold() in _FOLLOWING


def choose(
    found: Sequence[SoundDevice], wanted: str | None, side: SoundSide = OUTPUT
) -> SoundDevice:
    """The device of that name, else one that begins so, else one that has it in it.

    A sink's description counts like its name. Without a name, or with an empty one, it is the
    default device. Raises DeviceError.
    """
    if not found:
        raise DeviceError(f"This machine has no {side.noun}. Connect one, or {side.instead}.")
    if not wanted or (wanted == "default" and not any(each.name == wanted for each in found)):
        named = [each for each in found if each.default and not each.sink] or list(found)
        return min(named, key=lambda each: each.api != BEST_API)
    ranks = [_rank(wanted, each.name, each.description) for each in found]
    if min(ranks) == _NOT:
        raise DeviceError(_none_is_called(wanted, found, side))
    named = [each for each, rank in zip(found, ranks, strict=True) if rank == min(ranks)]
    chosen = min(
        named, key=lambda each: (each.api != BEST_API, not each.sink, len(each.name), each.name)
    )
    if others := {each.name: None for each in named if each.name != chosen.name}:
        log.warning("%s is %s; it could be %s too", wanted, chosen.name, ", ".join(others))
    if chosen.index is None:
        raise DeviceError(f"{chosen.name} can't be reached. {_NO_BRIDGE}{side.instead}.")
    return chosen


def fits(wanted: str, *names: str) -> bool:
    """Is it one of these names, or a part of one?"""
    return _rank(wanted, *names) < _NOT


def _rank(wanted: str, *names: str) -> int:
    """How well a name fits: exactly, from its beginning, somewhere, or not at all."""
    wanted = wanted.casefold()
    names = tuple(each.casefold() for each in names if each)
    if wanted in names:
        return 0
    cut = (len(each) >= _CUT and wanted.startswith(each) for each in names)
    if any(cut) or any(each.startswith(wanted) for each in names):
        return 1
    return 2 if any(wanted in each for each in names) else _NOT


def _none_is_called(wanted: str, found: Sequence[SoundDevice], side: SoundSide) -> str:
    names = ", ".join(dict.fromkeys(each.name for each in found))
    silent = ""
    if sys.platform == "linux" and not any(each.sink for each in found):
        silent = (
            " The sound server does not answer."
            if sound_server.installed()
            else f" The sound server's {side.plural} are seen once pulseaudio-utils is installed."
        )
    return f"No {side.noun} is called {wanted}. There are: {names}.{silent} Or {side.instead}."


def _sinks(found: Sequence[SoundDevice], side: SoundSide) -> list[SoundDevice]:
    """They are reached through one of ALSA's bridges."""
    try:
        sinks, default = sound_server.sinks(side) or [], sound_server.default_sink(side)
    except TimeoutError:
        return []
    bridges = {each.name: each for each in found if each.name in _BRIDGES}
    bridge = next((bridges[name] for name in _BRIDGES if name in bridges), None)
    return [
        SoundDevice(
            index=bridge.index if bridge else None,
            name=each.name,
            api=SERVER,
            rate=bridge.rate if bridge else 0,
            channels=bridge.channels if bridge else 0,
            default=each.name == default,
            description=each.description,
        )
        for each in sinks
    ]


def look_again() -> None:
    """PortAudio's list of devices is made once: it must be started again to see a new plug."""
    sd = library()
    sd._terminate()  # noqa: SLF001 - the documented way to refresh the list
    try:
        sd._initialize()  # noqa: SLF001
    except sd.PortAudioError as error:
        raise DeviceError(f"the audio system does not answer: {error}") from error


def library() -> Any:
    """PortAudio; raises DeviceError with the remedy if it can't be loaded."""
    try:
        import sounddevice
    except ModuleNotFoundError as error:
        how = f"{remedy('node')}, or {INSTEAD}"
        raise DeviceError(f"The package {error.name} is not installed: {how}.") from error
    except (ImportError, OSError) as error:
        how = "`sudo apt-get install libportaudio2`, or " if sys.platform == "linux" else ""
        raise DeviceError(
            f"The audio library can't be loaded ({error}): {how}{INSTEAD}."
        ) from error
    return sounddevice
