"""Reads an event's fields: what may be missing is nothing, what is something else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

Event = Mapping[str, Any]

LONGEST_TEXT = 2000
"""Characters; Twitch allows 500 in a line of chat."""
_LONGEST_NAME = 100
_LARGEST = 1e12


def text(event: Event, name: str, longest: int = LONGEST_TEXT) -> str:
    """A text; "" where there is none. Raises TypeError for anything else."""
    value = event.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(name)
    return value[:longest]


def needed(event: Event, name: str) -> str:
    """A text that has to be there: raises KeyError where it is not."""
    if not (value := text(event, name, _LONGEST_NAME)):
        raise KeyError(name)
    return value


def number(event: Event, name: str) -> float | None:
    """A number from 0 on; None where there is none."""
    value = event.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if isfinite(value) and 0 <= value <= _LARGEST else None


def whole(event: Event, name: str) -> int:
    """A whole number from 0 on; 0 where there is none."""
    return int(number(event, name) or 0)


def inner(event: Event, name: str) -> Event:
    """What stands below; nothing where nothing does. Raises TypeError for anything else."""
    value = event.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(name)
    return value


def several(event: Event, name: str, most: int) -> list[Event]:
    """A list of objects, the first ones of it."""
    value = event.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value[:most]):
        raise TypeError(name)
    return value[:most]


def somebody(event: Event, prefix: str) -> dict[str, str]:
    """Who it was, for a message of ours; nobody if it was anonymous."""
    user_id = text(event, f"{prefix}_id", _LONGEST_NAME)
    login = text(event, f"{prefix}_login", _LONGEST_NAME)
    name = text(event, f"{prefix}_name", _LONGEST_NAME).strip()
    if not user_id or login.lower() in ANONYMOUS:
        return {}
    return {"user": name or login, "user_id": user_id, "login": login}


ANONYMOUS = frozenset({"ananonymousgifter", "ananonymouscheerer"})
"""Accounts that stand for who does not want to be named."""
