"""One stream of a node: its samples, its utterances, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pickled.audio import SPEECH_RATE
from pickled.messages.node import Played
from pickled.node.ring import Ring

State = Literal["started", "progress", "finished", "cleared", "muted"]

MS = 1000 / SPEECH_RATE
"""Milliseconds a sample lasts."""


@dataclass
class UtteranceStart:
    """One clause, and where in its stream it begins."""

    id: str
    turn: str
    start: int
    """Its first sample."""
    started: bool = False
    """Has a sample of it sounded that is not silence?"""


@dataclass
class PlayingStream:
    """A stream that was begun and is not over."""

    session: int
    number: int
    begun_at: float
    alive_at: float
    """When data came in, or sound went out, last."""
    ring: Ring = field(default_factory=Ring)
    utterances: list[UtteranceStart] = field(default_factory=list)
    ended: bool = False
    muted: bool = False
    """Swallowed, to its end."""
    buffering: bool = True
    """It waits until there is enough to sound."""
    told: int | None = None
    """The position that was reported last."""
    due_at: float = 0.0
    """When its last sample has left the device."""
    arrival: tuple[float, int] | None = None
    """Of the last frame: when, and the position behind it."""

    @property
    def utterance(self) -> UtteranceStart:
        """The one that sounds, or has sounded last."""
        position = self.ring.position or 0
        begun = [each for each in self.utterances if each.start < position]
        return begun[-1] if begun else self.utterances[0]

    @property
    def fill_ms(self) -> float:
        """How much of it waits."""
        return self.ring.fill * MS

    def played(self, state: State, latency_s: float) -> Played:
        """The acknowledgement of that state; what is still in the device has not been heard."""
        taken_ms = (self.ring.position or 0) * MS
        sounding = state in {"started", "progress"}
        return Played(
            session=self.session,
            stream=self.number,
            utterance=(self.utterance if sounding else self.utterances[-1]).id,
            state=state,
            played_ms=round(max(0.0, taken_ms - latency_s * 1000), 1),
            fill_ms=round(self.fill_ms, 1),
        )
