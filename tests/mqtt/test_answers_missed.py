"""A broker that hangs while commands are answered: each answer arrives once it goes on."""

from __future__ import annotations

import asyncio
import json

import pytest

from pickled.messages.command import CommandEvent
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.tap import PublishingTap
from tests.mqtt.connected import ROOT, Ears, make, running, soon
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import WAIT_S, peer
from tests.stand_ins.virtual_time import BEGIN

pytestmark = [pytest.mark.integration, pytest.mark.alone]


async def test_answers_that_a_frozen_broker_was_not_given_come_later(broker: Broker) -> None:
    """Whoever has pressed a key learns how it ended, though nobody could tell him then."""
    connection = make(broker, keepalive=600, timeout=0.5)
    ears, events = Ears(connection), Events(connection, tap=PublishingTap())
    async with running(connection), peer(broker) as somebody:
        await soon(ears.up)
        sending = asyncio.create_task(events.run())
        broker.freeze()
        for number in range(5):
            fields = {"event_type": "accepted", "command": "muted/set", "code": "ok", "ts": BEGIN}
            answer = CommandEvent.model_validate({**fields, "id": f"c{number}"})
            events.emit("event/command", answer)
        await soon(ears.down)
        broker.thaw()
        await soon(ears.up)
        async with asyncio.timeout(WAIT_S):
            while len(ids := _ids(somebody.seen)) < 5:
                await asyncio.sleep(0.02)  # each may come twice: there is no last one to wait for
        sending.cancel()
        await asyncio.wait({sending})
    assert ids == {f"c{number}" for number in range(5)}


def _ids(seen: list[object]) -> set[str]:
    name = ROOT("event/command")
    texts = [each.text for each in seen if each.topic == name]  # type: ignore[attr-defined]
    return {json.loads(each)["id"] for each in texts}
