"""Turns rebuilt from what is published about them, in whatever order that comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from math import inf

from pickled.messages.base import TurnId
from pickled.messages.decision import Decision
from pickled.messages.emotion import Emotion
from pickled.messages.node import Played
from pickled.messages.response import Recipient, ResponseEvent, ResponseState, StageTimes
from pickled.messages.state import HeldState, LatencyState
from pickled.patterns import pattern
from pickled.recent import Recent

MOST_TURNS = 200
"""The oldest is forgotten; so many can be approved and rated, too."""

MOST_CLAUSES = 200
"""Of one turn; what comes beyond is no answer to be spoken."""

_TURN = pattern(r"([a-z2-7]{12})\.[0-9]+")


@dataclass(frozen=True, slots=True)
class SaidClause:
    """A clause, and when it was begun."""

    ts: datetime
    text: str


@dataclass(slots=True)
class FollowedTurn:
    """What is known of one turn; nothing here depends on what was heard first."""

    turn: TurnId
    decision: Decision | None = None
    """None: chat did not ask for it."""
    started: ResponseEvent | None = None
    ended: ResponseEvent | None = None
    """Its last event."""
    state: ResponseState | None = None
    began_at: float = inf
    """When its first event was heard, in seconds of the reader's clock; infinite before that."""
    ended_at: float = 0.0
    """When its last event was heard; 0 while it goes on."""
    held_until: datetime | None = None
    """Its whole answer was written, and waits until then for a person."""
    played_ms: float = 0.0
    heard_out: bool = False
    """A node has played all of it."""
    swallowed: bool = False
    """A muted node has taken all of it."""
    _clauses: dict[int, ResponseEvent] = field(default_factory=dict)
    _times: StageTimes | None = None

    @property
    def clauses(self) -> list[SaidClause]:
        """In the order in which they are spoken."""
        return [SaidClause(each.ts, each.text) for _, each in sorted(self._clauses.items())]

    @property
    def text(self) -> str:
        """All that was to be spoken."""
        return " ".join(each.text for each in self.clauses)

    @property
    def persona(self) -> str:
        """Who speaks."""
        return next((each.persona for each in self._events if each.persona), "")

    @property
    def emotion(self) -> Emotion:
        """As it was at last."""
        return self._events[0].emotion if self._events else "neutral"

    @property
    def outcome(self) -> str:
        """Empty while it goes on."""
        return (self.ended.outcome or self.ended.event_type) if self.ended else ""

    @property
    def cut(self) -> str:
        """Why it is shorter than what the model wrote; empty if it is not."""
        return self.ended.cut if self.ended else ""

    @property
    def heard(self) -> str:
        """What was really played, once it has ended."""
        return self.ended.heard if self.ended else ""

    @property
    def to(self) -> Recipient | None:
        """Who is answered, once that is known."""
        return self.state.to[-1] if self.state and self.state.to else None

    @property
    def messages(self) -> tuple[str, ...]:
        """Ids of the chat messages that are answered, the one that asked last."""
        ended = self.ended.messages if self.ended else ()
        return ended or (self.decision.messages if self.decision else ())

    @property
    def reason(self) -> str:
        """Why it speaks; empty where nobody has said so yet."""
        ended = self.ended.reason if self.ended else ""
        return ended or (self.decision.reason if self.decision else "")

    @property
    def stages(self) -> StageTimes | None:
        """How long it took, once that is known."""
        return self.ended.stages if self.ended and self.ended.stages else self._times

    @property
    def _events(self) -> list[ResponseEvent]:
        """The newest first."""
        clauses = [each for _, each in sorted(self._clauses.items(), reverse=True)]
        return [each for each in (self.ended, *clauses, self.started) if each is not None]

    def add(self, event: ResponseEvent, at: float) -> bool:
        """Take one of its events; False if it was known already."""
        self.began_at = min(self.began_at, at)
        match event.event_type:
            case "started" if self.started is None:
                self.started = event
            case "clause" if len(self._clauses) < MOST_CLAUSES:
                index = len(self._clauses) if event.index is None else event.index
                return self._clause(index, event)
            case "finished" | "interrupted" if self.ended is None:
                self.ended, self.ended_at = event, at
            case _:
                return False
        return True

    def _clause(self, index: int, event: ResponseEvent) -> bool:
        new = index not in self._clauses
        if new:
            self._clauses[index] = event
        return new

    def decide(self, decision: Decision) -> bool:
        """Take the decision that it came from; False if that is known already."""
        new = self.decision is None
        self.decision = self.decision or decision
        return new

    def show(self, state: ResponseState) -> bool:
        """Take what `response/state` says; what was taken back there does not come again."""
        if self.state is not None and (not self.state.to or state == self.state):
            return False
        self.state = state
        return True

    def hold(self, until: datetime) -> bool:
        """Its whole answer waits for a person; False if that is known already."""
        new = self.held_until is None
        self.held_until = self.held_until or until
        return new

    def play(self, played: Played) -> bool:
        """A node says how far it is; False if it was further already."""
        known = (self.played_ms, self.heard_out, self.swallowed)
        self.played_ms = max(self.played_ms, played.played_ms)
        self.heard_out = self.heard_out or played.state == "finished"
        self.swallowed = self.swallowed or played.state == "muted"
        return (self.played_ms, self.heard_out, self.swallowed) != known

    def time(self, latency: LatencyState) -> bool:
        """How long its stages took; False if that is known already."""
        new = self._times is None
        if new:
            self._times = StageTimes(**latency.model_dump(include=set(StageTimes.model_fields)))
        return new


class FollowedTurns:
    """The last turns; fed with every value of the contract, of which most say nothing of turns."""

    def __init__(self) -> None:
        self._turns: Recent[TurnId, FollowedTurn] = Recent(MOST_TURNS)

    def __len__(self) -> int:
        return len(self._turns)

    def get(self, turn: TurnId | None) -> FollowedTurn | None:
        """What is known of one; None if that is nothing, or long ago."""
        return None if turn is None else self._turns.get(turn)

    def take(self, value: object, *, at: float = 0.0) -> FollowedTurn | None:
        """The turn that this tells something new about; None if there is none.

        `at`: when it was heard, in seconds of the reader's clock.
        """
        match value:
            case Decision(event_type="answer", turn=str() as name):
                turn = self._of(name)
                return turn if turn.decide(value) else None
            case ResponseEvent(turn=str() as name):
                turn = self._of(name)
                return turn if turn.add(value, at) else None
            case ResponseState(turn=name):
                turn = self._of(name)
                return turn if turn.show(value) else None
            case LatencyState():
                timed = self._of(value.turn) if value.turn else self._newest_open()
                return timed if timed and timed.time(value) else None
            case Played():
                return self._played(value)
            case HeldState():
                self._held(value)
        return None

    def _of(self, name: TurnId) -> FollowedTurn:
        turn = self._turns.get(name)
        if turn is None:
            turn = self._turns[name] = FollowedTurn(name)
        return turn

    def _newest_open(self) -> FollowedTurn | None:
        """The one that is about to end: an older daemon's latency names no turn."""
        newest = reversed(self._turns.values())
        return next((each for each in newest if each.started and not each.ended), None)

    def _played(self, played: Played) -> FollowedTurn | None:
        found = _TURN.fullmatch(played.utterance)
        turn = self._of(found[1]) if found else None
        return turn if turn and turn.play(played) else None

    def _held(self, held: HeldState) -> None:
        for answer in held.root[-MOST_TURNS:]:
            self._of(answer.turn).hold(answer.expires_at)
