"""What the benchmarks found is what page, picture and README show."""

from __future__ import annotations

from tests.bench import figures, page
from tests.bench.made_up import RESULT


def test_page_shows_what_was_measured() -> None:
    """It is the one that `results.json` gives, budgets missed included."""
    assert page.page(figures.load()) == page.PAGE.read_text(encoding="utf-8")


def test_page_names_misses_and_what_was_not_measured() -> None:
    """A reader sees what is too slow, and why something has no figure."""
    text = page.page([RESULT])
    assert "| late | 50.0 ms **missed** | ≤ 40 ms | why |" in text
    assert "| sooner | 6.2 × | ≥ 5 × |" in text
    assert "| absent | not measured | ≤ 1 ms | not installed |" in text


def test_readme_shows_ten_lines_of_what_was_measured() -> None:
    """They are those that `results.json` gives, each with a link to its section."""
    text = page.README.read_text(encoding="utf-8")
    assert page.readme(text, figures.load()) == text
    assert len(list(page.shown(figures.load()))) == len(page.SHOWN) == 10


def test_readme_shows_machines_from_slow_to_fast() -> None:
    """One line for each; what a model does there is what was measured at that speed."""
    table = page.README.read_text(encoding="utf-8").partition(page.MACHINES_BEGIN)[2]
    rows = table.partition(page.MACHINES_END)[0].strip().splitlines()[2:]
    assert len(rows) == len(page.MACHINES)
    measured = {each.measured for result in figures.load() for each in result.figures}
    assert {each.split(" | ")[-1].rstrip(" |") for each in rows} <= measured


def test_readme_keeps_what_is_around_its_lines() -> None:
    """Only what is between the marks is written."""
    text = f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n"
    written = page.readme(text, [RESULT])
    assert written.startswith(f"before\n{page.BEGIN}\n| what")
    assert written.endswith(f"\n{page.END}\nafter\n")
    assert "old" not in written
