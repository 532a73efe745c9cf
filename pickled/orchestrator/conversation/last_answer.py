"""The answer that `response/state` shows, until another one comes or it is taken back."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.turn.turn import Turn


@dataclass
class LastAnswer:
    """What was said last, and can be taken back."""

    states: States
    turn: Turn | None = None

    def take_back(self) -> None:
        """Neither whom it answered nor its words are shown any more."""
        assert self.turn is not None
        cleaned = self.turn.state().model_copy(update={"to": (), "text": "", "heard": ""})
        self.states.set("response/state", cleaned, again=True)
        self.turn = None
