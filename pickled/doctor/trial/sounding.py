"""Voices: is there sound, how soon, how loud, and of whole samples?"""

from __future__ import annotations

import array
import asyncio
import math
import sys
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE, duration_ms
from pickled.doctor.check import Check
from pickled.doctor.trial.probing import probed
from pickled.errors import VoiceError
from pickled.orchestrator.parts.fenced import SOUND_S, SOUND_S_A_CHARACTER
from pickled.orchestrator.parts.pieces import Limits, Pieces
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.plugins import Plug
from pickled.tts import Synthesizer, on_demand_of

SENTENCE = "One, two, three: this is how your co-host sounds."
NO_VOICE = "no-voice-of-this-name"

QUIET_DB = -40.0
"""Below full scale; speech is around -20."""


async def try_voice(
    plug: Plug, _tap: PublishingTap, _seconds: float, part: Synthesizer
) -> list[Check]:
    """Let it speak a sentence, with its first voice and with one that it does not know."""
    checks = [await probed(part), _voices(part)]
    limits = Limits.beside(plug.options)
    known = await _spoken(part, limits, part.voices[0])
    checks += known.checks()
    if known.sound and not known.failed:
        unknown = await _spoken(part, limits, NO_VOICE)
        wrong = unknown.failed or ("" if unknown.sound else "there is no sound")
        why = "A voice that it does not know is its default one: a persona may name another's."
        what = wrong or "is the default"
        checks.append(Check("unknown voice", "fail" if wrong else "ok", what, why if wrong else ""))
    return checks


def _voices(part: Synthesizer) -> Check:
    """Those that are offered, and whether there may be more."""
    names, more = ", ".join(part.voices), len(on_demand_of(part))
    if not more:
        return Check("voices", "ok", names)
    return Check(
        "voices", "ok", f"{names}; {more} more if the service has them",
        "wyoming-piper calls its whole catalogue installed: what is not on its disk is fetched "
        "when it is first asked for, and until then the configured voice speaks.",
    )  # fmt: skip


async def speak(part: Synthesizer) -> None:
    """A sentence; cancelled at its first sound at the latest."""
    async with aclosing(part.synthesize(SENTENCE)) as pieces:
        async for _ in pieces:
            await asyncio.Event().wait()


@dataclass
class _Spoken:
    sound: bytearray = field(default_factory=bytearray)
    first_s: float = 0.0
    torn: int = 0
    """Pieces that end within a sample."""
    failed: str = ""

    def checks(self) -> list[Check]:
        if self.failed:
            return [Check("speaks", "fail", "does not speak", remedy=self.failed)]
        if not self.sound:
            why = "It has to raise VoiceError where there is no sound: then a fallback speaks."
            return [Check("speaks", "fail", "there is no sound", why)]
        long = f"{duration_ms(len(self.sound), SPEECH_RATE) / 1000:.1f} s of sound"
        checks = [Check("speaks", "ok", f"{long}, the first after {self.first_s * 1000:.0f} ms")]
        return [*checks, self._samples(), _loudness(self.sound)]

    def _samples(self) -> Check:
        if len(self.sound) % SAMPLE_BYTES:
            return Check(
                "samples", "fail", "the sound ends within a sample",
                "PCM is signed 16 bit, little endian, mono, 24 kHz: two bytes a sample.",
            )  # fmt: skip
        if self.torn:
            why = "Keep the odd byte for the next piece."
            return Check("samples", "warn", f"{self.torn} pieces end within a sample", why)
        return Check("samples", "ok", "are whole")


async def _spoken(part: Synthesizer, limits: Limits, voice: str) -> _Spoken:
    spoken, began = _Spoken(), asyncio.get_running_loop().time()
    reader = Pieces(part.name, bytes, limits, VoiceError)
    longest_s = SOUND_S + SOUND_S_A_CHARACTER * len(SENTENCE)
    source = partial(part.synthesize, SENTENCE, voice=voice, speed=1.0)
    try:
        async with aclosing(
            reader.of(source, most=round(longest_s * SPEECH_RATE) * SAMPLE_BYTES)
        ) as pieces:
            async for piece in pieces:
                spoken.first_s = spoken.first_s or asyncio.get_running_loop().time() - began
                spoken.torn += len(piece) % SAMPLE_BYTES
                spoken.sound += piece
    except VoiceError as error:
        spoken.failed = str(error)
    return spoken


def _loudness(sound: bytes | bytearray) -> Check:
    samples = array.array("h", bytes(sound[: len(sound) // SAMPLE_BYTES * SAMPLE_BYTES]))
    if sys.byteorder == "big":
        samples.byteswap()
    power = sum(each * each for each in samples) / len(samples)
    if power == 0:
        return Check("loudness", "fail", "nothing but silence")
    level = 10 * math.log10(power / 32768**2)
    why = "Speech is around -20 dB; is it scaled to 16 bit?" if level < QUIET_DB else ""
    return Check("loudness", "warn" if why else "ok", f"{level:.0f} dB of full scale", why)
