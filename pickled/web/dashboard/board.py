"""What the dashboard lists: lines of chat with what became of them, answers with their traces.

Each page asks for what has changed since it asked last, so that a busy chat costs it little.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from pickled.messages.chat import ChatBatch, ChatMessage, Retraction
from pickled.messages.decision import Decision
from pickled.messages.response import ResponseEvent, ResponseState, RetractionEvent
from pickled.messages.state import LatencyState
from pickled.recent import Recent
from pickled.view.mirror import Decoded
from pickled.view.turns import FollowedTurn, FollowedTurns

MOST_LINES = 400
MOST_ANSWERS = 30
MOST_FIGURES = 60
LONGEST_TEXT = 500
TAKEN_BACK = "taken back"

Shown = dict[str, Any]

_FATE = {"answer": "answered", "merge": "merged", "hold": "waits", "expire": "expired"}


@dataclass
class LineOfChat:
    """A line, and what became of it."""

    message: ChatMessage
    fate: str = ""
    """`answered merged waits expired skipped`; empty before that is known."""
    reason: str = ""
    score: float | None = None
    parts: dict[str, float] = field(default_factory=dict)
    gone: bool = False

    @property
    def shown(self) -> Shown:
        """As a page has it; what was taken back has no words any more."""
        message = self.message
        return {
            "id": message.id,
            "user": TAKEN_BACK if self.gone else message.user[:60],
            "user_id": message.user_id,
            "text": "" if self.gone else message.text[:LONGEST_TEXT],
            "source": message.source,
            "badges": list(message.badges[:4]),
            "time": message.ts.isoformat(),
            "fate": "gone" if self.gone else self.fate,
            "reason": self.reason,
            "score": None if self.score is None else round(self.score, 2),
            "parts": {name: round(value, 2) for name, value in self.parts.items() if value},
        }


@dataclass
class Board:
    """Fed with each state and event; `turns` follows them, too."""

    turns: FollowedTurns
    figures: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_FIGURES))
    """How long the last answers took to the first sound, ms."""
    version: int = 0
    """Counts the changes."""
    _lines: Recent[str, LineOfChat] = field(default_factory=lambda: Recent(MOST_LINES))
    _touched: Recent[str, int] = field(default_factory=lambda: Recent(MOST_LINES))
    _answers: Recent[str, int] = field(default_factory=lambda: Recent(MOST_ANSWERS))
    _asked: Recent[str, tuple[str, ...]] = field(default_factory=lambda: Recent(MOST_ANSWERS * 4))

    def take(self, said: Decoded) -> None:
        """Follow a message."""
        match said.value:
            case ChatMessage():
                self._add(said.value)
            case ChatBatch(messages=messages):
                for each in messages[-MOST_LINES:]:
                    self._add(each)
            case Decision():
                self._decide(said.value)
            case RetractionEvent():
                self._retract(said.value)
            case ResponseEvent(turn=str() as turn) | ResponseState(turn=turn):
                self._touch_answer(turn)
            case LatencyState(total=float() as total):
                self.figures.append(total)

    def lines_since(self, version: int) -> list[Shown]:
        """New and changed lines, the oldest first."""
        ids = set()
        for each, changed in reversed(self._touched.items()):
            if changed <= version:
                break
            ids.add(each)
        return [line.shown for each, line in self._lines.items() if each in ids]

    def answers_since(self, version: int) -> list[Shown]:
        """New and changed answers, the one that changed last at the end."""
        changed = [turn for turn, at in self._answers.items() if at > version]
        found = (self.turns.get(turn) for turn in changed)
        return [self._answer(each) for each in found if each is not None and each.clauses]

    def _answer(self, turn: FollowedTurn) -> Shown:
        asked = self._asked.get(turn.turn, turn.messages)
        line = next((self._lines[each] for each in reversed(asked) if each in self._lines), None)
        to = turn.to
        user = line.message.user if line and not line.gone else to.user if to else ""
        words = line.message.text if line and not line.gone else to.text if to else ""
        times = turn.stages.model_dump(exclude_none=True) if turn.stages else {}
        return {
            "turn": turn.turn,
            "persona": turn.persona,
            "emotion": turn.emotion,
            "text": turn.text[: LONGEST_TEXT * 2],
            "heard": turn.heard[: LONGEST_TEXT * 2],
            "outcome": turn.outcome,
            "reason": turn.reason,
            "user": user[:60],
            "asked": words[:LONGEST_TEXT],
            "count": len(asked),
            "total": times.pop("total", None),
            "stages": times,
            "time": turn.clauses[0].ts.isoformat() if turn.clauses else "",
        }

    def _add(self, message: ChatMessage) -> None:
        if message.id not in self._lines:
            self._lines[message.id] = LineOfChat(message)
            self._touch(message.id)

    def _decide(self, decision: Decision) -> None:
        if decision.event_type == "summary":
            return
        if decision.event_type == "answer" and decision.turn:
            self._asked[decision.turn] = decision.messages
        fate = _FATE.get(decision.event_type, "skipped")
        for index, each in enumerate(decision.messages):
            line = self._lines.get(each)
            if line is None:
                continue
            line.fate, line.reason, line.parts = fate, decision.reason, dict(decision.parts)
            several = index < len(decision.scores)
            line.score = decision.scores[index] if several else decision.score
            self._touch(each)

    def _retract(self, event: RetractionEvent) -> None:
        taken = Retraction(kind=event.event_type, id=event.ids[0] if event.ids else "")
        for each, line in self._lines.items():
            if taken.concerns(line.message) and not line.gone:
                line.gone = True
                line.message = line.message.model_copy(update={"text": "", "user": ""})
                self._touch(each)
        for turn, asked in self._asked.items():
            if any(each in self._lines and self._lines[each].gone for each in asked):
                self._touch_answer(turn)

    def _touch(self, message_id: str) -> None:
        self.version += 1
        self._touched[message_id] = self.version

    def _touch_answer(self, turn: str) -> None:
        self.version += 1
        self._answers[turn] = self.version
