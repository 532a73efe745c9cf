"""Twitch for the tests of what is shared of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from pickled.services.twitch import Options, Twitch, start
from tests.stand_ins.twitch import TwitchService, twitch_service

Open = Callable[[], AbstractAsyncContextManager[Twitch]]


@pytest.fixture
async def service() -> AsyncIterator[TwitchService]:
    """A Twitch that nobody may have annoyed in the end."""
    async with twitch_service() as served:
        yield served
        assert served.world.complaints == []


@pytest.fixture
def opened(service: TwitchService, tmp_path: Path) -> Open:
    """`async with opened() as twitch:`, with the sign-ins below `tmp_path`."""
    urls = {name: service.urls[name] for name in ("api_url", "id_url")}
    options = Options.model_validate({"channel": "wren", "answer_timeout_s": 2, **urls})
    return lambda: start(options.access(tmp_path))
