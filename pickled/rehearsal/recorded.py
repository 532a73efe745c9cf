"""What a recording knows beside its inputs: answers, dice, durations, and what was set at first."""

from __future__ import annotations

import json
from array import array
from base64 import b64decode
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from math import hypot
from pathlib import Path
from struct import pack
from typing import Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from pickled.errors import RecordingError
from pickled.language.clauses import ClauseSplitter
from pickled.messages.base import NodeName
from pickled.messages.recording import (
    ChatLine,
    LlmLine,
    OutcomeLine,
    RecordingLine,
    SpeechLine,
    TtsLine,
    read,
)
from pickled.rehearsal.pace import FIRST_TOKEN_MS, answer_pieces

AT_FIRST_S = 1.0
"""What is retained comes within so long a time after the begin."""

_NODE: TypeAdapter[str] = TypeAdapter(NodeName)
_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


@dataclass
class RecordedAnswer:
    """What a turn said, and when."""

    turn: str
    ended: float = 0.0
    """Seconds of the recording."""
    deltas: tuple[tuple[float, str], ...] = ()
    """Milliseconds from the begin, and what was written."""
    asked: str = ""
    """The id of the message that asked; empty if chat did not ask."""
    to: tuple[str, str] | None = None
    """User and text of who asked, where that is known."""
    emotion: str = "neutral"
    text: str = ""
    outcome: str = "finished"
    took_ms: float | None = None

    closed: bool = False
    """It came to its own end; else something cut it off, or it broke."""

    @property
    def began(self) -> float:
        """Seconds of the recording."""
        return self.ended - (self.took_ms or 0.0) / 1000


@dataclass(frozen=True, slots=True)
class ClauseTiming:
    """How long the voice took, ms."""

    first_byte_ms: float
    duration_ms: float
    first_sound_ms: float | None = None


@dataclass
class Recorded:
    """All of that of one recording."""

    path: Path
    length: float = 0.0
    """Seconds."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Lines, by type."""
    began: datetime | None = None
    """The calendar's moment at its start, where it is known."""
    at_first: dict[str, str] = field(default_factory=dict)
    """Name → the value that was in force at the begin."""
    voices: tuple[str, ...] = ()
    node: str = ""
    """The audio-node that played."""
    answers: list[RecordedAnswer] = field(default_factory=list)
    dice: deque[tuple[float, float]] = field(default_factory=deque)
    """Seconds of the recording, and the value."""
    timings: dict[str, deque[ClauseTiming]] = field(default_factory=lambda: defaultdict(deque))
    """By the clause's words, in order."""
    decisions: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    """Kind, reason and messages."""
    meanings: dict[str, bytes] = field(default_factory=dict)
    """Words → their vector, where one was recorded: little-endian float32, of length 1."""
    torn: str = ""
    """A sentence, if the last line was not written to its end."""
    unheard: int = 0
    """Lines of speech that are there as sound alone: nobody recognizes them here."""

    @property
    def persona(self) -> str | None:
        """Who it was at the begin."""
        return self.at_first.get("persona")


def read_recorded(path: Path) -> Recorded:
    """Read all of it; raises RecordingError for a wrong line, and if there is none at all."""
    reading = _Reading(Recorded(path))
    with closing(read(path, on_torn=reading.tear)) as lines:
        reading.take_all(lines)
    if not reading.found.kinds:
        raise RecordingError(f"{path} is empty: there is nothing to replay")
    return reading.finish()


@dataclass
class _Reading:
    found: Recorded
    turns: dict[str, RecordedAnswer] = field(default_factory=dict)
    asking: dict[str, str] = field(default_factory=dict)
    """Turn → the message that asked."""
    voiced: list[TtsLine] = field(default_factory=list)
    vectors: dict[str, bytes] = field(default_factory=dict)
    """By the message's id, as its words in `texts`."""
    embedded: dict[str, str] = field(default_factory=dict)
    """What was embedded of that message."""
    texts: dict[str, str] = field(default_factory=dict)

    def tear(self, why: str) -> None:
        self.found.torn = why

    def take_all(self, lines: Iterable[RecordingLine]) -> None:
        for line in lines:
            self.found.kinds[line.type] += 1
            self.found.length = line.t
            match line:
                case LlmLine():
                    self._llm(line)
                case TtsLine():
                    self.voiced.append(line)
                case OutcomeLine():
                    self._outcome(line, dict(line.__pydantic_extra__ or {}))
                case ChatLine():
                    self.texts[line.id] = line.text
                case SpeechLine(text=None):
                    self.found.unheard += 1
                case _:
                    pass

    def finish(self) -> Recorded:
        for name, answer in self.turns.items():
            answer.asked = answer.asked or self.asking.get(name, "")
            if answer.deltas and not _is_json(answer):
                answer.deltas = tuple(answer_pieces(answer.deltas, answer.emotion, closed=True))
            elif not answer.deltas and answer.text:
                whole = [(FIRST_TOKEN_MS, answer.text)]
                answer.deltas = tuple(answer_pieces(whole, answer.emotion, closed=True))
            answer.closed = _text_of(answer) is not None
        for message, vector in self.vectors.items():
            if text := self.embedded.get(message) or self.texts.get(message):
                self.found.meanings[text] = vector
        for line in self.voiced:
            words = line.text or self._words(line.clause)
            timing = ClauseTiming(line.first_byte_ms, line.duration_ms, line.first_sound_ms)
            self.found.timings[words].append(timing)
        self.found.answers = sorted(self.turns.values(), key=lambda each: each.began)
        return self.found

    def _turn(self, name: str, t: float) -> RecordedAnswer:
        answer = self.turns.setdefault(name, RecordedAnswer(name))
        answer.ended = t
        return answer

    def _llm(self, line: LlmLine) -> None:
        answer = self._turn(line.turn, line.t)
        answer.deltas = line.deltas
        answer.asked = line.messages[-1] if line.messages else ""

    def _outcome(self, line: OutcomeLine, fields: dict[str, Any]) -> None:
        """Their keys are free: what has another shape than ours is passed over."""
        try:
            match line.type:
                case "response":
                    self._response(line.t, fields)
                case "decision":
                    self._decision(fields)
                case "dice":
                    self.found.dice.append((line.t, float(fields["value"])))
                case "state":
                    self._state(line.t, str(fields["topic"]), fields["payload"])
                case "played":
                    self.found.node = self.found.node or _NODE.validate_python(fields["node"])
                case "vector":
                    message = str(fields["message"])
                    self.vectors[message] = _unit(fields["data"])
                    self.embedded[message] = str(fields.get("text", ""))
        except (AttributeError, KeyError, TypeError, ValueError, ValidationError):
            return

    def _response(self, t: float, fields: dict[str, Any]) -> None:
        answer = self._turn(str(fields["turn"]), t)
        answer.text = str(fields.get("text", ""))
        answer.emotion = str(fields.get("emotion", "neutral"))
        answer.outcome = str(fields.get("outcome") or "finished")
        if fields.get("took_ms") is not None:
            answer.took_ms = float(fields["took_ms"])
        if to := fields.get("to"):
            answer.to = (str(to[-1].get("user", "")), str(to[-1].get("text", "")))

    def _decision(self, fields: dict[str, Any]) -> None:
        messages = tuple(map(str, fields.get("messages", ())))
        kind = str(fields["event_type"])
        if kind == "summary":
            return
        self.found.decisions.append((kind, str(fields.get("reason", "")), messages))
        if kind == "answer" and messages and fields.get("turn"):
            self.asking[str(fields["turn"])] = messages[-1]

    def _state(self, t: float, topic: str, payload: Any) -> None:
        if topic == "recording":
            self.found.began = _MOMENT.validate_python(payload["began"])
        elif topic == "info":
            self.found.voices = self.found.voices or tuple(map(str, payload.get("voices", ())))
        elif t <= AT_FIRST_S and isinstance(payload, str):
            self.found.at_first.setdefault(topic.removesuffix("/state"), payload)

    def _words(self, clause: str) -> str:
        """The words of `<turn>.<n>`, cut as they were then."""
        turn, _, number = clause.rpartition(".")
        answer = self.turns.get(turn)
        if answer is None or not number.isdigit():
            return ""
        splitter = ClauseSplitter()
        text = answer.text or _text_of(answer) or ""
        clauses = [*splitter.feed(text), *splitter.finish()]
        return clauses[int(number)] if int(number) < len(clauses) else ""


def _is_json(answer: RecordedAnswer) -> bool:
    return "".join(text for _, text in answer.deltas).lstrip().startswith("{")


def _text_of(answer: RecordedAnswer) -> str | None:
    """None if it is not a whole answer."""
    try:
        return str(json.loads("".join(text for _, text in answer.deltas))["text"])
    except (ValueError, KeyError, TypeError):
        return None


def _unit(data: str) -> bytes:
    """A vector as the embedders give it, from base64 of a signed byte a dimension."""
    values = array("b", b64decode(data, validate=True))
    length = hypot(*values) or 1.0
    return pack(f"<{len(values)}f", *(each / length for each in values))
