"""Lets a recording happen again: its inputs as an input, its commands as whoever sent them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from pydantic import AliasChoices

from pickled.inputs import Emit
from pickled.messages.chat import ChatMessage
from pickled.messages.recording import CommandLine, RecordingLine, read, to_event
from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.parts.clock import Clock
from pickled.rehearsal.recorded import Recorded
from pickled.rehearsal.recorder import SET_STATES
from pickled.rehearsal.story import Story
from pickled.topics import topic

_OF_A_PERSONA = frozenset({"persona", "voice", "cooldown", "spontaneity"})
"""What was set for one persona is not for another one."""

_SHORT = 2
"""Parts of a path that may be a misspelt command, which is answered so."""

_SETTLE_S = 0.01
"""What is set at first is in force before the first line."""


class Player:
    """The recording as an input of the daemon, and as whoever sent the commands."""

    def __init__(
        self,
        recorded: Recorded,
        broker: MemoryBroker,
        clock: Clock,
        story: Story,
        *,
        keep_persona: bool,
    ) -> None:
        """`keep_persona`: it is not switched, and what was set for another one is not set."""
        self._recorded = recorded
        self._broker = broker
        self._clock = clock
        self._keep_persona = keep_persona
        self._story = story
        self.origin = float("inf")
        """The recording's begin on the loop's clock."""
        self.over = asyncio.Event()
        self.turns: Mapping[str, str] = {}
        """The recording's turns, and what they are called now."""

    def now(self) -> float:
        """Seconds of the recording; before its begin, 0."""
        return max(0.0, self._clock.now() - self.origin)

    async def run(self, emit: Emit) -> None:
        """Set what was in force, then let everything happen at its moment."""
        left_out = _OF_A_PERSONA if self._keep_persona else frozenset()
        for name, value in self._recorded.at_first.items():
            if name not in left_out and value and f"{name}/state" in SET_STATES:
                self._broker.send(f"{name}/set", _as_command(f"{name}/set", value))
        await asyncio.sleep(_SETTLE_S)
        self.origin, began = self._clock.now(), self._clock.wall()
        with closing(read(self._recorded.path)) as lines:
            for line in lines:
                await asyncio.sleep(max(0.0, self.origin + line.t - self._clock.now()))
                self._play(line, emit, began + timedelta(seconds=line.t))
        self.over.set()

    def _play(self, line: RecordingLine, emit: Emit, ts: datetime) -> None:
        self._story.lines.append(line)
        if isinstance(line, CommandLine):
            self._command(line)
            return
        event = to_event(line, ts=ts, source="replay")
        if isinstance(event, ChatMessage):
            self._story.chat[event.id] = event
        if event is not None:
            emit(event)

    def _command(self, line: CommandLine) -> None:
        path = self._path(line.topic)
        if path is None:
            self._story.notes.append(f"{line.topic} is no topic of this instance: it was left out")
            return
        if self._keep_persona and path == "persona/set":
            return
        payload = self._renamed(line.payload).encode("utf-8", errors="replace")
        self._broker.send(self._broker.root(path), payload)

    def _path(self, topic: str) -> str | None:
        """The path below the instance, also of a whole topic as `mosquitto_sub -v` prints it."""
        root, parts = self._broker.root, topic.split("/")
        for start in (0, 2):
            path = "/".join(parts[start:])
            if path and root.find(root(path)) is not None:
                return path
        return topic if len(parts) <= _SHORT else None

    def _renamed(self, payload: str | dict[str, Any]) -> str:
        """Turns have other names now; one that is none of these is whichever waits, or speaks."""
        try:
            fields = json.loads(payload) if isinstance(payload, str) else payload
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict) or "turn" not in fields:
            return payload if isinstance(payload, str) else json.dumps(payload)
        turn = self.turns.get(str(fields["turn"]))
        rest = {key: value for key, value in fields.items() if key != "turn"}
        if turn is None and not rest:
            return ""
        return json.dumps(rest if turn is None else rest | {"turn": turn}, ensure_ascii=False)


def _as_command(path: str, state: str) -> str:
    """What sets that state: a JSON state has keys that its command does not take."""
    if not state.startswith("{"):
        return state
    fields_of = topic(path).payload.model_fields
    taken = set(fields_of)
    for each in fields_of.values():
        if isinstance(each.validation_alias, AliasChoices):
            taken.update(map(str, each.validation_alias.choices))
    try:
        fields = json.loads(state)
    except (ValueError, RecursionError):
        return state
    return json.dumps({k: v for k, v in fields.items() if k in taken and v is not None})
