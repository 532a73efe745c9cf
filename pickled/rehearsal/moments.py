"""A story told in order: what happened, what was decided about it, and what was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Any

from pickled.messages.recording import OutcomeLine, RecordingLine
from pickled.messages.response import Recipient
from pickled.rehearsal.story import Decided, Story
from pickled.view.turns import FollowedTurn


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the recording, and for a chat message what became of it."""

    t: float
    line: RecordingLine
    fate: Decided | None = None


@dataclass(frozen=True, slots=True)
class Spoke:
    """A turn, and the decision that it came from; None: chat did not ask for it."""

    t: float
    said: FollowedTurn
    decided: Decided | None = None


Moment = Happened | Spoke | Decided


def moments(story: Story) -> Iterator[Moment]:
    """Everything in order of time; decisions that are an answer come as what was spoken."""
    happened = (
        Happened(line.t, line, story.fates.get(line.id) if line.type == "chat" else None)
        for line in story.lines
        if line.type not in ("llm", "tts") and not isinstance(line, OutcomeLine)
    )
    return merge(happened, iter(outcomes(story)), key=lambda each: each.t)


def outcomes(story: Story) -> list[Spoke | Decided]:
    """Every decision, and every turn that no decision about chat led to, in order of time."""
    found: list[Spoke | Decided] = []
    told: set[str] = set()
    for each in story.decisions:
        said = story.turns.get(each.decision.turn or "")
        found.append(Spoke(each.t, said, each) if said else each)
        told.update({said.turn} if said else ())
    found += [Spoke(said.began_at, said) for said in story.turns.values() if said.turn not in told]
    return sorted(found, key=lambda each: each.t)


def as_object(outcome: Spoke | Decided, story: Story) -> dict[str, Any]:
    """One decision for a program: what, why, about which messages, and what was said."""
    decided = outcome.decided if isinstance(outcome, Spoke) else outcome
    found: dict[str, Any] = {"t": outcome.t}
    if decided is not None:
        decision = decided.decision
        found |= {"decision": decision.event_type, "reason": decision.reason}
        found |= {"score": decision.score, "parts": decision.parts, "cluster": decision.cluster}
        found["messages"] = [_message(each, story) for each in decision.messages]
        if decision.counts:
            found["counts"] = decision.counts
    elif isinstance(outcome, Spoke):
        to = outcome.said.to or Recipient(source="say")
        found |= {"decision": "answer", "reason": to.source}
        found["messages"] = [{"user": to.user, "text": to.text}] if to.text else []
    if isinstance(outcome, Spoke):
        said = outcome.said
        found["answer"] = {
            "persona": said.persona,
            "emotion": said.emotion,
            "text": said.text,
            "heard": said.heard,
            "outcome": said.outcome,
            "ended": said.ended_at,
            "cut": said.cut,
        }
    return found


def _message(message_id: str, story: Story) -> dict[str, str]:
    message = story.chat.get(message_id)
    named = {"user": message.user, "text": message.text} if message else {}
    return {"id": message_id, **named}
