"""What the persona has a text for is not left to a model."""

from __future__ import annotations

from dataclasses import replace

from pickled.brain.event_texts import OCCASIONS, worded
from pickled.brain.persona import Persona
from pickled.orchestrator.conversation.errands import Errand


def in_own_words(errand: Errand, persona: Persona) -> Errand:
    """The errand with that text and its mood; as it is where there is none."""
    request = errand.request
    texts = persona.events.get(request.reason, ())
    if not (errand.events and texts):
        return errand
    script = worded(texts, errand.events, count=request.viewers, turn=request.turn)
    mood = OCCASIONS.get(request.reason, "neutral")
    return replace(errand, script=script, emotion=mood if mood in persona.emotions else None)
