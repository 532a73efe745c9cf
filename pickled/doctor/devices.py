"""The sound devices of this machine: is there the one that a node is to play to?"""

from __future__ import annotations

from collections.abc import Mapping

from pickled.doctor.check import Check
from pickled.errors import DeviceError
from pickled.node.devices import asked, choose, outputs

_OF_THE_PROTOTYPE = "AUDIO_OUTPUT_DEVICE"


def check_sound(output: str | None, environ: Mapping[str, str]) -> tuple[Check, ...]:
    """`output` is what `pickled node --output` is given."""
    wanted = asked(output or environ.get(_OF_THE_PROTOTYPE), environ)
    try:
        found = outputs()
        chosen = choose(found, wanted)
    except DeviceError as error:
        what = f"{wanted} can't be played to" if wanted else "this machine can't be heard"
        return (Check("sound", "fail" if wanted else "warn", what, remedy=str(error)),)
    others = len({each.name for each in found}) - 1
    more = f", and {others} more: `pickled node devices`" if others else ""
    return (Check("sound", "ok", f"a node plays to {chosen.name}{more}"),)
