"""What came of a rehearsal: every decision, every answer, every sound, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite

from pickled.messages.chat import ChatMessage, VectorEvent
from pickled.messages.command import CommandEvent
from pickled.messages.decision import Decision
from pickled.messages.recording import RecordingLine
from pickled.messages.state import QueueState
from pickled.mqtt.in_process import Logged
from pickled.topics import Root
from pickled.view.mirror import Mirror
from pickled.view.turns import FollowedTurn, FollowedTurns

FOLLOWED = frozenset(
    {
        "event/decision",
        "event/response",
        "event/vector",
        "response/state",
        "event/command",
        "speaking/state",
        "persona/state",
        "queue/state",
    }
)
"""The rest is of no use here, and a sound's frames are many."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, and when."""

    t: float
    decision: Decision

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What makes two of them the same: kind, reason, messages."""
        return self.decision.event_type, self.decision.reason, self.decision.messages


@dataclass
class Story:
    """Fed with what the daemon published, and with the lines that were played."""

    label: str
    """What it was played with."""
    length: float = 0.0
    """Seconds, from the first to the last thing that happened."""
    lines: list[RecordingLine] = field(default_factory=list)
    chat: dict[str, ChatMessage] = field(default_factory=dict)
    decisions: list[Decided] = field(default_factory=list)
    turns: dict[str, FollowedTurn] = field(default_factory=dict)
    """In the order in which they began."""
    sounds: list[tuple[float, float]] = field(default_factory=list)
    """Begin and end, seconds."""
    refused: list[tuple[float, CommandEvent]] = field(default_factory=list)
    personas: list[tuple[float, str]] = field(default_factory=list)
    """From when on it was who."""
    fates: dict[str, Decided] = field(default_factory=dict)
    """Message → what became of it in the end."""
    absent: str = ""
    """Why the model that should word the answers was not there at the begin."""
    notes: list[str] = field(default_factory=list)
    """What whoever reads it should know."""
    vectors: dict[str, str] = field(default_factory=dict)
    """Message → the meaning that it was counted by."""
    waiting: int = 0
    recorded: int = 0
    """Decisions that the recording has; 0 if it has none."""
    as_recorded: int = 0
    _followed: FollowedTurns = field(default_factory=FollowedTurns)
    _sounding: float | None = None

    @property
    def idle(self) -> bool:
        """Nothing waits, and nothing is being said."""
        return not self.waiting and all(each.outcome for each in self.turns.values())

    def take(self, published: Iterable[Logged], *, root: Root, origin: float) -> None:
        """Note what was published; `origin` is the recording's begin on the loop's clock."""
        mirror = Mirror(root, only=FOLLOWED)
        for each in published:
            if said := mirror.take(each.topic, each.payload):
                self._note(said.path, said.value, round(max(0.0, each.at - origin), 3))

    def _note(self, path: str, value: object, t: float) -> None:
        turn = self._followed.take(value, at=t)
        if turn is not None and isfinite(turn.began_at):
            self.turns.setdefault(turn.turn, turn)
        match value:
            case Decision():
                self._decided(Decided(t, value))
            case CommandEvent(event_type="rejected"):
                self.refused.append((t, value))
            case VectorEvent():
                self.vectors[value.message] = value.data
            case QueueState():
                self.waiting = value.waiting
            case str() if path == "speaking/state":
                self._sound(value == "ON", t)
            case str() if path == "persona/state":
                self.personas.append((t, value))
            case _:
                pass

    def _decided(self, decided: Decided) -> None:
        self.decisions.append(decided)
        if decided.decision.event_type != "hold":
            self.fates.update(dict.fromkeys(decided.decision.messages, decided))

    def _sound(self, on: bool, t: float) -> None:
        if on and self._sounding is None:
            self._sounding = t
        elif not on and self._sounding is not None:
            self.sounds.append((self._sounding, t))
            self._sounding = None
