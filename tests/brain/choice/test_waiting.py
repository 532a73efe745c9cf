"""The messages that wait, against a plain list."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pickled.brain.choice.score import Scored
from pickled.brain.choice.waiting import Pool, Waiting
from tests.brain.stage import chat

STEP = st.tuples(st.booleans(), st.integers(0, 50), st.integers(0, 3), st.sampled_from("abc"))


@given(steps=st.lists(STEP, max_size=60))
def test_pool_knows_what_a_list_knows(steps: list[tuple[bool, int, int, str]]) -> None:
    """Oldest, worst, of a meaning, of a viewer: as if all that wait were looked through."""
    pool = Pool()
    kept: list[tuple[float, Waiting]] = []
    for place, (comes, pick, rank, name) in enumerate(steps):
        if comes or not kept:
            each = Waiting(chat("x", id=f"m{place}", user=name), float(place), cluster=name)
            pool.add(each, Scored(float(rank), {}))
            kept.append((float(rank), each))
        else:
            gone = kept.pop(pick % len(kept))[1]
            assert pool.take(gone) is gone
        assert list(pool) == [each for _, each in kept]
        assert len(pool) == len(kept)
        if kept:
            assert pool.first is kept[0][1]
            rank_of_worst, worst = min(kept, key=lambda pair: pair[0])
            assert pool.worst is worst
            assert pool.worth(worst).score == rank_of_worst
            like = [each for _, each in kept if each.cluster == worst.cluster]
            assert pool.first_of(worst.cluster) is like[0]
            assert pool.of_viewer(worst.viewer) == like
    assert pool.take_if(lambda _: True) == [each for _, each in kept]
    assert not pool._clusters
    assert not pool._viewers
    assert not pool._ranks


def test_take_while_stops_at_the_first_that_stays() -> None:
    """The oldest ones are taken, and what is behind one that stays, stays."""
    pool = Pool()
    lines = [Waiting(chat("x", id=f"m{at}"), float(at)) for at in (0, 9, 1)]
    for each in lines:
        pool.add(each, Scored(0.0, {}))
    assert pool.take_while(lambda each: each.arrived < 5) == lines[:1]
    assert list(pool) == lines[1:]
    assert lines[1] in pool
    assert lines[0] not in pool
