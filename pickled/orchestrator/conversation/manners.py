"""Says in chat that it is an AI, and what viewers may do: as a stream begins, and now and then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.controls.settings import Settings
from pickled.orchestrator.conversation.acting import Acting
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.situation.show import Show

EVERY = timedelta(hours=1)
"""At most so often, also over restarts."""

SETTING = "told_that_it_is_an_ai"


@dataclass
class Notice:
    """Written where an output writes in chat, and somebody is there to read it."""

    controls: Controls
    settings: Settings
    show: Show
    acting: Acting
    clock: Clock
    prefix: str
    """The word by which viewers call us."""
    spoke_at: Callable[[], float]
    """End of the last sound, in seconds of the loop's clock."""
    _told_at: float = field(default=float("-inf"), init=False)

    def look(self) -> None:
        """Each second."""
        if not self.show.watched or self.acting.writer() is None or not self._is_due():
            return
        text = (
            f"{self.controls.persona.name} is an AI that talks along here. "
            f"!{self.prefix} help says what you can ask of it, !{self.prefix} optout makes it "
            "remember nothing of you."
        )
        if self.acting.write(text, to=None, ours=True):
            self._told_at = self.clock.now()
            self.settings.set(SETTING, self.clock.wall().isoformat(), configured=None)

    def _is_due(self) -> bool:
        """For the first time, or an hour ago and it has spoken since."""
        if self._told_at > float("-inf") and self.spoke_at() <= self._told_at:
            return False
        last = self.settings.get(SETTING, None)
        try:
            return last is None or self.clock.wall() - datetime.fromisoformat(last) >= EVERY
        except (TypeError, ValueError):  # not as we write it
            return True
