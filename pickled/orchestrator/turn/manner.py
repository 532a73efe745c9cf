"""Which voice speaks an answer, and which can be chosen."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.brain.persona import Persona
from pickled.orchestrator.parts.ladder import Ladder, Rung
from pickled.tts import Synthesizer, languages_of, on_demand_of
from pickled.tts.languages import fitting


@dataclass(frozen=True)
class Manner:
    """How an answer is spoken."""

    persona: Persona
    voice: str | None = None
    """Set at run time; None is the persona's own."""

    def voice_for(self, rung: Rung[Synthesizer]) -> tuple[str | None, float]:
        """Voice and speed for that part; no voice is its default.

        What nobody chose follows the persona's language.
        """
        own, speed = self.persona.voice.choose(rung.kind)
        offered = rung.part.voices
        known = {*offered, *on_demand_of(rung.part)}
        chosen = next((name for name in (self.voice, own) if name in known), None)
        spoken = languages_of(rung.part)
        return chosen or fitting(self.persona.language, offered, spoken), speed


def all_voices(voices: Ladder[Synthesizer], in_force: str = "") -> tuple[str, ...]:
    """The names that are offered, and what would speak now even if it is not."""
    names = (name for voice in voices.parts() for name in voice.voices)
    return tuple(dict.fromkeys((*names, *filter(None, [in_force]))))


def all_takeable(voices: Ladder[Synthesizer]) -> tuple[str, ...]:
    """The names that can be chosen: those that are offered, and those that may turn out missing."""
    more = (name for voice in voices.parts() for name in on_demand_of(voice))
    return tuple(dict.fromkeys((*all_voices(voices), *more)))


def voice_in_force(voices: Ladder[Synthesizer], persona: Persona, voice: str | None) -> str:
    """The name of the voice that would speak now; empty if none works."""
    manner = Manner(persona, voice)
    return next((manner.voice_for(r)[0] or r.part.voices[0] for r in voices.working()), "")
