"""What came of a rehearsal: every decision, every answer, every sound, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError

from pickled.messages.chat import ChatMessage, VectorEvent
from pickled.messages.command import CommandEvent
from pickled.messages.decision import Decision
from pickled.messages.recording import Line
from pickled.messages.response import ResponseEvent, ResponseState
from pickled.messages.state import QueueState
from pickled.mqtt.memory import Logged
from pickled.topics import Root

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


@dataclass(slots=True)
class Said:
    """One turn."""

    turn: str
    t: float
    """When it began, seconds of the recording."""
    persona: str = ""
    emotion: str = "neutral"
    clauses: list[str] = field(default_factory=list)
    heard: str = ""
    outcome: str = ""
    """Empty while it goes on."""
    ended: float = 0.0
    cut: str = ""
    """Why it is shorter than what the model wrote; empty if it is not."""
    to: tuple[str, str, str] | None = None
    """Source, user and text of who is answered."""

    @property
    def text(self) -> str:
        """All that was worded."""
        return " ".join(self.clauses)


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
    lines: list[Line] = field(default_factory=list)
    chat: dict[str, ChatMessage] = field(default_factory=dict)
    decisions: list[Decided] = field(default_factory=list)
    turns: dict[str, Said] = field(default_factory=dict)
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
    _sounding: float | None = None

    @property
    def idle(self) -> bool:
        """Nothing waits, and nothing is being said."""
        return not self.waiting and all(each.outcome for each in self.turns.values())

    def take(self, published: Iterable[Logged], *, root: Root, origin: float) -> None:
        """Note what was published; `origin` is the recording's begin on the loop's clock."""
        for each in published:
            found = root.find(each.topic)
            if found is None or found[0].path not in FOLLOWED:
                continue
            try:
                value = found[0].decode(each.payload)
            except ValidationError:
                continue
            self._note(found[0].path, value, round(max(0.0, each.at - origin), 3))

    def _note(self, path: str, value: object, t: float) -> None:
        match value:
            case Decision():
                self._decided(Decided(t, value))
            case ResponseEvent(turn=str()):
                self._said(value, t)
            case ResponseState(to=(*_, last)) if value.turn in self.turns:
                self.turns[value.turn].to = (last.source, last.user, last.text)
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

    def _said(self, event: ResponseEvent, t: float) -> None:
        assert event.turn is not None
        said = self.turns.setdefault(event.turn, Said(event.turn, t, event.persona))
        said.emotion = event.emotion
        if event.event_type == "clause":
            said.clauses.append(event.text)
        elif event.event_type in ("finished", "interrupted"):
            said.heard, said.ended, said.cut = event.heard, t, event.cut
            said.outcome = event.outcome or event.event_type

    def _sound(self, on: bool, t: float) -> None:
        if on and self._sounding is None:
            self._sounding = t
        elif not on and self._sounding is not None:
            self.sounds.append((self._sounding, t))
            self._sounding = None
