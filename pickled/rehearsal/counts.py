"""A rehearsal in figures: how many were answered, why others were not, how long it was still."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pickled.language.address import addressed
from pickled.rehearsal.story import Decided, Story

_TURNS = ("answer", "failed")


@dataclass(frozen=True)
class Counts:
    """A story in figures."""

    messages: int
    answered: int
    """Messages that were answered, alone or with others."""
    failed: int
    """Messages that were to be answered, and nothing could be worded."""
    turns: int
    """Those in which something was said."""
    by_fate: dict[str, int]
    """Kind or reason → messages that were not answered."""
    mentions: int
    mentions_answered: int
    spoken_share: float
    """Of the time, 0–1."""
    longest_silence: tuple[float, float]
    """Its begin and its length, seconds."""


def count(story: Story, triggers: Mapping[str, tuple[str, ...]]) -> Counts:
    """The figures of a story; `triggers` are the names of each persona."""
    kinds: Counter[str] = Counter()
    for decided in story.decisions:
        kinds.update(decided.decision.counts)
    for each in story.fates.values():
        kind: str = each.decision.event_type
        if kind == "answer" and not worded(story, each):
            kind = "failed"
        kinds[kind if kind in _TURNS else f"{kind}: {each.decision.reason}"] += 1
    answered, failed = (kinds.pop(each, 0) for each in _TURNS)
    mentions = _mentions(story, triggers)
    heeded = [each for each in mentions if _heeded(story, each)]
    spoken = sum(end - begin for begin, end in story.sounds)
    return Counts(
        messages=len(story.chat),
        answered=answered,
        failed=failed,
        turns=sum(each.outcome != "failed" for each in story.turns.values()),
        by_fate=dict(sorted(kinds.items())),
        mentions=len(mentions),
        mentions_answered=len(heeded),
        spoken_share=spoken / story.length if story.length else 0.0,
        longest_silence=_longest_silence(story),
    )


def worded(story: Story, decided: Decided) -> bool:
    """Was anything worded in the turn that a decision led to?"""
    said = story.turns.get(decided.decision.turn or "")
    return said is None or said.outcome != "failed"


def _heeded(story: Story, message_id: str) -> bool:
    fate = story.fates.get(message_id)
    if fate is None or fate.decision.event_type not in ("answer", "merge"):
        return False
    return worded(story, fate)


def _mentions(story: Story, triggers: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Those who named who it was just then, but for what was taken back before its answer."""
    found, turn_of = [], list(story.personas)
    name = turn_of[0][1] if turn_of else ""
    for line in story.lines:
        while turn_of and turn_of[0][0] <= line.t:
            name = turn_of.pop(0)[1]
        message = story.chat.get(line.id) if line.type == "chat" else None
        if message and addressed(message, triggers.get(name, ())):
            found.append(message.id)
    gone = _taken_back(story)
    return [each for each in found if each not in gone or each in story.fates]


def _taken_back(story: Story) -> set[str]:
    gone: set[str] = set()
    seen: dict[str, list[str]] = {}
    for line in story.lines:
        if line.type == "chat":
            seen.setdefault(line.user_id, []).append(line.id)
        elif line.type == "delete":
            if line.all:
                gone.update(each for ids in seen.values() for each in ids)
            gone.update(seen.get(line.user_id or "", ()))
            gone.update({line.message_id} if line.message_id else ())
    return gone


def _longest_silence(story: Story) -> tuple[float, float]:
    longest, quiet_since = (0.0, 0.0), 0.0
    for begin, end in [*story.sounds, (story.length, story.length)]:
        if begin - quiet_since > longest[1]:
            longest = (quiet_since, round(begin - quiet_since, 3))
        quiet_since = max(quiet_since, end)
    return longest
