"""The sound devices of this machine: are there those that a node is to use?"""

from __future__ import annotations

from collections.abc import Mapping

from pickled.doctor.check import Check
from pickled.errors import DeviceError
from pickled.node.chosen import ChosenDevices, chosen_before, devices_file
from pickled.node.devices import asked, choose, inputs, outputs
from pickled.node.side import INPUT

_OF_THE_PROTOTYPE = "AUDIO_OUTPUT_DEVICE"
_MICROPHONE = "AUDIO_INPUT_DEVICE"


def check_sound(output: str | None, environ: Mapping[str, str]) -> tuple[Check, ...]:
    """`output` is what `pickled node --output` is given."""
    kept = chosen_before(devices_file()) or ChosenDevices()
    wanted = asked(output or environ.get(_OF_THE_PROTOTYPE) or kept.output, environ)
    try:
        found = outputs()
        chosen = choose(found, wanted)
    except DeviceError as error:
        what = f"{wanted} can't be played to" if wanted else "this machine can't be heard"
        return (Check("sound", "fail" if wanted else "warn", what, remedy=str(error)),)
    others = len({each.name for each in found}) - 1
    more = f", and {others} more: `pickled node devices`" if others else ""
    sound = Check("sound", "ok", f"a node plays to {chosen.name}{more}")
    return (sound, *_check_microphone(environ.get(_MICROPHONE) or kept.input or "", environ))


def _check_microphone(named: str, environ: Mapping[str, str]) -> tuple[Check, ...]:
    """Nothing where none was named: what `--input` is given only the node knows."""
    if not named:
        return ()
    try:
        chosen = choose(inputs(), asked(named, environ, INPUT), INPUT)
    except DeviceError as error:
        what = f"{named} can't be listened to"
        return (Check("microphone", "fail", what, remedy=str(error)),)
    return (Check("microphone", "ok", f"a node listens to {chosen.name}"),)
