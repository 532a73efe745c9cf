"""Garbage is collected in quiet seconds; what is loaded by then is left alone."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from pickled.daemon import garbage


class _Ring:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.ring = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def _dropped() -> weakref.ref[_Ring]:
    """Garbage that has become old."""
    ring = _Ring()
    gc.collect()
    return weakref.ref(ring)


def _tick(*, quiet: bool) -> None:
    every_second = garbage.collecting(lambda: quiet).every_second
    assert every_second is not None
    every_second()


def test_quiet_second_is_used_once_it_is_due() -> None:
    """Not before enough is new, not while somebody would be held up, and then at once."""
    garbage.rarely()
    old = _dropped()
    _tick(quiet=True)
    assert old() is not None
    for _ in range(garbage.DUE):
        gc.collect(1)
    _tick(quiet=False)
    assert old() is not None
    _tick(quiet=True)
    assert old() is None


def test_what_is_loaded_is_left_alone() -> None:
    """It is looked at once, and not again; the longest wait has an end."""
    garbage.rarely()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[1:] == (garbage.MIDDLE, garbage.MOST)
