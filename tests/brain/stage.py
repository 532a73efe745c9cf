"""Plays a transcript to the selection on virtual time: turns take time, wake-ups are obeyed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pickled.brain.crowd import Crowd
from pickled.brain.selection import Floor, Rules, Selection, Verdict
from pickled.messages.chat import ChatMessage, Retraction

START = datetime(2026, 1, 1, tzinfo=UTC)

RULES = Rules(
    triggers=("john", "pickle"),
    spontaneity=0.2,
    cooldown=5.0,
    mention_ttl=20.0,
    batch_size=10,
    answer_questions=True,
)


def chat(text: str, *, id: str = "m1", user: str = "Ana", **fields: Any) -> ChatMessage:  # noqa: A002
    """A chat message."""
    fields = {"user_id": user.lower(), **fields}
    return ChatMessage(ts=START, id=id, user=user, text=text, **fields)


def never() -> float:
    """Dice that must not be thrown."""
    raise AssertionError("the dice were thrown")


class Stage:
    """A selection with a clock, dice and a floor that is taken for `turn_s` by each answer."""

    def __init__(
        self,
        rules: Rules = RULES,
        *,
        dice: Iterator[float],
        turn_s: float = 3.0,
        crowd: Crowd | None = None,
    ) -> None:
        self.crowd = crowd
        self.selection = Selection(rules, support=crowd.support if crowd else None)
        self.dice = dice
        self.turn_s = turn_s
        self.floor = Floor()
        self.now = 0.0
        self.log: list[tuple[float, Verdict]] = []
        self.most_waiting = 0
        self.sent = 0
        self._turn_ends: float | None = None

    def play(self, lines: Iterable[dict[str, Any]], *, until: float) -> None:
        """Feed the lines at their moments, and run on to the end."""
        for line in lines:
            self._run_to(line["t"])
            self._take(line)
            self.most_waiting = max(self.most_waiting, self.selection.waiting)
            self._look()
        self._run_to(until)

    def _take(self, line: dict[str, Any]) -> None:
        match line["type"]:
            case "chat":
                fields = {key: line[key] for key in line if key not in ("t", "type", "refused")}
                message = chat(**fields)
                self.sent += 1
                if self.crowd is not None:
                    self.crowd.add(message, now=self.now)
                refused = line.get("refused", "")
                self._note(self.selection.add(message, now=self.now, refused=refused))
            case "delete":
                self.selection.retract(_taken_back(line))
            case "floor":
                given = {key: line[key] for key in line if key not in ("t", "type")}
                self.floor = replace(self.floor, **given)
            case unknown:
                raise AssertionError(f"a transcript has no {unknown}")

    def _run_to(self, moment: float) -> None:
        while (due := self._due()) is not None and due <= moment:
            self.now = max(self.now, due)
            known, ended = len(self.log), self._end_turn()
            self._look()
            assert ended or len(self.log) > known, "it woke for nothing"
        self.now = moment

    def _end_turn(self) -> bool:
        if self._turn_ends is None or self._turn_ends > self.now:
            return False
        self.floor = replace(self.floor, busy=False, quiet_since=self._turn_ends)
        self._turn_ends = None
        return True

    def _due(self) -> float | None:
        wakes = (self.selection.wake_at(self.floor, now=self.now), self._turn_ends)
        return min((each for each in wakes if each is not None), default=None)

    def _look(self) -> None:
        verdicts = self.selection.next(self.floor, now=self.now, dice=lambda: next(self.dice))
        assert all(each.kind != "answer" for each in verdicts[:-1])
        self._note(verdicts)
        if verdicts and verdicts[-1].kind == "answer":
            self.floor = replace(self.floor, busy=True)
            self._turn_ends = self.now + self.turn_s
            asked = verdicts[-1].messages[-1].message
            self.selection.answered([asked.user_id], now=self.now)

    def _note(self, verdicts: list[Verdict]) -> None:
        self.log += [(self.now, each) for each in verdicts]


def decisions(log: Iterable[tuple[float, Verdict]]) -> list[dict[str, Any]]:
    """The verdicts as lines of a recording."""
    return [
        {
            "t": round(moment, 3),
            "type": "decision",
            "event_type": each.kind,
            "reason": each.reason,
            "messages": [one.message.id for one in each.messages],
        }
        for moment, each in log
    ]


def _taken_back(line: dict[str, Any]) -> Retraction:
    if "user_id" in line:
        return Retraction.of_viewer(line["user_id"])
    return Retraction.of_message(line["message_id"])


def read_lines(file: Path) -> list[dict[str, Any]]:
    """The lines of a recording."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
