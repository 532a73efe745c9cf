"""Lines of one meaning as a cluster, and the index that finds the cluster for a new line."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from math import sqrt
from operator import mul
from types import MappingProxyType

from pickled.brain.meaning.line import Meaning, heaviness, likeness, weight

Vector = bytes
"""One signed byte per dimension: a vector of length 1, times 127."""

ALIKE = 0.62
"""From this likeness on a line joins a cluster."""

AKIN = 0.4
"""So alike it must be to the founder, too, so that a cluster doesn't wander off."""

MOST_COMPARED = 48
"""Wordings that a new line is compared with."""

MOST_IDS = 200
"""Newest lines of a cluster that can be asked for."""

MOST_VECTORS = 6
"""Vectors of a cluster that others are compared with; further ones are not kept."""

_NONE: Mapping[str, Wording] = MappingProxyType({})


@dataclass(slots=True, eq=False)
class Wording:
    """Lines of the window that share one key."""

    meaning: Meaning
    cluster: Cluster
    heaviness: float
    lines: int = 0


@dataclass(slots=True, eq=False)
class Line:
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
    heard: float = 0.0
    viewers: Counter[str] = field(default_factory=Counter)
    """Lines of the window by viewer."""
    newest: deque[Line] = field(default_factory=lambda: deque(maxlen=MOST_IDS))
    wordings: dict[str, Wording] = field(default_factory=dict)
    founders: list[Meaning] = field(default_factory=list)
    """Of clusters that merged into this one by their vectors; at most `MOST_VECTORS`."""
    vectors: list[Vector] = field(default_factory=list)
    signs: list[int] = field(default_factory=list)
    marks: dict[str, None] = field(default_factory=dict)
    """Of all that ever belonged to it: `red` and `blue` don't meet by way of `door`."""
    names: list[str] = field(default_factory=list)
    """Of clusters that merged into this one."""

    @property
    def question(self) -> bool:
        """Do at least half of its lines ask?"""
        return self.lines > 0 and 2 * self.asking >= self.lines and not self.founder.emote

    def take(self, line: Line) -> None:
        """One more."""
        self.lines += 1
        self.asking += line.asks
        self.heard = line.at
        self.viewers[line.user_id] += 1
        self.newest.append(line)

    def drop(self, line: Line) -> None:
        """One less; `newest` is left to the caller, who knows if it is the oldest."""
        self.lines -= 1
        self.asking -= line.asks
        if self.viewers[line.user_id] > 1:
            self.viewers[line.user_id] -= 1
        else:
            del self.viewers[line.user_id]

    def keep(self, vector: Vector) -> None:
        """Remember a vector, if there is room."""
        if len(self.vectors) < MOST_VECTORS:
            self.vectors.append(vector)
            self.signs.append(signs(vector))


class Index:
    """Finds wordings by their terms: looks at the rarest first, and never at more than a few."""

    def __init__(self) -> None:
        self.wordings: dict[str, Wording] = {}
        self._by_term: dict[str, dict[str, Wording]] = {}

    def add(self, wording: Wording) -> None:
        """Make it known."""
        self.wordings[wording.meaning.key] = wording
        wording.cluster.wordings[wording.meaning.key] = wording
        wording.cluster.marks.update(dict.fromkeys(wording.meaning.marks))
        for term in wording.meaning.terms:
            self._by_term.setdefault(term, {})[wording.meaning.key] = wording

    def remove(self, wording: Wording) -> None:
        """Forget it."""
        key = wording.meaning.key
        self.wordings.pop(key, None)
        wording.cluster.wordings.pop(key, None)
        for term in wording.meaning.terms:
            if known := self._by_term.get(term):
                known.pop(key, None)
                if not known:
                    del self._by_term[term]

    def nearest(self, meaning: Meaning) -> list[Cluster]:
        """The clusters that a new wording belongs to, the nearest first."""
        found: dict[str, tuple[float, int, int, Cluster]] = {}
        for wording in self._candidates(meaning):
            alike, cluster = likeness(meaning, wording.meaning), wording.cluster
            if alike >= ALIKE and akin(meaning, cluster):
                known = found.get(cluster.name)
                if known is None or alike > known[0]:
                    rank = (alike, len(cluster.viewers), -cluster.number)
                    found[cluster.name] = (*rank, cluster)
        best = sorted(found.values(), key=lambda each: each[:3], reverse=True)
        return [each[3] for each in best]

    def _candidates(self, meaning: Meaning) -> Iterator[Wording]:
        total = left = heaviness(meaning.terms)
        by_term, seen = self._by_term, set[str]()
        telling = [(len(by_term.get(each, ())), each) for each in meaning.terms]
        for _, term in sorted(telling):
            if left < ALIKE / (2 - ALIKE) * total:
                return  # what shares only the rest can't be alike
            left -= weight(term)
            for key, wording in by_term.get(term, _NONE).items():
                if key in seen:
                    continue
                if len(seen) >= MOST_COMPARED:
                    return
                seen.add(key)
                if 2 * min(total, wording.heaviness) >= ALIKE * (total + wording.heaviness):
                    yield wording


def akin(meaning: Meaning, cluster: Cluster) -> bool:
    """May it belong there, by what those said that founded it?"""
    if apart(meaning.marks, cluster.marks):
        return False
    return any(likeness(meaning, each) >= AKIN for each in (cluster.founder, *cluster.founders))


def apart(marks: Collection[str], others: Collection[str]) -> bool:
    """Does each side have a mark that the other one lacks?"""
    if not (marks and others):
        return False
    return any(each not in others for each in marks) and any(each not in marks for each in others)


def cosine(one: Vector, other: Vector) -> float:
    """How near two vectors are, −1…1; 0 if one has no direction."""
    mine, theirs = memoryview(one).cast("b"), memoryview(other).cast("b")
    lengths = sum(map(mul, mine, mine)) * sum(map(mul, theirs, theirs))
    product: int = sum(map(mul, mine, theirs))
    return product / sqrt(lengths) if lengths else 0.0


def signs(vector: Vector) -> int:
    """One bit per dimension: is it positive? Counts of common bits estimate the cosine quickly."""
    return int("".join("0" if each > 127 else "1" for each in vector) or "0", 2)
