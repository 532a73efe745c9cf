"""Turns "on Friday" or "next month" into days, counted from when it was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NUMBERS = {
    name: value
    for value, name in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1
    )
} | {"a": 1, "an": 1, "a couple of": 2}

_DAY = "|".join(_DAYS)
_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS if name != "may") + "|may"
_COUNT = r"\d{1,2}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
WHEN = rf"""(?:
    today|tonight|tomorrow|tmrw|tmr|this\ (?:morning|afternoon|evening|weekend|week|month|year)
  | (?:on\ |next\ |this\ |this\ coming\ )?(?:{_DAY})(?:\ (?:morning|afternoon|evening|night))?
  | (?:the\ )?(?:next\ (?:week|weekend|month|year))
  | in\ (?:{_COUNT})\ (?:day|week|month)s?
  | (?:on\ )?(?:the\ )?\d{{1,2}}(?:st|nd|rd|th)?\ (?:of\ )?(?:{_MONTH})\b
  | (?:on\ )?(?:{_MONTH})\ \d{{1,2}}(?:st|nd|rd|th)?\b
  | in\ (?:{_MONTH})\b
)"""
"""A pattern (verbose, any case) of the moments that `resolve` understands."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a week or a month, as it is told later."""

    text: str
    """`on Friday 8 May 2026`, `in the week of 11 May 2026`, `in June 2026`"""
    until: datetime
    """When it is over."""


def resolve(words: str, *, said: datetime) -> Moment | None:
    """What was meant, if it was understood."""
    text = re.sub(r"\s+", " ", words.strip().lower())
    text = re.sub(r"\s(?:morning|afternoon|evening|night)$", "", text)
    return _near(text, said) or _weekday(text, said) or _counted(text, said) or _dated(text, said)


def _near(text: str, said: datetime) -> Moment | None:
    monday = said - timedelta(days=said.weekday())
    match text:
        case "today" | "tonight" | "this":
            return _day(said)
        case "tomorrow" | "tmrw" | "tmr":
            return _day(said + timedelta(days=1))
        case "this week":
            return _week(monday)
        case "next week" | "the next week":
            return _week(monday + timedelta(weeks=1))
        case "this weekend":
            return _weekend(monday)
        case "next weekend" | "the next weekend":
            return _weekend(monday + timedelta(weeks=1))
        case "this month":
            return _month(said.year, said.month, said)
        case "next month" | "the next month":
            year, month = divmod(said.year * 12 + said.month, 12)
            return _month(year, month + 1, said)
        case "this year":
            return _year(said.year, said)
        case "next year" | "the next year":
            return _year(said.year + 1, said)
        case _:
            return None


def _weekday(text: str, said: datetime) -> Moment | None:
    day = text.split()[-1] if text else ""
    if day not in _DAYS:
        return None
    ahead = (_DAYS.index(day) - said.weekday()) % 7
    if text.startswith("next ") and ahead + said.weekday() <= 6:
        ahead += 7  # "next Friday", said on a Tuesday, is mostly not this one
    return _day(said + timedelta(days=ahead))


def _counted(text: str, said: datetime) -> Moment | None:
    found = re.fullmatch(rf"in ({_COUNT}) (day|week|month)s?", text)
    if not found:
        return None
    number = _NUMBERS.get(found[1]) or int(found[1])
    if found[2] == "day":
        return _day(said + timedelta(days=number))
    if found[2] == "week":
        later = said + timedelta(weeks=number)
        return _week(later - timedelta(days=later.weekday()))
    year, month = divmod(said.year * 12 + said.month - 1 + number, 12)
    return _month(year, month + 1, said)


def _dated(text: str, said: datetime) -> Moment | None:
    month = re.search(rf"\b({_MONTH})\b", text)
    if not month:
        return None
    number = 1 + [name[:3] for name in _MONTHS].index(month[1][:3])
    day = re.search(r"\d{1,2}", text)
    year = said.year + (number < said.month)
    if not day:
        return _month(year, number, said)
    try:
        exact = said.replace(year=year, month=number, day=int(day[0]))
    except ValueError:
        return None
    return _day(exact if exact.date() >= said.date() else exact.replace(year=year + 1))


def _day(day: datetime) -> Moment:
    return Moment(f"on {day:%A} {_date(day)}", _end(day))


def _week(monday: datetime) -> Moment:
    return Moment(f"in the week of {_date(monday)}", _end(monday + timedelta(days=6)))


def _weekend(monday: datetime) -> Moment:
    saturday = monday + timedelta(days=5)
    return Moment(f"on the weekend of {_date(saturday)}", _end(saturday + timedelta(days=1)))


def _month(year: int, month: int, said: datetime) -> Moment:
    after = said.replace(year=year + month // 12, month=month % 12 + 1, day=1)
    return Moment(f"in {_MONTHS[month - 1].capitalize()} {year}", _end(after - timedelta(days=1)))


def _year(year: int, said: datetime) -> Moment:
    return Moment(f"in {year}", _end(said.replace(year=year, month=12, day=31)))


def _date(day: datetime) -> str:
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def _end(day: datetime) -> datetime:
    return datetime.combine(day.date(), time.max, tzinfo=day.tzinfo)
