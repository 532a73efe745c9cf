"""A rule by which a fact is read from a clause: a pattern, and how it is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pickled.language.facts.words import any_of
from pickled.patterns import pattern

Told = tuple[str, str] | None
"""Subject and predicate; None: it was no fact after all."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of sentence is read."""

    kind: Literal["taste", "identity", "has", "state", "plan", "activity"]
    pattern: re.Pattern[str]
    """Matched from the start of a clause without its time."""
    tell: Callable[[Mapping[str, str]], Told]
    confidence: float
    plan: bool = False
    """The time belongs to what is told."""
    needs_time: bool = False
    of_people: bool = True
    """Then nothing of health is kept."""
    more: bool = False
    """The clause is read on by the next rules."""


# Wordings that many rules share, as `clause` takes them.
I_AM = r"(?:i'm|im|i\ am)(?:\ (?:just|also|actually|still|currently|really|now))?"
I_DO = r"i(?:\ (?:really|absolutely|just|also|actually|still|totally|always|usually|do|currently))*"
OBJECT = r"(?P<thing>\S+(?:\ \S+){0,6})"


def clause(text: str) -> re.Pattern[str]:
    """A pattern for the whole of a clause; spaces in it are written `\\ `.

    `{pets}` stands for any of the words under that head of `words.txt`.
    """
    return pattern(lambda: rf"(?:{_filled(text)})$", re.IGNORECASE | re.VERBOSE)


def _filled(text: str) -> str:
    return _HEAD.sub(lambda head: any_of(head[1]), text)


_HEAD = pattern(r"\{([a-z]+)\}")


def plain_article(text: str) -> str:
    """In one spelling and without its article, as subjects are compared."""
    return re.sub(r"^(?:a|an|the|some|their)\s+", "", text.casefold())


def named(place: str) -> str:
    """A place in the capitals that names have."""
    small = ("of", "and", "the", "upon")
    words = (
        word if word in small or word[:1].isupper() else word.title() for word in place.split()
    )
    return " ".join(words)
