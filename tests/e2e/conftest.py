"""What the end-to-end tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.house import needs_sound
from tests.stand_ins.pulse import NullSink


@pytest.fixture
def sink() -> Iterator[NullSink]:
    """A sound card that nobody hears."""
    needs_sound()
    with NullSink() as started:
        yield started
