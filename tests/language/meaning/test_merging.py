"""Clusters find each other by what is sure, and nothing is overlooked for going fast."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pickled.language.meaning.cluster import Cluster, Wording
from pickled.language.meaning.index import LEAST_ALIKE, MOST_COMPARED, Index
from pickled.language.meaning.line import Meaning, meaning
from pickled.language.meaning.merging import SURE, SURE_ALONE, link, merge, nearest, unlink
from tests.brain.planted import corpus

SAID = [text for each in corpus("dev").clusters.values() for text in each]


def cluster(number: int, *texts: str) -> Cluster:
    """One of lines with these texts."""
    made = Cluster(f"c{number}", meaning(texts[0]), number)
    for text in texts:
        said = meaning(text)
        made.wordings[said.key] = Wording(said, made)
    return made


def wordings(*clusters: Cluster) -> list[Wording]:
    """All of them."""
    return [wording for each in clusters for wording in each.wordings.values()]


def nearest_of_all(mine: Cluster, others: list[Cluster]) -> tuple[float, int] | None:
    """The same by looking at each pair of wordings."""
    means = []
    for other in others:
        pairs = [(a, b) for a in wordings(mine) for b in wordings(other)]
        mean = sum(a.links.get(b, 0.0) for a, b in pairs) / len(pairs)
        alone = len(mine.wordings) + len(other.wordings) == 2
        if mean >= (SURE_ALONE if alone else SURE) - 1e-12:
            means.append((mean, -other.number))
    return max(means, default=None)


@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=5),
    st.dictionaries(
        st.tuples(st.integers(0, 14), st.integers(0, 14)), st.floats(0.01, 1), max_size=30
    ),
)
def test_nearest_is_the_surest_of_all(
    sizes: list[int], links: dict[tuple[int, int], float]
) -> None:
    """What it leaves out, for want of one sure link, could not have been sure enough."""
    clusters = [
        cluster(at, *(f"word{at}x{each} thing{at}y{each}" for each in range(size)))
        for at, size in enumerate(sizes)
    ]
    every = wordings(*clusters)
    for (one, other), sure in links.items():
        if one < other < len(every):
            link(every[one], every[other], sure)
    mine, *others = clusters
    found, wanted = nearest(mine), nearest_of_all(mine, others)
    assert (found is None) == (wanted is None)
    if found and wanted:
        assert abs(found[0] - wanted[0]) < 1e-9


def test_unlink_forgets_what_was_sure() -> None:
    """And a link that is less sure than before is no longer likely."""
    one, other = wordings(cluster(1, "the red door"), cluster(2, "the blue boat"))
    link(one, other, 0.9)
    link(other, one, 0.02)
    assert one.links == {other: 0.02}
    assert not one.likely
    unlink(one, other)
    assert not one.links
    assert not other.links


def test_merge_goes_on_until_nobody_is_near() -> None:
    """Three of one meaning become the largest; one that is far stays."""
    one, two, three, far = (cluster(at, f"word{at} thing{at}") for at in range(4))
    two.lines = 5
    for a, b in ((one, two), (two, three), (one, three)):
        link(wordings(a)[0], wordings(b)[0], 0.9)
    present = {each.name: each for each in (one, two, three, far)}

    def absorb(goes: Cluster, stays: Cluster) -> None:
        stays.absorb(goes)
        del present[goes.name]

    merge(list(present.values()), present=present, absorb=absorb)
    assert present == {two.name: two, far.name: far}
    assert len(two.wordings) == 3


@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=90), st.sampled_from(SAID))
def test_candidates_are_those_that_share_a_rare_term(texts: list[str], text: str) -> None:
    """The same as one by one: rarest terms first, and never more than a few."""
    index, said = Index(), meaning(text)
    for number, each in enumerate(texts):
        if meaning(each).key not in index.wordings:
            index.add(Wording(meaning(each), cluster(number, each)))
    assert index._candidates(said, LEAST_ALIKE) == one_by_one(index, said)


def one_by_one(index: Index, said: Meaning) -> list[Wording]:
    """Those that may be alike, as it would be written without thinking of time."""
    found, left = list[Wording](), said.heaviness
    for _, term in sorted((len(index._by_term.get(each, ())), each) for each in said.terms):
        if left < LEAST_ALIKE / (2 - LEAST_ALIKE) * said.heaviness:
            break
        left -= said.weights[term]
        found += [each for each in index._by_term.get(term, {}).values() if each not in found]
    return [each for each in found[:MOST_COMPARED] if _may_be_alike(said, each.meaning)]


def _may_be_alike(one: Meaning, other: Meaning) -> bool:
    return 2 * min(one.heaviness, other.heaviness) >= LEAST_ALIKE * (
        one.heaviness + other.heaviness
    )
