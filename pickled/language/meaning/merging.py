"""Lets clusters of one meaning find each other: the two surest become one, and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pickled.language.meaning.cluster import Cluster, Wording
from pickled.language.meaning.sameness import apart

SURE = 0.15
"""Mean sureness over all pairs of wordings from which on two clusters have one meaning."""

SURE_ALONE = 0.3
"""The same for two of one wording each."""


def link(one: Wording, other: Wording, sure: float) -> None:
    """Know how sure it is that they mean the same."""
    one.links[other] = other.links[one] = sure
    if sure >= SURE:
        one.likely[other] = other.likely[one] = None
    else:
        one.likely.pop(other, None)
        other.likely.pop(one, None)


def unlink(one: Wording, other: Wording) -> None:
    """They don't mean the same, or one of them goes."""
    for mine, theirs in ((one, other), (other, one)):
        mine.links.pop(theirs, None)
        mine.likely.pop(theirs, None)


def merge(
    changed: Iterable[Cluster],
    *,
    present: Mapping[str, Cluster],
    absorb: Callable[[Cluster, Cluster], None],
) -> None:
    """Call `absorb` with two, the one that stays last, as long as two are sure enough.

    `present` holds all clusters by name; `absorb` takes the one out that goes.
    """
    near = {each.name: found for each in changed if (found := nearest(each))}
    while near:
        name = max(near, key=lambda each: (near[each][0], -present[each].number))
        mine, (_, other) = present[name], near.pop(name)
        if other.name in present:
            goes, stays = sorted((mine, other), key=lambda each: (each.lines, -each.number))
            absorb(goes, stays)
            near.pop(goes.name, None)
            near.pop(stays.name, None)
            mine = stays
        if found := nearest(mine):
            near[mine.name] = found


def nearest(cluster: Cluster) -> tuple[float, Cluster] | None:
    """How sure it is, and of which cluster that it means the same, if it is sure enough."""
    best: tuple[float, int, Cluster] | None = None
    for other, sure in _neighbours(cluster).items():
        if sure < SURE or (best and (sure, -other.number) <= best[:2]):
            continue
        if apart(other.marks, cluster.marks):
            continue
        if sure >= SURE_ALONE or len(cluster.wordings) + len(other.wordings) > 2:
            best = sure, -other.number, other
    return (best[0], best[2]) if best else None


def _neighbours(cluster: Cluster) -> Mapping[Cluster, float]:
    """Clusters that may mean the same, and how sure that is in the mean over all wordings.

    Where no two wordings are sure enough, their mean is not either: most lines are done with that.
    """
    sums: dict[Cluster, float] = {}
    for wording in cluster.wordings.values():
        if wording.likely:
            sums.update((other.cluster, 0.0) for other in wording.likely)
    sums.pop(cluster, None)
    if not sums:
        return sums
    for wording in cluster.wordings.values():
        for other, sure in wording.links.items():
            if other.cluster in sums:
                sums[other.cluster] += sure
    mine = len(cluster.wordings)
    return {other: total / (mine * len(other.wordings)) for other, total in sums.items()}
