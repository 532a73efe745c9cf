"""What all messages have in common."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pickled.messages.base import Timestamp

MOMENTS: TypeAdapter[datetime] = TypeAdapter(Timestamp)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_moment_that_utc_does_not_have_is_refused(text: str) -> None:
    """It could be read, and then neither written nor shown."""
    with pytest.raises(ValidationError, match="no such moment"):
        MOMENTS.validate_python(text)


@given(moment=st.datetimes(timezones=st.timezones()) | st.datetimes(timezones=st.just(UTC)))
def test_moment_that_is_read_can_be_written(moment: datetime) -> None:
    """In whatever zone it is given."""
    try:
        read = MOMENTS.validate_python(moment)
    except ValidationError:
        assert moment.year in (1, 9999)
    else:
        assert MOMENTS.dump_json(read).endswith(b'Z"')
