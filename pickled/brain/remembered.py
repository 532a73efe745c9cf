"""What of memory a prompt may show: who said it and what was said are judged apart."""

from __future__ import annotations

from dataclasses import dataclass

from pickled.language.quoting import LONGEST_NAME, quoted
from pickled.messages.memory import Fact, ViewerProfile

SOMEBODY = "somebody"
"""Who has a name that no prompt shows."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One thing that is remembered, in parts: joined, they are a form that others can imitate."""

    text: str
    """The words alone."""
    author: str = ""
    """Empty: it is nobody's, as a summary."""
    day: str = ""
    """`08 May 2023`; empty: no day is shown."""

    def shown(self) -> str:
        """As it may stand in a prompt; empty if nothing is left of the words."""
        text = quoted(self.text)
        if not text or not self.day:
            return text
        name = quoted(self.author, LONGEST_NAME) or SOMEBODY
        return f"{name} ({self.day}): {text}" if self.author else f"({self.day}) {text}"


def presentable(profile: ViewerProfile) -> ViewerProfile:
    """Who a viewer is, without the facts that give orders, and without a name that does."""
    name = quoted(profile.name, LONGEST_NAME) or SOMEBODY
    facts = (_presentable(fact, profile.name, name) for fact in profile.facts)
    kept = tuple(fact for fact in facts if fact is not None)
    return profile.model_copy(update={"name": name, "facts": kept})


def _presentable(fact: Fact, author: str, name: str) -> Fact | None:
    """The fact as told of that name; None if what it tells is an order."""
    told = fact.text.removeprefix(author)
    if not quoted(told):
        return None
    about = name if told != fact.text else ""
    return fact.model_copy(update={"text": about + told})
