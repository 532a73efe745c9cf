"""Minutes of chat with whatever Twitch can do to a connection, at the patience that is usual."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.inputs.twitch import test_faults as faults
from tests.inputs.twitch.listening import Listener, listening
from tests.stand_ins.twitch import TwitchService

pytestmark = [pytest.mark.prove, pytest.mark.timeout(600)]

SECONDS, PER_S = 240, 10
USUAL = {
    "connect_s": 8, "slack_s": 3, "settle_s": 8, "drain_s": 5,
    "first_pause_s": 0.25, "longest_pause_s": 8,
}  # fmt: skip


async def _silence(service: TwitchService) -> None:
    service.events.silent = True
    await asyncio.sleep(18)
    service.events.silent = False


async def _move(service: TwitchService) -> None:
    await service.events.hand_over(same_id=random.random() < 0.5)


async def _expire(service: TwitchService) -> None:
    service.world.expire()
    await service.events.drop()


FAULTS = (
    faults.dropped, faults.dropped_then_429, faults.dropped_then_500, faults.dropped_then_409,
    faults.dropped_then_refused, faults.dropped_then_no_welcome, faults.subscription_lost,
    _silence, _move, _move, _expire,
)  # fmt: skip


async def _faults(service: TwitchService, listener: Listener) -> None:
    for fault in (*FAULTS, *random.Random(1).sample(FAULTS, 3)):
        await asyncio.sleep(4)
        await fault(service)
        await service.world.until(lambda: service.events.enabled(), within_s=40)
    assert listener.texts


async def test_ten_faults_in_four_minutes(service: TwitchService, tmp_path: Path) -> None:
    """Each line comes once: none is lost, none is doubled, no token is spent in vain."""
    service.events.keepalive_s = 10
    async with listening(service, tmp_path, patience=USUAL, overlap_s=3) as listener:
        await listener.until_now("up", "picklebot and wren")
        breaking = asyncio.create_task(_faults(service, listener))
        count = 0
        for count in range(SECONDS * PER_S):
            await service.say(f"line {count}", times=random.choice((1, 1, 1, 2)))
            await asyncio.sleep(1 / PER_S)
        await breaking
        await listener.until_now("up", "picklebot and wren")
        await service.say("end")
        await listener.until_text("end")
    said = Counter(listener.texts)
    assert [each for each, times in said.items() if times > 1] == []
    assert [n for n in range(count + 1) if f"line {n}" not in said] == []
    assert service.door.refreshes <= 6
