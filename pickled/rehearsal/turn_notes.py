"""Follows each turn on MQTT, and notes what makes its replay exact: what came when, how long."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pickled.messages.base import TurnId
from pickled.messages.decision import Decision
from pickled.messages.node import Played
from pickled.messages.recording import Line, LlmLine, OutcomeLine, TtsLine
from pickled.messages.response import ResponseEvent, ResponseState
from pickled.messages.state import HeldState, LatencyState
from pickled.orchestrator.conversation.approval import EXPIRES_S
from pickled.rehearsal.pace import CHARS_PER_S, FIRST_BYTE_MS, answer_pieces

_OPEN_TURNS = 200
"""Turns whose end has not been seen; of more than one something is wrong, so the oldest goes."""

_CUT = frozenset({"interrupted", "skipped"})
"""The answer may have had more to say."""


@dataclass
class _Open:
    """A turn that is going on."""

    began: datetime
    messages: tuple[str, ...] = ()
    clauses: list[tuple[float, str]] = field(default_factory=list)
    """Milliseconds from its begin, and the words."""
    emotion: str = "neutral"
    latency: LatencyState | None = None
    played_ms: float = 0.0
    heard_out: bool = False
    """A node has played all of it."""
    held_ms: float | None = None
    """When its whole answer was written, and began to wait for a person."""
    swallowed: bool = False
    """A muted node has taken all of it."""


class TurnNotes:
    """Fed with what is published about turns; `response` gives the lines of one that has ended."""

    def __init__(self) -> None:
        self._open: OrderedDict[TurnId, _Open] = OrderedDict()
        self._asked: OrderedDict[TurnId, tuple[str, ...]] = OrderedDict()
        self._last: ResponseState | None = None

    def decision(self, decision: Decision) -> None:
        """Note which messages a turn answers."""
        if decision.turn is not None and decision.event_type == "answer":
            self._asked[decision.turn] = decision.messages
            if len(self._asked) > _OPEN_TURNS:
                self._asked.popitem(last=False)

    def state(self, state: ResponseState) -> None:
        """`response/state` names whom a turn answers; it comes right before the turn's end."""
        self._last = state

    def latency(self, latency: LatencyState) -> None:
        """`latency/state` names no turn: it is of the one that is about to end."""
        if self._open:
            next(reversed(self._open.values())).latency = latency

    def held(self, held: HeldState) -> None:
        """`held/state`: these answers were whole before a person looked at them."""
        for answer in held.root:
            turn = self._open.get(answer.turn)
            if turn is not None and turn.held_ms is None:
                turn.held_ms = _ms(turn.began, answer.expires_at - timedelta(seconds=EXPIRES_S))

    def played(self, played: Played) -> None:
        """How far a node has played."""
        turn = self._open.get(played.utterance.rpartition(".")[0])
        if turn is not None:
            turn.played_ms = max(turn.played_ms, played.played_ms)
            turn.heard_out = turn.heard_out or played.state == "finished"
            turn.swallowed = turn.swallowed or played.state == "muted"

    def response(self, event: ResponseEvent, t: float) -> list[Line]:
        """Take an event of a turn; at its end, the lines that tell of it."""
        if event.turn is None:
            return []
        match event.event_type:
            case "started":
                self._open[event.turn] = _Open(event.ts, self._asked.pop(event.turn, ()))
                if len(self._open) > _OPEN_TURNS:
                    self._open.popitem(last=False)
            case "clause" if turn := self._open.get(event.turn):
                ms = _ms(turn.began, event.ts)
                turn.clauses.append((ms if turn.held_ms is None else turn.held_ms, event.text))
                turn.emotion = event.emotion
            case "finished" | "interrupted":
                return self._ended(event.turn, event, t)
        return []

    def _ended(self, name: TurnId, event: ResponseEvent, t: float) -> list[Line]:
        turn = self._open.pop(name, None)
        found: list[Line] = []
        if turn is not None and turn.held_ms is not None and not turn.clauses and event.text:
            turn.clauses.append((turn.held_ms, event.text))  # nobody has heard it
        if turn is not None and turn.clauses:
            closed = event.outcome not in _CUT and (event.outcome != "muted" or turn.swallowed)
            pieces = answer_pieces(turn.clauses, turn.emotion, closed=closed)
            found.append(
                LlmLine(t=t, type="llm", turn=name, deltas=tuple(pieces), messages=turn.messages)
            )
            found += _voice_lines(name, turn, t)
        fields = event.model_dump(exclude={"event_type", "ts", "suppressed", "index"}, mode="json")
        if not event.cut:
            del fields["cut"]
        if self._last is not None and self._last.turn == name:
            fields["to"] = [each.model_dump() for each in self._last.to]
        if turn is not None:
            fields["took_ms"] = _ms(turn.began, event.ts)
        found.append(OutcomeLine.model_validate({"t": t, "type": "response", **fields}))
        return found


def _voice_lines(name: TurnId, turn: _Open, t: float) -> list[Line]:
    """Nothing where there was no voice; what was cut off is counted at the usual pace."""
    if not turn.played_ms:
        return []
    latency = turn.latency or LatencyState()
    chars = sum(len(text) for _, text in turn.clauses) or 1
    ms_a_char = turn.played_ms / chars if turn.heard_out else 1000 / CHARS_PER_S
    first_byte_ms = FIRST_BYTE_MS if latency.tts_first_byte is None else latency.tts_first_byte
    return [
        TtsLine(
            t=t,
            type="tts",
            clause=f"{name}.{index}",
            text=text,
            first_byte_ms=first_byte_ms,
            first_sound_ms=None if index else latency.first_sound,
            duration_ms=round(len(text) * ms_a_char, 3),
        )
        for index, (_, text) in enumerate(turn.clauses)
    ]


def _ms(begin: datetime, end: datetime) -> float:
    return round(max(0.0, (end - begin).total_seconds() * 1000), 3)
