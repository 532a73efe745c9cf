"""How long turns took, in two figures."""

from __future__ import annotations

import statistics

from hypothesis import given
from hypothesis import strategies as st

from pickled.orchestrator.turn.stages import KEPT, Latencies, Stages


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=KEPT))
def test_percentiles_are_those_of_the_statistics_module(totals: list[float]) -> None:
    """Of the last turns, between the two next to it."""
    latencies = Latencies()
    latencies.totals.extend(totals[:-1])
    times = Stages(arrived=0.0, decided=0.0, first_sound=totals[-1] / 1000).times()
    state = latencies.state("abcdefghijkl", times)
    kept = list(latencies.totals)
    if len(kept) == 1:
        assert state.p50 == state.p95 == kept[0]
        return
    cuts = statistics.quantiles(kept, n=100, method="inclusive")
    assert (state.p50, state.p95) == (round(cuts[49], 1), round(cuts[94], 1))
