"""What failed is tried again later and later."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.back_off import BackOff


def test_waits_double_up_to_the_cap() -> None:
    """From the first one on."""
    back_off = BackOff(first_s=0.5, cap_s=3.0)
    assert [back_off.longest(each) for each in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]


@pytest.mark.parametrize("failures", [10_000, 10**12])
def test_any_number_of_failures_has_a_wait(failures: int) -> None:
    """A part that fails for months neither overflows nor takes long to say so."""
    assert BackOff(cap_s=60.0).longest(failures) == 60.0


@given(failures=st.integers(0, 40), dice=st.floats(0, 1, exclude_max=True))
def test_random_wait_is_between_half_and_all_of_it(failures: int, dice: float) -> None:
    """Many that lost the same thing do not come back in the same instant."""
    back_off = BackOff()
    longest = back_off.longest(failures)
    assert longest / 2 <= back_off.wait(failures, dice) <= longest
