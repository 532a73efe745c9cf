"""Writes down a stream as its instance publishes it: each message becomes lines of a recording."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from pickled import __version__
from pickled.messages.base import iso_ms
from pickled.messages.chat import ChatBatch, ChatCleared, ChatDeleted, ChatMessage, VectorEvent
from pickled.messages.command import LARGEST_PAYLOAD
from pickled.messages.decision import Decision
from pickled.messages.node import Played
from pickled.messages.recording import (
    ChatLine,
    CommandLine,
    DeleteLine,
    OutcomeLine,
    RecordingLine,
    SpeechLine,
    StreamLine,
    VisionLine,
)
from pickled.messages.response import ResponseEvent
from pickled.messages.speech import Speech
from pickled.messages.state import Info
from pickled.messages.stream import StreamEvent
from pickled.messages.vision import Scene
from pickled.rehearsal.turn_notes import turn_lines
from pickled.topics import TOPICS, Root
from pickled.view.mirror import Decoded, Mirror
from pickled.view.turns import FollowedTurns

SET_STATES = tuple(
    row.path.removesuffix("/set") + "/state"
    for row in TOPICS
    if row.kind == "command" and row.path.endswith("/set") and "{node}" not in row.path
)
"""What can be set: a replay begins with the values that were in force."""

STATES = (*SET_STATES, "speaking/state", "service_level/state", "live/state")
"""The states that are recorded."""

NO_TEXT = (
    "That instance publishes no texts (mqtt.publish_text is false), and a recording without them "
    "is of no use: set mqtt.publish_text to true, and restart the daemon."
)

_PLAYED = frozenset({"started", "finished", "cleared", "muted"})
_BATCH_S = 0.1
"""A batch holds the messages of so long a time."""


class Recorder:
    """Fed with every message; knows no files and no clock."""

    def __init__(self, root: Root, *, began: float, moment: datetime) -> None:
        """`began` in seconds of the clock that `feed` is told, `moment` the same in UTC."""
        self._root = root
        self._began = began
        self._moment = moment
        self._t = 0.0
        self._written_t = 0.0
        self._has_text = False
        self._states: dict[str, str] = {}
        self._mirror = Mirror(root)
        self._turns = FollowedTurns()
        self.counts: Counter[str] = Counter()
        """Lines, by type."""
        self.left_out = 0
        """Events that the instance left out under floods."""
        self.online = False
        """Somebody is there to be recorded."""
        self.refusal: str | None = None
        """Set once it is clear that a recording can't be made."""

    @property
    def unreadable(self) -> int:
        """Messages that were not as the contract says."""
        return self._mirror.unreadable

    @staticmethod
    def filters(root: Root) -> tuple[str, ...]:
        """What to subscribe to: no sound, and nothing of the microphone."""
        paths = ("availability", "info", "event/+", "+/set", "cmd/#")
        turns = ("response/state", "latency/state", "held/state")
        nodes = ("node/+/played", "node/+/muted/set")
        return tuple(root(each) for each in (*paths, *turns, *STATES, *nodes))

    def begin(self) -> list[RecordingLine]:
        """The first line: when it was, and of what."""
        payload = {"began": iso_ms(self._moment), "version": __version__}
        return self._in_order(
            [self._state("recording", payload | {"instance": self._root.instance})]
        )

    def feed(self, topic: str, payload: bytes, *, retain: bool, at: float) -> list[RecordingLine]:
        """The lines that a message becomes; `at` in seconds of the clock of `began`."""
        path = topic.removeprefix(self._root(""))
        self._t = max(self._t, round(at - self._began, 6))
        if path.endswith("/set") or path.startswith("cmd/"):
            return self._in_order(self._command(path, payload, retain=retain))
        said = self._mirror.take(topic, payload)
        return self._in_order(self._lines(said, payload)) if said else []

    def _in_order(self, lines: list[RecordingLine]) -> list[RecordingLine]:
        """Counted, and none before the one that was written last."""
        found: list[RecordingLine] = []
        for line in lines:
            self._written_t = max(self._written_t, line.t)
            found.append(line.model_copy(update={"t": self._written_t}))
            self.counts[line.type] += 1
        return found

    def _lines(self, said: Decoded, payload: bytes) -> list[RecordingLine]:
        value, path = said.value, said.row.path
        self.left_out += getattr(value, "suppressed", 0)
        turn = self._turns.take(value)
        match value:
            case ResponseEvent(event_type="finished" | "interrupted") if turn is not None:
                return turn_lines(turn, value, self._t)
            case Info():
                return self._info(value)
            case Decision():
                return self._decision(value)
            case VectorEvent():
                kept = {"message", "text", "data"}
                fields = value.model_dump(include=kept, exclude_defaults=True)
                return [self._outcome("vector", **fields)]
            case Played():
                return self._played(value, said.node)
            case _ if path == "availability":
                self.online = value == "online"
            case _ if path in STATES:
                return self._set(path, payload.decode("utf-8", errors="replace"))
            case _:
                return self._input(value)
        return []

    def _input(self, value: Any) -> list[RecordingLine]:
        """What an input gave."""
        t = self._t
        match value:
            case ChatMessage():
                return [self._chat(value, t)]
            case ChatBatch():
                early = [(each.ts - value.ts).total_seconds() for each in value.messages]
                return [
                    self._chat(each, t + min(0.0, max(-_BATCH_S, before)))
                    for each, before in zip(value.messages, early, strict=True)
                ]
            case ChatDeleted():
                return [DeleteLine(t=t, type="delete", message_id=value.id, user=value.user)]
            case ChatCleared(user_id=None):
                return [DeleteLine(t=t, type="delete", all=True)]
            case ChatCleared():
                return [DeleteLine(t=t, type="delete", user_id=value.user_id, user=value.user)]
            case StreamEvent():
                fields = value.model_dump(include=set(StreamLine.model_fields))
                return [StreamLine(t=t, type="stream", event=value.event_type, **fields)]
            case Speech():
                final = value.event_type == "final"
                fields = value.model_dump(include={"text", "eager", "confidence"})
                fields["eager"] = value.eager and not final
                return [SpeechLine(t=t, type="speech", final=final, **fields)]
            case Scene():
                return [VisionLine(t=t, type="vision", text=value.text, model=value.model)]
        return []

    def _chat(self, message: ChatMessage, t: float) -> ChatLine:
        if not message.text and not self._has_text:
            self.refusal = NO_TEXT
        fields = message.model_dump(include=set(ChatLine.model_fields))
        return ChatLine.model_validate({"t": max(t, 0.0), "type": "chat", **fields})

    def _decision(self, decision: Decision) -> list[RecordingLine]:
        fields = decision.model_dump(exclude={"ts", "suppressed"}, exclude_defaults=True)
        lines: list[RecordingLine] = []
        if (dice := decision.parts.get("dice")) is not None:
            lines.append(self._outcome("dice", value=dice, messages=decision.messages))
        return [*lines, self._outcome("decision", **fields)]

    def _played(self, played: Played, node: str | None) -> list[RecordingLine]:
        if played.state not in _PLAYED:
            return []
        fields = played.model_dump(include={"stream", "utterance", "state", "played_ms"})
        return [self._outcome("played", node=node, **fields)]

    def _info(self, info: Info) -> list[RecordingLine]:
        self._has_text = "text" in info.capabilities
        if not self._has_text:
            self.refusal = NO_TEXT
        payload = info.model_dump(mode="json", include={"personas", "voices", "version"})
        return [self._state("info", payload)]

    def _set(self, path: str, value: str) -> list[RecordingLine]:
        """A state is published again and again; only a change is something that happened."""
        if self._states.get(path) == value:
            return []
        self._states[path] = value
        return [self._state(path, value)]

    def _command(self, path: str, payload: bytes, *, retain: bool) -> list[RecordingLine]:
        """A retained command is refused by the daemon, so it happened to nobody."""
        if retain:
            return []
        text = payload[: LARGEST_PAYLOAD + 1].decode("utf-8", errors="replace")
        return [CommandLine(t=self._t, type="command", topic=path, payload=text)]

    def _state(self, topic: str, payload: Any) -> RecordingLine:
        return self._outcome("state", topic=topic, payload=payload)

    def _outcome(self, kind: str, **fields: Any) -> RecordingLine:
        return OutcomeLine.model_validate({"t": self._t, "type": kind, **fields})
