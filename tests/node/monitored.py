"""A tone for a sound card, and what its monitor has of it."""

from __future__ import annotations

import math
import time
from array import array

from pickled.audio import SPEECH_RATE
from tests.stand_ins.pulse import RATE, Recording

HZ = 400
LEVEL = 8_000
QUIET = 40
"""Below this a sample is silence."""


def tone(length_s: float) -> bytes:
    """A sine that begins and ends at zero."""
    step = 2 * math.pi * HZ / SPEECH_RATE
    samples = (int(LEVEL * math.sin(step * each)) for each in range(int(length_s * SPEECH_RATE)))
    return array("h", samples).tobytes()


def loud(samples: array[int]) -> list[int]:
    """Where it is not silent."""
    return [index for index, each in enumerate(samples) if abs(each) > QUIET]


def wait_for_silence(recording: Recording, *, length_s: float) -> None:
    """Until the end of the recording is silent for so long."""
    count = int(length_s * RATE)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        have = len(recording)
        if have > count and not loud(recording.samples()[-count:]):
            return
        time.sleep(0.05)
    raise TimeoutError("it is never silent")
