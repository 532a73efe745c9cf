"""The answer of a turn as far as it is written, and may be spoken."""

from __future__ import annotations

from dataclasses import dataclass, field

from pickled.brain import safety
from pickled.messages.base import TurnId
from pickled.messages.emotion import Emotion
from pickled.messages.response import Cut, SafetyEvent


@dataclass
class Answer:
    """What has been written and has passed the gate."""

    turn: TurnId | None = None
    clauses: list[str] = field(default_factory=list)
    checked: list[safety.Checked] = field(default_factory=list)
    """The gate's verdict on each of them."""
    emotion: Emotion = "neutral"
    model: str = ""
    broken: bool = False
    """The model failed after it had begun, or nothing at all came."""
    blocked: bool = False
    """The gate stopped it."""
    cut: Cut = ""
    """Why it is shorter than what the model wrote, or would have written."""
    opener: str = ""
    """What it begins with, of what the persona has ready."""
    opened: int = 0
    """How many clauses are that: 1 once it has passed the gate."""
    action: str | None = None
    """What the model wants done when it is said."""
    more: bool = False
    """The model had not come to its end when the last clause was whole."""

    untold: list[SafetyEvent] | None = None
    """Of an answer that nobody may know of yet: what the gate did. None: it is told at once."""

    @property
    def text(self) -> str:
        return " ".join(self.clauses)
