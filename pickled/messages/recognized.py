"""What a recognizer makes of what the streamer says, turn by turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PAUSE = b""
"""Among pieces of sound: a stretch of speech is over, and what follows comes later."""


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """A word, and where it lies; ms as in `Recognized.start_ms`."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Recognized:
    """A turn of the streamer's, as far as it is heard."""

    state: Literal["started", "interim", "final"]
    text: str = ""
    """All of the turn so far; of a `final`, empty if it was no speech."""
    eager: bool = False
    """Of an `interim`: the turn is probably over; one that is not eager tells that it goes on."""
    confidence: float | None = None
    """0–1."""
    start_ms: int | None = None
    """Where the turn begins, ms of the sound that was given."""
    words: tuple[RecognizedWord, ...] = ()
