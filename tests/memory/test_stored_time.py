"""Moments as the database keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pickled.memory.stored_time import milliseconds, moment

YEARS = st.integers(0, 4_102_444_800_000)
"""Milliseconds from 1970 to 2100."""


@given(stored=YEARS)
def test_moment_of_whole_milliseconds_comes_back(stored: int) -> None:
    """As it was: a float of seconds is not cut off one millisecond too early."""
    assert milliseconds(moment(stored)) == stored
    exact = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=stored)
    assert milliseconds(exact) == stored
