"""Twitch for the tests of the input."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.stand_ins.twitch import TwitchService, twitch_service


@pytest.fixture
async def service() -> AsyncIterator[TwitchService]:
    """A Twitch with the channel `wren`, that nobody may have annoyed in the end."""
    async with twitch_service() as served:
        served.events.keepalive_s = 1
        yield served
        assert served.world.complaints == []
        assert served.irc.complaints == []
