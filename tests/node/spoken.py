"""Sentences that flite says, as a microphone would take them, and what a microphone adds."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from array import array
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from pickled.audio import MIC_RATE

VOICES = ("slt", "rms", "awb", "kal")
SENTENCES = (
    "Well, look at that, somebody in chat wants to know whether you will eat the dumplings.",
    "I was walking down the street yesterday when a dog came up to me and would not let me go.",
    "Two hundred people ask where we are, and I am not going to tell them, as you asked me.",
    "Okay so the plan for today is that we take the train to the old town and have a coffee.",
)
LOUD = 300
"""Below that a sample is no sound yet."""


@cache
def said(text: str, voice: str = "slt", rate: int = MIC_RATE) -> bytes:
    """What flite says, s16le at that rate (16, or 24 for what a node plays; linear)."""
    if not shutil.which("flite"):
        pytest.skip("flite is not installed: `apt install flite`")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True, timeout=30)
        with wave.open(str(path)) as file:
            samples = array("h", file.readframes(file.getnframes()))
            return at_rate(samples, file.getframerate(), rate).tobytes()


def at_rate(samples: array[int], before: int, after: int) -> array[int]:
    """The same at another rate, linear."""
    if before == after:
        return samples
    at = np.arange(int(len(samples) * after / before)) * (before / after)
    return array("h", np.interp(at, np.arange(len(samples)), samples).astype("<i2").tobytes())


def silence(length_s: float, rate: int = MIC_RATE) -> bytes:
    """Digital silence."""
    return bytes(2 * int(length_s * rate))


def onset(pcm: bytes) -> int:
    """The first sample that is heard."""
    return int(np.argmax(np.abs(np.frombuffer(pcm, "<i2").astype(int)) > LOUD))


def louder(pcm: bytes, factor: float) -> bytes:
    """The same, softer or louder."""
    return _clipped(np.frombuffer(pcm, "<i2") * factor)


def noise(length_s: float, level: float, *, seed: int = 1) -> bytes:
    """White noise of that effective value."""
    return _clipped(np.random.default_rng(seed).normal(0, level, int(length_s * MIC_RATE)))


def mixed(*parts: bytes) -> bytes:
    """All at once, as long as the longest."""
    out = np.zeros(max(map(len, parts)) // 2)
    for part in parts:
        out[: len(part) // 2] += np.frombuffer(part, "<i2")
    return _clipped(out)


def _clipped(samples: np.ndarray) -> bytes:
    return np.clip(np.round(samples), -32_768, 32_767).astype("<i2").tobytes()
