"""Which rights a sign-in asks for, and what each is for: read from `scopes.txt`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pickled.services.twitch.tokens import Role
from pickled.text_files import read_text


@dataclass(frozen=True)
class Right:
    """One right."""

    name: str
    why: str
    needed: bool
    """Chat can't be read without it."""


@cache
def scopes_of(role: Role) -> tuple[Right, ...]:
    """What that account is asked for."""
    found: list[Right] = []
    head = ""
    for line in read_text(Path(__file__).with_suffix(".txt")).splitlines():
        if line.startswith("["):
            head = line.strip("[]")
        elif line and not line.startswith("#") and head == role:
            name, _, why = (each.strip() for each in line.partition("|"))
            found.append(Right(name.removesuffix("*").strip(), why, name.endswith("*")))
    return tuple(found)


def missing_of(role: Role, granted: tuple[str, ...]) -> tuple[Right, ...]:
    """Those that a sign-in lacks; whoever may manage something may read it."""
    has = {*granted, *(each.replace(":manage:", ":read:") for each in granted)}
    return tuple(each for each in scopes_of(role) if each.name not in has)
