"""How a persona sounds, with each provider of voices."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pickled.messages.base import Strict

Speed = Annotated[float, Field(ge=0.5, le=2, allow_inf_nan=False)]


class FallbackVoice(Strict):
    """How the persona sounds with another provider."""

    voice_id: str | None = None
    """The provider's name for the voice; without it, the provider's own choice."""
    speed: Speed | None = None
    """1 is normal; without it, the first voice's."""


class Voice(Strict):
    """How the persona sounds."""

    provider: str | None = None
    """The `kind` that `voice_id` belongs to; without it, any."""
    voice_id: str | None = None
    """The provider's name for the voice; without it, the provider's own choice."""
    speed: Speed = 1.0
    """1 is normal."""
    fallback: dict[str, FallbackVoice] = Field(default_factory=dict)
    """Provider → voice, for when that one speaks."""

    def choose(self, provider: str) -> tuple[str | None, float]:
        """Voice and speed with that provider; no voice means the provider's own choice."""
        if other := self.fallback.get(provider):
            return other.voice_id, self.speed if other.speed is None else other.speed
        return (self.voice_id if self.provider in (None, provider) else None), self.speed
