"""The engines that recognize on this machine; each is imported where it is used alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

RATE = 16_000
_FRAMES_PER_S = 100
_INTERIM_BYTES = RATE * 2 * 4 // 10
"""Words so far are told each 0.4 s of speech."""

Words = list[tuple[str, int, int]]
"""Each with its first and last ms."""


@dataclass(frozen=True)
class Result:
    """What is in a stretch of speech."""

    text: str
    confidence: float | None = None
    words: Words = field(default_factory=list)


class Engine(Protocol):
    """Hears one stretch after the other."""

    def feed(self, pcm: bytes) -> str | None:
        """More sound; the words so far, where it tells them."""

    def end(self) -> Result:
        """The stretch is over."""


def engine_of(options: dict[str, Any]) -> Engine:
    """The engine that was asked for, with its model loaded; fetched if it isn't there yet."""
    if options["engine"] == "pocketsphinx":
        return SphinxEngine()
    return WhisperEngine(options)


class WhisperEngine:
    """faster-whisper: hears whole stretches."""

    def __init__(self, options: dict[str, Any]) -> None:
        from faster_whisper import WhisperModel

        folder = Path(options["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        self._model = WhisperModel(
            options["model"], device="cpu", compute_type="int8",
            cpu_threads=options["threads"], download_root=str(folder),
        )  # fmt: skip
        self._asked = {"language": options["language"], "initial_prompt": options["hint"] or None}
        self._pcm = bytearray()

    def feed(self, pcm: bytes) -> str | None:
        """Kept for the end."""
        self._pcm += pcm
        return None

    def end(self) -> Result:
        """All of it at once."""
        import numpy as np

        sound = np.frombuffer(bytes(self._pcm), "<i2").astype(np.float32) / 32768
        self._pcm.clear()
        found, _ = self._model.transcribe(
            sound, beam_size=1, condition_on_previous_text=False, without_timestamps=True,
            **self._asked,
        )  # fmt: skip
        segments = list(found)
        text = " ".join(each.text.strip() for each in segments).strip()
        sure = [math.exp(each.avg_logprob) for each in segments]
        return Result(text, sum(sure) / len(sure) if sure else None)


class SphinxEngine:
    """PocketSphinx with its own English model: small, and far from right in a noisy street."""

    def __init__(self) -> None:
        from pocketsphinx import Config, Decoder

        # Without the passes behind the first one the end comes at once.
        self._decoder = Decoder(
            Config(samprate=RATE, loglevel="FATAL", fwdflat=False, bestpath=False)
        )
        self._begun = False
        self._untold = 0

    def feed(self, pcm: bytes) -> str | None:
        """Heard while it comes."""
        if not self._begun:
            self._decoder.start_utt()
            self._begun, self._untold = True, 0
        self._decoder.process_raw(pcm)
        self._untold += len(pcm)
        if self._untold < _INTERIM_BYTES:
            return None
        self._untold = 0
        return self._text()

    def end(self) -> Result:
        """What it takes for the likeliest."""
        if not self._begun:
            return Result("")
        self._begun = False
        self._decoder.end_utt()
        text = self._text()
        words = [
            (_plain(each.word), *(round(at * 1000 / _FRAMES_PER_S) for at in span))
            for each in self._decoder.seg() or ()
            if not each.word.startswith(("<", "["))
            and (span := (each.start_frame, each.end_frame + 1))
        ]
        return Result(text, None, words)

    def _text(self) -> str:
        found = self._decoder.hyp()
        return str(found.hypstr) if found else ""


def _plain(word: str) -> str:
    """Without the number of a pronunciation."""
    return str(word).partition("(")[0]
