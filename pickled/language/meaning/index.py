"""Finds wordings by their terms and vectors, and links those that mean the same."""

from __future__ import annotations

from itertools import islice

from pickled.language.meaning.cluster import Cluster, Wording
from pickled.language.meaning.line import Meaning
from pickled.language.meaning.merging import link, unlink
from pickled.language.meaning.sameness import (
    apart,
    contradict,
    likeness,
    most_alike,
    sameness,
    substitutes,
)
from pickled.language.meaning.vectors import MOST_BITS, Vector, cosine, signs

ALIKE = 0.62
"""From this likeness on a line joins a cluster at once."""

SURELY_ALIKE = 0.85
"""The same if they say one thing of two: `is it raining`, `is it snowing`."""

LEAST_ALIKE = 0.3
"""Less likeness by words makes no link."""

LEAST_SURE = 0.01
"""A weaker link is not kept."""

MOST_COMPARED = 48
"""Wordings that a new line is compared with."""


class Index:
    """Looks at the rarest terms first, and never at more than a few wordings."""

    def __init__(self) -> None:
        self.wordings: dict[str, Wording] = {}
        self.new: dict[str, Wording] = {}
        """Not yet linked."""
        self._by_term: dict[str, dict[str, Wording]] = {}
        self._with_vector: dict[str, Wording] = {}

    def add(self, wording: Wording) -> None:
        """Make it known."""
        key = wording.meaning.key
        self.wordings[key] = self.new[key] = wording
        wording.cluster.wordings[key] = wording
        wording.cluster.marks.update(dict.fromkeys(wording.meaning.marks))
        for term in wording.meaning.terms:
            self._by_term.setdefault(term, {})[key] = wording

    def remove(self, wording: Wording) -> None:
        """Forget it."""
        key = wording.meaning.key
        for known in (self.wordings, self.new, self._with_vector, wording.cluster.wordings):
            known.pop(key, None)
        for term in wording.meaning.terms:
            if with_term := self._by_term.get(term):
                with_term.pop(key, None)
                if not with_term:
                    del self._by_term[term]
        for other in tuple(wording.links):
            unlink(wording, other)

    def nearest(self, meaning: Meaning) -> Cluster | None:
        """The cluster that a new wording surely belongs to."""
        best, most = None, (0.0, 0, 0)
        for wording in self._candidates(meaning, ALIKE):
            if most_alike(meaning, wording.meaning) < ALIKE:
                continue  # as nearly all are
            alike, cluster = likeness(meaning, wording.meaning), wording.cluster
            rank = (alike, len(cluster.viewers), -cluster.number)
            if alike < ALIKE or rank <= most or _apart(meaning, cluster):
                continue
            if alike >= SURELY_ALIKE or not substitutes(meaning, wording.meaning):
                best, most = cluster, rank
        return best

    def link(self, wording: Wording) -> None:
        """Compare it with those that share a term."""
        self.new.pop(wording.meaning.key, None)
        for other in self._candidates(wording.meaning, LEAST_ALIKE):
            if other is not wording and other not in wording.links:
                _join(wording, other)

    def place(self, wording: Wording, vector: Vector) -> None:
        """Compare it with those whose vectors are near."""
        wording.vector, wording.signs = vector, signs(vector)
        limit = int(MOST_BITS * len(vector))
        for other in self._with_vector.values():
            if len(other.vector) != len(vector):
                continue
            if (other.signs ^ wording.signs).bit_count() <= limit or other in wording.links:
                _join(wording, other)
        self._with_vector[wording.meaning.key] = wording

    def _candidates(self, meaning: Meaning, least: float) -> list[Wording]:
        """What may be so alike; what shares a rare term comes first."""
        total = left = meaning.heaviness
        by_term, seen = self._by_term, dict[str, Wording]()
        telling = [(len(by_term.get(each, ())), each) for each in meaning.terms]
        for count, term in sorted(telling):
            if left < least / (2 - least) * total:
                break  # what shares only the rest can't be alike
            left -= meaning.weights[term]
            if count:
                seen.update(islice(by_term[term].items(), MOST_COMPARED + len(seen)))
                if len(seen) >= MOST_COMPARED:
                    break
        return [
            each
            for each in islice(seen.values(), MOST_COMPARED)
            if 2 * min(total, heavy := each.meaning.heaviness) >= least * (total + heavy)
        ]


def _apart(meaning: Meaning, cluster: Cluster) -> bool:
    return apart(meaning.marks, cluster.marks) or contradict(meaning, cluster.founder)


def _join(one: Wording, other: Wording) -> None:
    comparable = one.vector and len(one.vector) == len(other.vector)
    near = cosine(one.vector, other.vector) if comparable else None
    sure = sameness(one.meaning, other.meaning, near=near)
    if sure >= LEAST_SURE:
        link(one, other, sure)
    elif other in one.links:
        unlink(one, other)
