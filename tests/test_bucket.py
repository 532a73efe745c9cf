"""So many a second, and some more at once."""

from __future__ import annotations

from pickled.bucket import Bucket


def taken(bucket: Bucket, *, now: float) -> int:
    """How many it gives at that moment."""
    count = 0
    while bucket.take(now):
        count += 1
    return count


def test_bucket_is_full_at_first_and_fills_at_its_rate() -> None:
    """All that it holds at once, then as much as time has brought, never more than it holds."""
    bucket = Bucket(rate=2.0, most=5.0)
    assert taken(bucket, now=100.0) == 5
    assert taken(bucket, now=100.4) == 0
    assert taken(bucket, now=101.0) == 2
    assert taken(bucket, now=1000.0) == 5


def test_bucket_survives_a_clock_that_stands_still() -> None:
    """The same moment again brings nothing."""
    bucket = Bucket(rate=1.0, most=1.0)
    assert taken(bucket, now=0.0) == 1
    assert taken(bucket, now=0.0) == 0
