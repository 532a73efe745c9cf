"""Real speech for recognizers: flite says it, at the rate of a microphone."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import pytest
import soxr

from tests.stand_ins.spoken import RATE

needs_flite = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")


def said(text: str, *, voice: str = "slt", before_ms: int = 250, after_ms: int = 500) -> bytes:
    """The sound of a text, with the silence around it that a node sends along."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
        with wave.open(str(path)) as sound:
            rate, pcm = sound.getframerate(), sound.readframes(sound.getnframes())
    samples = soxr.resample(np.frombuffer(pcm, "<i2"), rate, RATE).astype("<i2")
    around = (bytes(RATE * each // 1000 * 2) for each in (before_ms, after_ms))
    before, after = around
    return before + samples.tobytes() + after
