"""A broker that comes and goes: the log says it once, and everybody is there at the end."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from pickled.config import MqttConfig
from tests.conftest import needs_mosquitto
from tests.mqtt.connected import Ears, make, running, soon
from tests.mqtt.linked import Lines, linked
from tests.stand_ins.broker import Broker

pytestmark = [pytest.mark.integration, pytest.mark.alone]

ROUNDS = 6


async def test_flapping_broker_does_not_fill_the_logs(lines: Lines) -> None:
    """One line for each cause, however often it comes back; nobody ends, nobody stays away."""
    needs_mosquitto()
    with Broker() as broker, capture_logs() as logged:
        config = MqttConfig(host=broker.host, port=broker.port)
        connection = make(broker)
        ears = Ears(connection)
        async with running(connection):
            with linked(config) as link:
                for _ in range(ROUNDS):
                    await soon(ears.up)
                    await asyncio.to_thread(lines.until_up, link)
                    await asyncio.to_thread(broker.kill)
                    await soon(ears.down)
                    await asyncio.to_thread(broker.start)
                await soon(ears.up)
                await asyncio.to_thread(lines.until_up, link)
                assert link.failure is None
    causes = [each["cause"] for each in logged if "cause" in each]
    assert len(causes) == len(set(causes))
    assert sum(each["event"] == "connected to the broker" for each in logged) == 1
    assert len(lines.told) == len(set(lines.told))
    assert len(lines.told) < ROUNDS
