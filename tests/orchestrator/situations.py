"""Plays a recorded situation to the whole daemon on virtual time, and writes down what happened."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from pickled.messages.chat import ChatMessage
from pickled.messages.recording import (
    CommandLine,
    RecordingLine,
    SpeechLine,
    VisionLine,
    read,
    to_event,
)
from tests.orchestrator.rig import Rig
from tests.orchestrator.screenplay import Screenplay, written
from tests.orchestrator.wit import Wit
from tests.stand_ins.node import StandInNode
from tests.stand_ins.virtual_time import in_virtual_time

FOLDER = Path(__file__).parent / "situations"


@dataclass(frozen=True)
class Change:
    """Something that no recording holds: a part fails, or works again."""

    t: float
    told: str
    do: Callable[[Rig], None]


@dataclass(frozen=True)
class Situation:
    """What is played, and with which parts."""

    about: str
    seconds: float
    """How long it is watched."""
    parts: Callable[[], dict[str, Any]] = dict
    """What the rig is made of, afresh for each play."""
    faults: tuple[Change, ...] = ()
    before: str = ""
    """A recording of a stream a week before."""


@dataclass
class Played:
    """What can be looked at afterwards."""

    rig: Rig
    begin: float
    screenplay: str
    rows: list[tuple[float, str, str]] = field(default_factory=list)

    def events(self, path: str, kind: str | None = None) -> list[Any]:
        """As `Rig.events`."""
        return self.rig.events(path, kind)

    def at(self, path: str, true: Callable[[Any], bool] = bool) -> list[float]:
        """When a value that fits was published, in seconds from the start."""
        topic = self.rig.broker.root(path)
        row = self.rig.broker.root.find(topic)
        assert row is not None
        return [
            each.at - self.begin
            for each in self.rig.broker.log
            if each.topic == topic and true(row[0].decode(each.payload))
        ]

    @property
    def lines(self) -> list[ChatMessage]:
        """All of chat that was published."""
        sent = self.rig.broker.sent("event/chat")
        batched = (m for each in sent for m in getattr(each, "messages", (each,)))
        return [each for each in batched if isinstance(each, ChatMessage)]

    @property
    def prompts(self) -> list[str]:
        """What the model was given of the conversation, turn by turn."""
        return [each.messages[-1].content for each in self.rig.model.prompts]

    def caption(self, words: str) -> list[float]:
        """When such words began to sound, or were shown."""
        return self.at("caption/state", lambda value: words in value)

    def first_sound(self, message: str) -> float:
        """From a message's arrival to the first sound of its answer, s."""
        told = next(what for _, _, what in self.rows if f" {message}:" in what and "answer" in what)
        since = self.rows.index(next(row for row in self.rows if row[2] == told))
        sound = next(what for _, _, what in self.rows[since:] if what.startswith("(sound, "))
        return float(sound.split()[1])

    def silent_after(self, moment: float) -> float:
        """When it fell silent for the first time after that."""
        off = self.at("speaking/state", lambda value: value == "OFF")
        return min(at for at in off if at >= moment)

    def longest_silence(self, begin: float, end: float) -> float:
        """Between two sounds of the co-host within that time, s."""
        on = self.at("speaking/state", lambda value: value == "ON")
        off = self.at("speaking/state", lambda value: value == "OFF")
        edges = [(begin, begin), *zip(on, off[-len(on) :], strict=True), (end, end)]
        inside = [each for each in edges if begin <= each[0] <= end]
        return max(later[0] - earlier[1] for earlier, later in pairwise(inside))

    @property
    def said(self) -> list[Any]:
        """One response for each turn, in order; of two, the one that came last."""
        return list({each.turn: each for each in self.rig.broker.sent("response/state")}.values())

    @property
    def heard(self) -> str:
        """All that was played."""
        return " ".join(each.heard for each in self.said)

    def after(self, moment: float) -> str:
        """Everything that was published from then on, as text."""
        sent = (each for each in self.rig.broker.log if each.at - self.begin >= moment)
        return b"\n".join(each.payload for each in sent).decode(errors="replace")


def play(name: str, situation: Situation, folder: Path) -> Played:
    """Play it in that data folder; raises RecordingError for a recording that can't be read."""
    acts = []
    if situation.before:
        acts.append(_act(situation.before, 30.0, situation, folder, timedelta(), faults=False))
    later = timedelta(days=7) if situation.before else timedelta()
    acts.append(_act(name, situation.seconds, situation, folder, later))
    texts = [f"{situation.about}\n"]
    for number, act in enumerate(acts):
        texts += [*(["", "— a week later —", ""] if number else []), *written(act.rows)]
    acts[-1].screenplay = "\n".join(texts) + "\n"
    return acts[-1]


def _act(
    name: str,
    seconds: float,
    situation: Situation,
    folder: Path,
    later: timedelta,
    *,
    faults: bool = True,
) -> Played:
    lines = list(read(FOLDER / f"{name}.jsonl"))
    played: list[Played] = []

    async def work() -> None:
        rig = Rig(folder, **{"model": Wit(), "later": later, **situation.parts()})
        if not rig.nodes:
            rig.nodes.append(StandInNode(rig.broker))
        async with rig.running():
            await asyncio.sleep(0.9)
            begin = asyncio.get_running_loop().time()
            notes = await _perform(rig, lines, situation.faults if faults else (), seconds)
            end = len(rig.broker.log)
        rows = _rows(rig, begin, notes, end)
        played.append(Played(rig, begin, "", rows))

    in_virtual_time(work)
    return played[0]


Notes = list[tuple[int, float, str]]
"""Behind how many messages, when, and what happened that the daemon does not publish."""


async def _perform(
    rig: Rig, lines: list[RecordingLine], faults: tuple[Change, ...], seconds: float
) -> Notes:
    loop, notes = asyncio.get_running_loop(), Notes()
    begin = loop.time()
    for each in sorted([*lines, *faults], key=lambda each: each.t):
        await asyncio.sleep(max(0.0, begin + each.t - loop.time()))
        told = _happen(rig, each)
        if told:
            notes.append((len(rig.broker.log), loop.time(), told))
    await asyncio.sleep(max(0.0, begin + seconds - loop.time()))
    return notes


def _happen(rig: Rig, line: RecordingLine | Change) -> str:
    match line:
        case Change():
            line.do(rig)
            return f"({line.told})"
        case CommandLine():
            payload = line.payload
            if not isinstance(payload, str):
                payload = json.dumps(payload, ensure_ascii=False)
            rig.tell(line.topic, payload)
            return f"> {line.topic} {payload}".rstrip()
        case _:
            event = to_event(line, ts=rig.clock.wall(), source="replay")
            assert event is not None, f"a situation has no {line.type}"
            rig.happen(event)
            if isinstance(line, SpeechLine) and line.late_s:
                return f"(said {line.late_s:g} s ago:)"
            return f"(the camera sees: {line.text})" if isinstance(line, VisionLine) else ""


def _rows(rig: Rig, begin: float, notes: Notes, end: int) -> list[tuple[float, str, str]]:
    screenplay = Screenplay(rig.broker.root, begin)
    waiting = list(notes)
    for number, each in enumerate(rig.broker.log[:end]):
        while waiting and waiting[0][0] <= number:
            _, at, told = waiting.pop(0)
            screenplay.note(at, "", told)
        screenplay.take(each)
    for _, at, told in waiting:
        screenplay.note(at, "", told)
    return screenplay.rows


Find = Callable[[str], Played]
"""What became of the situation of that name."""
