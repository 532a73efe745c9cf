"""The ear: what the streamer says is told from an echo, stops the co-host, or asks it something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pickled.brain.floor import interrupts, is_own_voice, is_stop
from pickled.language.address import addressed
from pickled.messages.base import TurnId
from pickled.messages.speech import Speech
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.conversation.errands import Errand
from pickled.orchestrator.conversation.requests import Requests
from pickled.orchestrator.conversation.speaking import Speaking
from pickled.orchestrator.situation.show import Show


@dataclass(frozen=True)
class Hearing:
    """Hears the streamer; the decisions are the brain's."""

    speaking: Speaking
    show: Show
    controls: Controls
    requests: Requests
    queue: Callable[[Errand], TurnId | None]
    """Lets an errand wait for its turn."""
    wake: Callable[[], None]

    def hear(self, speech: Speech) -> bool:
        """The streamer speaks; False if it was only the co-host's own voice that came back."""
        turn = self.speaking.turn
        own = turn.about if turn is not None and turn.sounding else ""
        if own and is_own_voice(speech.text, own=own):
            return False
        final = speech.event_type == "final"
        spoken = self.requests.spoken(speech.text, "streamer") if final and speech.text else None
        to_us = spoken is not None and addressed(spoken, self.controls.persona.triggers)
        self.show.hear(speech, to_us=to_us)
        stop = to_us and is_stop(speech.text, names=self.controls.persona.triggers)
        if stop or (own and speech.text and interrupts(speech.text, own=own)):
            self.speaking.stop("interrupted")
        if to_us and spoken and not stop and not (self.controls.muted or self.controls.paused):
            self.queue(Errand(self.requests.make("speech", "streamer", (spoken,))))
        self.wake()
        return True
