"""What the benchmarks found is what the README shows."""

from __future__ import annotations

import pytest

from tests.bench import figures
from tests.bench.figures import Figure, Result

RESULT = Result(
    name="one",
    about="how",
    date="2026-01-01",
    machine="a machine",
    load=0.5,
    how="bench",
    figures=(
        Figure(what="late", value=50.04, unit="ms", at_most=40, note="why"),
        Figure(what="sooner", value=6.25, unit="×", at_least=5),
        Figure(what="absent", value=None, unit="ms", at_most=1, note="not installed"),
    ),
)


def test_readme_shows_what_was_measured() -> None:
    """The table in the README is the one that `results.json` gives, budgets missed included."""
    text = figures.README.read_text(encoding="utf-8")
    assert figures.readme(text, figures.load()) == text


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


def test_table_names_misses_and_what_was_not_measured() -> None:
    """A reader sees what is too slow, and why something has no figure."""
    table = figures.markdown([RESULT])
    assert "| late | 50.0 ms **missed** | ≤ 40 ms |" in table
    assert "| sooner | 6.2 × | ≥ 5 × |" in table
    assert "| absent | not measured | ≤ 1 ms |" in table
    assert "absent: not installed" in table


def test_readme_keeps_what_is_around_the_table() -> None:
    """Only what is between the marks is written."""
    text = f"before\n{figures.BEGIN}\nold\n{figures.END}\nafter\n"
    written = figures.readme(text, [RESULT])
    assert written.startswith(f"before\n{figures.BEGIN}\n| what")
    assert written.endswith(f"\n{figures.END}\nafter\n")
    assert "old" not in written


@pytest.mark.parametrize(
    ("values", "percent", "expected"), [([7.0], 95, 7.0), ([1.0, 2.0, 3.0], 50, 2.0)]
)
def test_percentile_of_few_values(values: list[float], percent: int, expected: float) -> None:
    """One value is every percentile; the 50th is the median."""
    assert figures.percentile(values, percent) == expected
