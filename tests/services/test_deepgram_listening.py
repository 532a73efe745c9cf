"""A connection that hears: the server's clock runs on through silence of ours."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from pickled.services.deepgram_listening import ListeningLine, ListeningManner


class Socket:
    """Takes everything."""

    async def send_media(self, chunk: bytes) -> None:
        """Sound."""


async def _finish(_: Any) -> None:
    """Nothing."""


async def test_moments_on_the_servers_clock_are_found_in_the_sound() -> None:
    """What lies in silence of ours is where the sound goes on."""
    line = ListeningLine(
        nullcontext,  # type: ignore[arg-type]  # nothing is connected
        ListeningManner(connect_s=1, silent_s=1, trail_s=1, leave_s=1),
        explain=str, keep_alive=None, finish=_finish,
    )  # fmt: skip
    second, socket = bytes(32_000), Socket()
    line._begun = float("-inf")
    await line._take(socket, second)
    await line._take(socket, b"")
    for _ in range(10):
        await line._media(socket, second[:6400], sound=False)
    await line._take(socket, second)
    assert line._sent_ms == pytest.approx(1000 + 2000 + 960)
    told = {at: line.of_sound(at) for at in (0.0, 0.5, 1.0, 2.0, 2.9, 3.0, 3.5, 9.0)}
    assert told == {
        0.0: 0, 0.5: 500, 1.0: 1000, 2.0: 1000, 2.9: 1000, 3.0: 1000, 3.5: 1500, 9.0: 1960,
    }  # fmt: skip
