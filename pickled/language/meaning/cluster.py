"""Lines of one meaning: the line, what is worded alike, and the cluster of all wordings."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from pickled.language.meaning.line import Meaning
from pickled.language.meaning.vectors import Vector

MOST_IDS = 200
"""Newest lines of a cluster that can be asked for."""


@dataclass(slots=True, eq=False)
class Wording:
    """Lines of the window that share one key."""

    meaning: Meaning
    cluster: Cluster
    lines: int = 0
    vector: Vector = b""
    signs: int = 0
    linked: bool = False
    """Has it been compared with all others?"""
    links: dict[Wording, float] = field(default_factory=dict)
    """How sure it is that others mean the same, 0–1; those of which it is not sure are left out."""
    likely: dict[Wording, None] = field(default_factory=dict)
    """Those of them that are sure enough for two clusters to become one."""


@dataclass(slots=True, eq=False)
class Member:
    """One message of the window."""

    id: str
    user_id: str
    text: str
    at: float
    wording: Wording
    asks: bool
    first: bool = False


@dataclass(slots=True, eq=False)
class Cluster:
    """Lines of one meaning."""

    name: str
    founder: Meaning
    number: int
    lines: int = 0
    asking: int = 0
    viewers: Counter[str] = field(default_factory=Counter)
    newest: deque[Member] = field(default_factory=lambda: deque(maxlen=MOST_IDS))
    wordings: dict[str, Wording] = field(default_factory=dict)
    marks: dict[str, None] = field(default_factory=dict)
    """Of all that ever belonged to it: `red` and `blue` don't meet by way of `door`."""
    names: list[str] = field(default_factory=list)
    """Of clusters that merged into this one."""
    sample: Member | None = None
    """What was shown of it."""

    @property
    def question(self) -> bool:
        """Do at least half of its lines ask?"""
        return self.lines > 0 and 2 * self.asking >= self.lines and not self.founder.emote

    def take(self, line: Member) -> None:
        """One more."""
        self.lines += 1
        self.asking += line.asks
        self.viewers[line.user_id] += 1
        self.newest.append(line)

    def drop(self, line: Member) -> None:
        """One less; `newest` is left to the caller, who knows if it is the oldest."""
        self.lines -= 1
        self.asking -= line.asks
        if self.viewers[line.user_id] > 1:
            self.viewers[line.user_id] -= 1
        else:
            del self.viewers[line.user_id]

    def forget_words(self, present: Mapping[str, Member]) -> None:
        """Go by lines alone that are still there; there must be one."""
        if self.sample is not None and present.get(self.sample.id) is not self.sample:
            self.sample = None
        if self.founder.key not in self.wordings:
            self.founder = next(iter(self.wordings.values())).meaning
        self.marks = {mark: None for each in self.wordings.values() for mark in each.meaning.marks}

    def absorb(self, other: Cluster) -> None:
        """Take all of another one in."""
        for wording in other.wordings.values():
            wording.cluster = self
        self.wordings.update(other.wordings)
        lines = sorted((*self.newest, *other.newest), key=lambda line: line.at)
        self.newest.clear()
        self.newest.extend(lines)
        self.lines += other.lines
        self.asking += other.asking
        self.viewers.update(other.viewers)
        self.marks.update(other.marks)
        self.names += (other.name, *other.names)
