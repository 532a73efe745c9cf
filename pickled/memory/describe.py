"""Tells in a line who a viewer is: how often they came, when last, and what they told."""

from __future__ import annotations

from datetime import datetime, timedelta

from pickled.messages.memory import Fact, ViewerProfile
from pickled.patterns import pattern

LONGEST = 400
"""Characters."""

TOLD = 3
"""Facts in a line."""

THIS_VISIT = timedelta(hours=4)
"""Who was seen within it has not been away."""

_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_PAST = {
    "is": "was", "are": "were", "starts": "started", "begins": "began", "ends": "ended",
    "needs": "needed", "has been": "had been",
}  # fmt: skip
_PRESENT = pattern(rf"\b(?:{'|'.join(sorted(_PAST, key=len, reverse=True))})\b")


def describe(profile: ViewerProfile, *, now: datetime) -> str:
    """A line for a prompt, of at most `LONGEST` characters.

    `ana has been here eleven times, the time before was last week; last week their dog was ill`
    """
    line = f"{profile.name} {_visits(profile, now)}"[:LONGEST]
    for fact in profile.facts[:TOLD]:
        longer = f"{line}; {_told(fact, profile.name, now)}"
        if len(longer) <= LONGEST:
            line = longer
    return line


def ago(then: datetime, *, now: datetime) -> str:
    """`today`, `yesterday`, `last week`, `three months ago`."""
    days = (now.date() - then.date()).days
    if days < 2:
        return "yesterday" if days == 1 else "today"
    if days < 7:
        return f"{_number(days)} days ago"
    for length, name in ((365, "year"), (30, "month"), (7, "week")):
        count = days // length
        if count == 1:
            return f"last {name}"
        if count > 1:
            return f"{_number(count)} {name}s ago"
    raise AssertionError("a week is always found")


def _visits(profile: ViewerProfile, now: datetime) -> str:
    here = now - profile.last_seen < THIS_VISIT
    last = profile.last_visit if here else profile.last_seen
    if profile.streams <= 1:
        if here:
            return "is here for the first time"
        return f"has been here once, {ago(profile.last_seen, now=now)}"
    often = f"has been here {_number(profile.streams)} times"
    return f"{often}, the time before was {ago(last, now=now)}" if last else often


def _told(fact: Fact, name: str, now: datetime) -> str:
    text = fact.text
    if text.startswith(f"{name}'s "):
        text = f"their {text[len(name) + 3 :]}"
    match fact.kind:
        case "state":
            when = ago(fact.at, now=now)
            return f"{when} {text}" if when == "today" else f"{when} {_past(text, name)}"
        case "plan" if fact.until is not None and fact.until < now:
            return _past(text, name)
        case _:
            return text


def _past(text: str, name: str) -> str:
    start = len(name) if text.startswith(name) else 0
    return text[:start] + _PRESENT.sub(lambda found: _PAST[found[0]], text[start:], count=1)


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
