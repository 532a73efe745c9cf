"""What the overlay shows, from what an instance publishes; knows no connection and no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pickled.messages.chat import Authored, ChatBatch, ChatMessage, Retraction
from pickled.messages.decision import Decision
from pickled.messages.node import NodeInfo
from pickled.messages.response import ResponseEvent, RetractionEvent
from pickled.messages.state import CrowdState
from pickled.recent import Recent
from pickled.view.mirror import Decoded

MOST_LINES = 2_000
"""Lines of chat among which those that are answered are found."""
LONGEST_NAME, LONGEST_WORDS, LONGEST_CAPTION = 40, 240, 600

Shown = dict[str, Any]


@dataclass(frozen=True)
class Card:
    """For whom it answers."""

    line: ChatMessage
    count: int
    """How many said the same."""

    @property
    def shown(self) -> Shown:
        """As a page has it."""
        user, text = self.line.user[:LONGEST_NAME], self.line.text[:LONGEST_WORDS]
        return {"user": user, "text": text, "count": self.count}


@dataclass
class Stage:
    """Fed with each message; `view` is what a page shows."""

    broker: bool = False
    """Are we connected?"""
    _values: dict[str, Any] = field(default_factory=dict)
    _lines: Recent[str, ChatMessage] = field(default_factory=lambda: Recent(MOST_LINES))
    _asked: Recent[str, tuple[str, ...]] = field(default_factory=lambda: Recent(200))
    """Turn → the messages that it answers."""
    _turn: str | None = None
    """That is being answered, or was last."""
    _public: Recent[str, bool] = field(default_factory=lambda: Recent(200))
    """Node → does the stream hear it?"""
    _secret: bool = False
    """It is not for the stream."""
    _card: Card | None = None
    _retracted: int = 0
    _name: str = ""
    """What the persona calls itself, once it has said something."""

    def take(self, said: Decoded) -> None:
        """Follow a message."""
        match said.value:
            case ChatMessage():
                self._lines[said.value.id] = said.value
            case ChatBatch(messages=messages):
                for each in messages:
                    self._lines[each.id] = each
            case Decision(event_type="answer", turn=str() as turn, messages=messages):
                self._asked[turn] = messages
            case ResponseEvent():
                self._answer(said.value)
            case RetractionEvent():
                self._retract(said.value)
            case NodeInfo(role=role) if said.node is not None:
                self._public[said.node] = role == "public"
            case _ if said.node is None and said.row.kind == "state":
                if said.path == "persona/state" and said.value != self._values.get(said.path):
                    self._name = ""
                self._values[said.path] = said.value

    def _answer(self, event: ResponseEvent) -> None:
        if event.event_type in ("finished", "interrupted"):
            self._card = None
            return
        target = event.target
        self._secret = target not in (None, "public") and not self._public.get(target or "")
        self._name = event.persona or self._name
        if event.turn == self._turn:
            return
        self._turn = event.turn
        asked = self._asked.get(event.turn or "", ())
        line = next((self._lines[each] for each in reversed(asked) if each in self._lines), None)
        self._card = Card(line, len(asked)) if line and not self._secret else None

    def _retract(self, event: RetractionEvent) -> None:
        taken = Retraction(kind=event.event_type, id=event.ids[0] if event.ids else "")
        lines: list[Authored] = list(taken.among(self._lines.values()))
        for line in lines:
            del self._lines[line.id]
        if self._card is not None and taken.concerns(self._card.line):
            self._card = None
        self._retracted += 1

    def _is(self, path: str) -> bool:
        return self._values.get(path) == "ON"

    @property
    def _pose(self) -> str:
        if self._is("speaking/state") and not self._secret:
            return "speaking"
        if self._is("thinking/state"):
            return "thinking"
        return "listening" if self._is("listening/state") else "idle"

    @property
    def _question(self) -> Shown | None:
        words = str(self._values.get("crowd_question/state") or "")
        if not words:
            return None
        crowd = self._values.get("crowd/state")
        topics = crowd.topics if isinstance(crowd, CrowdState) else ()
        count = max((each.viewers for each in topics if each.question), default=0)
        return {"text": words[:LONGEST_WORDS], "count": count}

    @property
    def view(self) -> Shown:
        """All of it, as JSON has it."""
        there = self.broker and self._values.get("availability") == "online"
        caption = "" if self._secret else str(self._values.get("caption/state") or "")
        return {
            "broker": self.broker,
            "daemon": there,
            "persona": (self._name or str(self._values.get("persona/state", "")))[:LONGEST_NAME],
            "emotion": str(self._values.get("emotion/state", "neutral")),
            "pose": self._pose if there else "idle",
            "speaking": there and self._pose == "speaking",
            "muted": self._is("muted/state"),
            "level": str(self._values.get("service_level/state", "")),
            "turn": self._turn,
            "caption": caption[:LONGEST_CAPTION] if there else "",
            "card": self._card.shown if self._card and there else None,
            "question": self._question if there else None,
            "retracted": self._retracted,
        }
