"""Voices that speak a text."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Protocol, runtime_checkable

from pickled.messages.emotion import Emotion
from pickled.messages.word_end import WordEnd

UNHEARD_PERCENT = 5.0
"""Of a voice that says nothing of it."""


class Synthesizer(Protocol):
    """What `start` of each file here yields.

    It may have three fields more: `languages` (voice → the language that it speaks, as `pt-BR`: a
    persona that names no voice gets one of its own language), `on_demand` (a tuple of names that
    can be asked for, and may turn out not to be there; they are not offered) and `unheard_percent`
    (so many of a hundred clauses it may be asked for in vain, so that it is heard sooner).
    """

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


@runtime_checkable
class Expressive(Protocol):
    """A `Synthesizer` that can do more than speak a text."""

    def perform(
        self,
        text: str,
        *,
        voice: str | None = None,
        speed: float = 1.0,
        emotion: Emotion = "neutral",
        words: list[WordEnd] | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """As `synthesize`, in that mood where it can; to `words` it adds where each one ends, as
        far as it knows, before the sound of it is given."""


def perform(
    part: Synthesizer,
    text: str,
    *,
    voice: str | None,
    speed: float,
    emotion: Emotion,
    words: list[WordEnd],
) -> AsyncGenerator[bytes, None]:
    """As `Expressive.perform`, with as much of it as that part can."""
    if isinstance(part, Expressive):
        return part.perform(text, voice=voice, speed=speed, emotion=emotion, words=words)
    return part.synthesize(text, voice=voice, speed=speed)


def languages_of(part: Synthesizer) -> Mapping[str, str]:
    """Its `languages`, whatever it has there."""
    given: Any = getattr(part, "languages", None)
    if not isinstance(given, Mapping):
        return {}
    return {name: tag for name, tag in given.items() if isinstance(tag, str)}


def on_demand_of(part: Synthesizer) -> tuple[str, ...]:
    """Its `on_demand`, whatever it has there."""
    given: Any = getattr(part, "on_demand", None)
    if not isinstance(given, tuple):
        return ()
    return tuple(name for name in given if isinstance(name, str))


def unheard_percent_of(part: Synthesizer) -> float:
    """Its `unheard_percent`, whatever it has there."""
    given: Any = getattr(part, "unheard_percent", UNHEARD_PERCENT)
    known = isinstance(given, int | float) and 0 <= given <= 100
    return float(given) if known else UNHEARD_PERCENT
