"""Lets clusters of one meaning find each other once a second, in steps that hold nobody up."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from math import inf

from pickled.language.meaning.cluster import Cluster, Wording
from pickled.language.meaning.index import Index
from pickled.language.meaning.merging import merge, nearest

EVERY_S = 1.0
"""So often they are looked for."""

MOST_SETTLED = 80
"""New wordings that are compared with all others each time; those that most viewers say first."""

STEP_S = 0.02
"""What is too much for one step goes on so much later: the next lines are taken meanwhile."""

MOST_LINKED, MOST_LOOKED_AT = 20, 256
"""Wordings that are linked in a step, and clusters that are looked at: together 6 ms."""


class Settling:
    """Where it has got to; told the moment, as it knows no clock, and the same for the same."""

    def __init__(self) -> None:
        self._began = self._stepped = -inf
        self._unlinked: deque[Wording] = deque()
        self._unseen: deque[Cluster] = deque()
        self._found: list[Cluster] = []
        """Those that have another one near."""
        self._busy = False

    def forget(self, index: Index) -> None:
        """Hold nothing of what was being looked at; what was not compared yet is new again."""
        for wording in self._unlinked:
            if index.wordings.get(wording.meaning.key) is wording:
                index.new[wording.meaning.key] = wording
        self._unlinked.clear()
        self._unseen.clear()
        self._found.clear()
        self._busy = False

    def step(
        self,
        now: float,
        *,
        index: Index,
        present: Mapping[str, Cluster],
        absorb: Callable[[Cluster, Cluster], None],
    ) -> None:
        """Do what is due, and no more; `present` and `absorb` are those of `merging.merge`."""
        if self._busy:
            if now < self._stepped + STEP_S:
                return
        elif now < self._began + EVERY_S:
            return
        else:
            self._began = now
            self._begin(index, present.values())
        self._stepped = now
        if self._link(index) and self._look(present):
            found, self._found = self._found, []
            self._busy = False
            merge((each for each in found if each.name in present), present=present, absorb=absorb)

    def _begin(self, index: Index, clusters: Iterable[Cluster]) -> None:
        new = sorted(index.new.values(), key=lambda each: -each.lines)[:MOST_SETTLED]
        index.new.clear()
        self._unlinked.extend(new)
        self._unseen.extend(clusters)
        self._busy = True

    def _link(self, index: Index) -> bool:
        """Compare some new wordings with all others; are all compared?"""
        for _ in range(min(MOST_LINKED, len(self._unlinked))):
            wording = self._unlinked.popleft()
            if index.wordings.get(wording.meaning.key) is wording:
                index.link(wording)
        return not self._unlinked

    def _look(self, present: Mapping[str, Cluster]) -> bool:
        """Look around some clusters; were all looked at?"""
        for _ in range(min(MOST_LOOKED_AT, len(self._unseen))):
            cluster = self._unseen.popleft()
            if present.get(cluster.name) is cluster and nearest(cluster):
                self._found.append(cluster)
        return not self._unseen
