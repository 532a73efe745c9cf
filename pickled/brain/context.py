"""What goes on around the conversation: stream, link, house, crowd, mood; in lines for a prompt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pickled.language.quoting import quoted
from pickled.messages.state import ContextValue, CrowdTopic, LinkQuality, MoodLabel

FRESH_SCENE_S = 60.0
"""What was seen longer ago is not what is there now."""

MOST_TOPICS = 3
"""Topics of the crowd that a prompt shows."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is known beside what was said; times in s."""

    local: datetime | None = None
    """The time of day where the house is."""
    live_s: float | None = None
    """How long the stream has been on; None if nobody said."""
    title: str = ""
    game: str = ""
    link: LinkQuality = "good"
    link_s: float = 0.0
    """How long the link has been like that."""
    delay_s: float = 0.0
    """How old what is heard and seen of the streamer is when it arrives."""
    house: tuple[tuple[str, ContextValue], ...] = ()
    scene: str = ""
    scene_age_s: float = 0.0
    topics: tuple[CrowdTopic, ...] = ()
    mood: MoodLabel | None = None
    rate: float = 0.0
    """Chat messages a minute."""
    discreet: bool = False
    """No places, no scene."""


def told(situation: Situation) -> tuple[dict[str, Any], ...]:
    """One object for each thing, what matters most first; other people's words stay quoted."""
    lines = [
        *_link(situation),
        *_crowd(situation),
        *_scene(situation),
        *_stream(situation),
        *({"who": "house", "text": _fact(key, value)} for key, value in situation.house),
    ]
    return tuple(lines)


def lasted(seconds: float) -> str:
    """A length of time as one says it."""
    whole = max(0, round(seconds))
    if whole < 90:
        return "a second" if whole == 1 else f"{whole} seconds"
    if whole < 90 * 60:
        return f"{round(whole / 60)} minutes"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} hours"


def _link(situation: Situation) -> list[dict[str, Any]]:
    if situation.link == "lost":
        text = f"The streamer's connection has been lost for {lasted(situation.link_s)}."
        return [{"who": "link", "text": text}]
    lines = []
    if situation.link == "low":
        lines.append("The streamer's connection is bad: the picture may stutter.")
    if situation.delay_s >= 1:
        lines.append(
            f"What you hear and see of the streamer is {lasted(situation.delay_s)} old: "
            "they may have said or done something since."
        )
    return [{"who": "link", "text": each} for each in lines]


def _crowd(situation: Situation) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for topic in situation.topics[:MOST_TOPICS]:
        does = "ask" if topic.question else "say"
        sample = quoted(topic.sample, _LONGEST)
        lines.append({"who": "crowd", "viewers": topic.viewers, "does": does, "text": sample})
    if situation.mood is not None and situation.rate > 0:
        text = f"{situation.mood}, {situation.rate:.0f} messages a minute"
        lines.append({"who": "mood of chat", "text": text})
    return lines


def _scene(situation: Situation) -> list[dict[str, Any]]:
    if situation.discreet or not situation.scene or situation.scene_age_s > FRESH_SCENE_S:
        return []
    seen = quoted(situation.scene, _LONGEST)
    if not seen:
        return []
    return [{"who": "camera", "age": lasted(situation.scene_age_s), "text": seen}]


def _stream(situation: Situation) -> list[dict[str, Any]]:
    facts = []
    if situation.local is not None:
        facts.append(f"It is {situation.local:%A, %H:%M}.")
    if situation.live_s is not None:
        facts.append(f"The stream has been on for {lasted(situation.live_s)}.")
    if situation.title and not situation.discreet:
        facts.append(f"Its title: {quoted(situation.title, _LONGEST)}")
    if situation.game:
        facts.append(f"Its category: {quoted(situation.game, _LONGEST)}")
    return [{"who": "stream", "text": " ".join(facts)}] if facts else []


def _fact(key: str, value: ContextValue) -> str:
    number = isinstance(value.value, float)
    said = f"{value.value:g}" if number else quoted(str(value.value), _LONGEST)
    return f"{key.replace('_', ' ')}: {said} {quoted(value.unit, 16)}".rstrip()
