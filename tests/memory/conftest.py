"""An empty memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pickled.memory.database import Database, open_database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty memory."""
    async with open_database(tmp_path / "memory.sqlite") as opened:
        yield opened
