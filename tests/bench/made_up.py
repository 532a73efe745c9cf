"""A result with one of each: a budget that is missed, one that is met, and nothing measured."""

from __future__ import annotations

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
