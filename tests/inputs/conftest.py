"""A chat server for the tests of the inputs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.stand_ins.twitch_irc import TwitchIrc, twitch_irc


@pytest.fixture
async def irc() -> AsyncIterator[TwitchIrc]:
    """A server that knows the channel `wren`, and that nobody may have annoyed in the end."""
    async with twitch_irc() as server:
        yield server
        assert server.complaints == []
