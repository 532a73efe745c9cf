"""Lays two rehearsals of one recording side by side: who was answered by whom, and how."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pickled.messages.response import Recipient
from pickled.rehearsal.moments import Spoke, outcomes
from pickled.rehearsal.story import Story


@dataclass(frozen=True, slots=True)
class Side:
    """What one of them did about it."""

    kind: str
    """`answer`, `failed` (nothing could be worded), `with` (went along with another answer),
    `skip merge expire …`, or `none`."""
    reason: str = ""
    text: str = ""
    outcome: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that at least one of them answered, or that they decided differently about."""

    t: float
    """When it happened, seconds."""
    user: str
    what: str
    first: Side
    second: Side

    @property
    def same_decision(self) -> bool:
        """Both wanted to answer it, or both left it for the same reason."""
        if self.first.kind in TURNS:
            return self.second.kind in TURNS
        return (self.first.kind, self.first.reason) == (self.second.kind, self.second.reason)

    @property
    def same_words(self) -> bool:
        """They said the same."""
        return self.first.text == self.second.text


NOTHING = Side("none")

TURNS = ("answer", "failed")
"""Kinds of sides that had a turn."""

_Key = tuple[str, str, str, int]


def side_by_side(first: Story, second: Story) -> list[Row]:
    """In order of what happened; what both left alone for the same reason is not in it."""
    mine, theirs = _sides(first), _sides(second)
    asked = _asked(first) | _asked(second)
    rows = []
    for key in mine.keys() | theirs.keys():
        row = Row(*asked[key], mine.get(key, NOTHING), theirs.get(key, NOTHING))
        if not row.same_decision or row.first.kind in TURNS or row.second.kind in TURNS:
            rows.append((row.t, key, row))
    return [row for _, _, row in sorted(rows, key=lambda each: each[:2])]


def _sides(story: Story) -> dict[_Key, Side]:
    """What was done about each message, and about each event that it reacted to."""
    found: dict[_Key, Side] = {}
    for message_id in story.chat:
        fate = story.fates.get(message_id)
        if fate is not None:
            decision = fate.decision
            kind = "with" if decision.event_type == "answer" else decision.event_type
            found[_chat(message_id)] = Side(kind, decision.reason, score=decision.score)
    others: Counter[tuple[str, str, str]] = Counter()
    for each in outcomes(story):
        if not isinstance(each, Spoke):
            continue
        said, reason, score = each.said, "", None
        if each.decided and each.decided.decision.messages:
            decision = each.decided.decision
            key, reason, score = _chat(decision.messages[-1]), decision.reason, decision.score
        else:
            key, reason = _other(each, others), _to(each).source
        worded = "failed" if said.outcome == "failed" else "answer"
        found[key] = Side(worded, reason, said.text, said.outcome, score)
    return found


def _asked(story: Story) -> dict[_Key, tuple[float, str, str]]:
    """When, who, what."""
    found: dict[_Key, tuple[float, str, str]] = {
        _chat(line.id): (line.t, line.user, line.text)
        for line in story.lines
        if line.type == "chat"
    }
    others: Counter[tuple[str, str, str]] = Counter()
    for each in outcomes(story):
        if isinstance(each, Spoke) and not (each.decided and each.decided.decision.messages):
            to = _to(each)
            found[_other(each, others)] = (each.t, to.user or to.source, to.text)
    return found


def _chat(message_id: str) -> _Key:
    return ("chat", message_id, "", 0)


def _other(spoke: Spoke, seen: Counter[tuple[str, str, str]]) -> _Key:
    """The n-th time that this was reacted to."""
    to = _to(spoke)
    key = (to.source, to.user, to.text)
    seen[key] += 1
    return (*key, seen[key])


def _to(spoke: Spoke) -> Recipient:
    """Who is answered; what nobody asked for is told by its words."""
    return spoke.said.to or Recipient(source="say", text=spoke.said.text)
