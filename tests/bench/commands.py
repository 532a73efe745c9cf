"""Commands at regular intervals, and how soon a subscriber sees their answers."""

from __future__ import annotations

import asyncio
import json
import time

from tests.bench.stage import CoHost

_MARK = "ping-"


async def ping(co: CoHost, *, every_s: float) -> None:
    """Ask for an answer again and again, until cancelled."""
    while True:
        await co.send("cmd/ping", json.dumps({"id": f"{_MARK}{time.monotonic()}"}))
        await asyncio.sleep(every_s)


def commands_ms(co: CoHost) -> list[tuple[float, float]]:
    """When each was sent, and after how many ms its answer was seen."""
    answers = (
        (at, float(said["id"].removeprefix(_MARK)))
        for at, said in co.seen("event/command")
        if str(said.get("id")).startswith(_MARK)
    )
    return [(sent, (at - sent) * 1000) for at, sent in answers]
