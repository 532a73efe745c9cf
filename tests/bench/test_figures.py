"""What the benchmarks found is kept with date and machine, and known to be within its budget."""

from __future__ import annotations

import pytest

from tests.bench import figures
from tests.bench.made_up import RESULT


def test_results_name_every_benchmark_with_date_and_machine() -> None:
    """Nothing in `results.json` is without them, and none of it is from a quick run."""
    results = figures.load()
    assert results
    assert all(each.date and each.machine and each.figures for each in results)
    assert {each.how for each in results} <= {"bench", "prove"}


@pytest.mark.parametrize(("number", "met"), [(0, False), (1, True), (2, None)])
def test_figure_knows_whether_its_budget_is_met(number: int, met: bool | None) -> None:
    """Above the most and below the least is a miss; what was not measured is neither."""
    assert RESULT.figures[number].met is met


@pytest.mark.parametrize(
    ("values", "percent", "expected"), [([7.0], 95, 7.0), ([1.0, 2.0, 3.0], 50, 2.0)]
)
def test_percentile_of_few_values(values: list[float], percent: int, expected: float) -> None:
    """One value is every percentile; the 50th is the median."""
    assert figures.percentile(values, percent) == expected
