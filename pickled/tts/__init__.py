"""Voices that speak a text."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol


class Synthesizer(Protocol):
    """What `start` of each file here yields."""

    @property
    def name(self) -> str:
        """As shown: the kind and the engine."""

    @property
    def voices(self) -> tuple[str, ...]:
        """The names that `voice/set` takes; never empty."""

    def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """PCM of the text as it becomes ready: signed 16 bit mono at 24 kHz, whole samples.

        An unknown or missing voice is the engine's default. Closing the generator stops the engine.
        Raises VoiceError on failure, silence, or an answer without any sound.
        """

    async def probe(self) -> None:
        """Can it speak now? Raises VoiceError that names the remedy."""
