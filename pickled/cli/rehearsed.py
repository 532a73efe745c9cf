"""A rehearsal on the terminal: line by line what happened, why, and the figures at the end."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from pickled.cli.compared import clock, differences, row_object, table, told
from pickled.cli.talk import plain
from pickled.messages.decision import Decision
from pickled.messages.recording import (
    ChatLine,
    CommandLine,
    DeleteLine,
    RecordingLine,
    SpeechLine,
    StreamLine,
    VisionLine,
)
from pickled.rehearsal.compare import Row, side_by_side
from pickled.rehearsal.counts import Counts, count
from pickled.rehearsal.moments import Happened, Moment, Spoke, as_object, moments, outcomes
from pickled.rehearsal.story import Decided, Story

_INDENT = " " * 9
_CUT = {
    "sentences": "; cut at its number of sentences",
    "tokens": "; cut where its tokens were used up",
}


class Telling:
    """Prints one story, or two beside each other."""

    def __init__(
        self, triggers: Mapping[str, tuple[str, ...]], *, speed: float | None, as_json: bool
    ) -> None:
        """`speed` is the pace at which the lines come; None: at once."""
        self._triggers = triggers
        self._speed = speed
        self._as_json = as_json
        self._console = Console(highlight=False, soft_wrap=True)
        self._began = time.monotonic()

    def story(self, story: Story) -> None:
        """What happened, in order, and the figures."""
        if self._as_json:
            for outcome in outcomes(story):
                self._object(outcome.t, as_object(outcome, story))
            self._object(story.length, {"summary": self._figures(story)})
            return
        self._line(Text(story.label, "bold"))
        self._absent(story)
        for moment in moments(story):
            for line in _told(moment, story):
                self._wait(moment.t)
                self._line(line)
        self._line(Text())
        for line in self._summary(story):
            self._line(line)

    def both(self, first: Story, second: Story) -> None:
        """Both answers to everything that one of them answered, and where they differ."""
        rows = side_by_side(first, second)
        if self._as_json:
            for row in rows:
                self._object(row.t, row_object(row, first, second))
            figures = [self._figures(each) for each in (first, second)]
            self._object(first.length, {"summary": figures, **differences(rows)})
            return
        for story in (first, second):
            self._absent(story)
        if self._console.is_terminal and self._speed is None:
            self._console.print(table(rows, first, second))
        else:
            self._rows(rows, first, second)
        for story in (first, second):
            self._line(Text())
            self._line(Text(story.label, "bold"))
            for line in self._summary(story):
                self._line(line)
        found = differences(rows)
        self._line(Text())
        self._line(
            Text(
                f"{found['rows']} compared: {found['decisions']} decided otherwise, "
                f"{found['words']} answered in other words"
            )
        )

    def _absent(self, story: Story) -> None:
        if story.absent:
            self._line(Text(f"{story.label}: nobody can word an answer: {story.absent}", "red"))

    def _rows(self, rows: list[Row], first: Story, second: Story) -> None:
        for row in rows:
            self._wait(row.t)
            self._line(Text(f"{clock(row.t)}  {plain(row.user)}: {plain(row.what)}"))
            for story, side in ((first, row.first), (second, row.second)):
                self._line(Text(f"{_INDENT}{story.label}: {told(side)}"))
            if not row.same_decision:
                self._line(Text(f"{_INDENT}they decide otherwise", "yellow"))

    def _summary(self, story: Story) -> list[Text]:
        return [Text(line) for line in (*figures(self._count(story), story), *_notes(story))]

    def _count(self, story: Story) -> Counts:
        return count(story, self._triggers)

    def _figures(self, story: Story) -> dict[str, Any]:
        counts = self._count(story)
        since, silent_s = counts.longest_silence
        return {
            "label": story.label,
            "messages": counts.messages,
            "answered": counts.answered,
            "failed": counts.failed,
            "turns": counts.turns,
            "left": counts.by_fate,
            "mentions": counts.mentions,
            "mentions_answered": counts.mentions_answered,
            "spoken_share": round(counts.spoken_share, 4),
            "longest_silence": {"since": since, "seconds": silent_s},
            "recorded_decisions": story.recorded,
            "as_recorded": story.as_recorded,
            "absent": story.absent,
            "notes": story.notes,
        }

    def _object(self, t: float, value: dict[str, Any]) -> None:
        self._wait(t)
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def _line(self, text: Text) -> None:
        self._console.print(text)

    def _wait(self, t: float) -> None:
        if self._speed is not None:
            time.sleep(max(0.0, self._began + t / self._speed - time.monotonic()))


def figures(counts: Counts, story: Story) -> list[str]:
    """The counts as lines."""
    left = ", ".join(f"{number} {name}" for name, number in counts.by_fate.items())
    since, silent_s = counts.longest_silence
    failed = f", {counts.failed} could not be" if counts.failed else ""
    chat = f"{counts.messages} messages: {counts.answered} answered{failed}"
    spoken = f"{counts.turns} turns, {counts.spoken_share:.0%} of the time"
    lines = [
        f"time      {clock(story.length)}",
        f"chat      {', '.join(each for each in (chat, left) if each)}",
        f"spoken    {spoken}; longest silence {silent_s:.1f} s, from {clock(since)}",
    ]
    if counts.mentions:
        share = counts.mentions_answered / counts.mentions
        answered = f"{counts.mentions_answered} of {counts.mentions} answered ({share:.0%})"
        lines.append(f"mentions  {answered}")
    if story.recorded:
        lines.append(f"recorded  {story.as_recorded} of {story.recorded} decisions are the same")
    return lines


def _notes(story: Story) -> list[str]:
    refused = [
        f"at {clock(t)} {event.command} was refused: {event.code}" for t, event in story.refused
    ]
    return [f"note      {each}" for each in (*story.notes, *refused)]


def _told(moment: Moment, story: Story) -> list[Text]:
    match moment:
        case Happened():
            return _happened(moment)
        case Spoke():
            return _spoke(moment, story)
        case Decided():
            return _decided(moment, story)


def _happened(moment: Happened) -> list[Text]:
    text = Text(f"{clock(moment.t)}  ")
    who, what = _what(moment.line)
    text.append(plain(who), "bold" if moment.line.type == "chat" else "magenta")
    text.append(f": {plain(what)}" if what else "")
    if moment.line.type == "chat":
        fate = moment.fate
        if fate is None:
            text.append("  · not decided by name", "dim")
        elif fate.decision.event_type != "answer":
            decision = fate.decision
            text.append(f"  · {decision.event_type}: {_why(decision)}", "dim")
    return [text]


def _what(line: RecordingLine) -> tuple[str, str]:
    match line:
        case ChatLine():
            return line.user, line.text
        case DeleteLine():
            whose = "everything" if line.all else line.message_id or line.user or line.user_id or ""
            return "(taken back)", whose
        case StreamLine():
            number = line.viewers or line.amount or line.months
            told = (line.user, f"{number:g}" if number else "", line.text)
            return f"({line.event})", " ".join(each for each in told if each)
        case SpeechLine():
            kind = "(the streamer)" if line.final else "(the streamer, not finished)"
            return kind, line.text if line.text is not None else f"sound: {line.audio}"
        case VisionLine():
            return "(seen)", line.text
        case CommandLine():
            payload = line.payload if isinstance(line.payload, str) else json.dumps(line.payload)
            return f"({line.topic})", payload
    return f"({line.type})", ""


def _spoke(moment: Spoke, story: Story) -> list[Text]:
    said, decided = moment.said, moment.decided
    head = Text(f"{clock(moment.t)}  ")
    head.append(f"▶ {plain(said.persona)}", "bold green")
    head.append(f" ({said.emotion}) ", "dim")
    head.append(_to(moment, story))
    source = said.to.source if said.to else "say"
    reason = _why(decided.decision) if decided else source
    lines = [head, Text(f"{_INDENT}why: {reason}", "dim")]
    if said.text:
        lines.append(Text(f"{_INDENT}“{plain(said.text)}”", "green"))
    lines.append(Text(_INDENT + _ending(moment), "dim"))
    return lines


def _to(moment: Spoke, story: Story) -> str:
    decided = moment.decided
    if decided is None or not decided.decision.messages:
        to = moment.said.to
        return f"to {plain(to.user)}" if to and to.user else "says"
    *others, asked = decided.decision.messages
    message = story.chat.get(asked)
    along = f", with {len(others)} more" if others else ""
    return f"to {plain(message.user) if message else asked}{along}"


def _ending(moment: Spoke) -> str:
    said = moment.said
    if not said.outcome:
        return "goes on when the recording ends"
    cut = _CUT.get(said.cut, "")
    took = f"{said.outcome} after {said.ended_at - said.began_at:.1f} s{cut}"
    if said.outcome == "finished" or not said.text:
        return took
    return f"{took}; heard: " + (f"“{plain(said.heard)}”" if said.heard else "nothing")


def _decided(moment: Decided, story: Story) -> list[Text]:
    """Skips, merges and expiries stand beside their messages; the others here."""
    decision = moment.decision
    if decision.event_type == "summary":
        counts = ", ".join(f"{number} {name}" for name, number in decision.counts.items())
        return [Text(f"{clock(moment.t)}  · summed up: {counts}", "dim")]
    if decision.event_type != "hold" and all(
        story.fates.get(each) is moment and each in story.chat for each in decision.messages
    ):
        return []
    users = [story.chat[each].user for each in decision.messages if each in story.chat]
    about = plain(", ".join(users[:3])) + (" …" if len(users) > 3 else "")
    return [Text(f"{clock(moment.t)}  · {decision.event_type}: {_why(decision)} {about}", "dim")]


def _why(decision: Decision) -> str:
    """The reason, and what the score is made of; what adds nothing is left out."""
    parts = ", ".join(f"{name} {value:g}" for name, value in decision.parts.items() if value)
    score = f"score {decision.score:.2f}" if decision.score is not None else ""
    made_of = " = ".join(each for each in (score, parts) if each)
    cluster = f" [{plain(decision.cluster)}]" if decision.cluster else ""
    return (decision.reason or "?") + (f" ({made_of})" if made_of else "") + cluster
