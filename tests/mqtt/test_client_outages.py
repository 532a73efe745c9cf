"""A broker that dies, hangs or is cut off: noticed soon, back soon, nothing lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.mqtt.connected import AVAILABILITY, ROOT, Ears, make, running, soon
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import peer
from tests.stand_ins.proxy import Proxy

pytestmark = [pytest.mark.integration, pytest.mark.alone]

HASTY: dict[str, Any] = {"keepalive": 1, "timeout": 0.5}
BACK_S = 5.0
"""The budget: back in service after the broker is."""


async def test_killed_broker_without_memory_gets_everything_back(broker: Broker) -> None:
    """kill -9 and a start without persistence: all states are there again, availability last."""
    connection = make(broker)
    ears = Ears(connection)
    connection.retain("muted/state", "OFF")
    async with running(connection):
        await soon(ears.up)
        broker.kill()
        await soon(ears.down)
        assert not connection.connected
        assert await connection.publish("node/{node}/tts/audio", b"", node="laptop") is False
        connection.retain("muted/state", "ON")
        connection.retain("volume/state", 30.0)
        connection.retain("volume/state", 40.0)
        broker.start()
        async with peer(broker) as somebody:
            await soon(ears.up, BACK_S)
            await somebody.until_topic(AVAILABILITY, "online")
            states = [each for each in somebody.seen if each.topic.endswith("/state")]
    assert {(each.topic, each.text) for each in states} == {
        (ROOT("muted/state"), "ON"),
        (ROOT("volume/state"), "40"),
    }
    assert somebody.seen.index(states[-1]) < [each.topic for each in somebody.seen].index(
        AVAILABILITY
    )


async def test_down_is_told_with_cause_and_once(broker: Broker) -> None:
    """While nothing listens the cause is told once, however often it is tried."""
    connection = make(broker, longest_wait=0.05)
    ears = Ears(connection)
    async with running(connection):
        await soon(ears.up)
        broker.kill()
        await ears.until_cause("nothing listens")
        ears.down.clear()
        with pytest.raises(TimeoutError):
            await soon(ears.down, 0.5)


async def test_frozen_broker_is_noticed_by_the_keepalive_and_recovers(broker: Broker) -> None:
    """A broker that hangs is down soon, and in service again soon after it goes on."""
    connection = make(broker, **HASTY)
    ears = Ears(connection)
    async with running(connection), peer(broker) as somebody:
        await soon(ears.up)
        broker.freeze()
        await soon(ears.down)
        connection.retain("muted/state", "ON")
        broker.thaw()
        await soon(ears.up, BACK_S)
        await somebody.until_topic(ROOT("muted/state"), "ON")
        await somebody.caught_up()
        async with peer(broker, see=AVAILABILITY) as late:
            assert (await late.until_topic(AVAILABILITY)).text == "online"


async def test_frozen_broker_is_noticed_by_what_is_not_answered(broker: Broker) -> None:
    """Two publishes without an answer are enough, whatever the keepalive is."""
    connection = make(broker, keepalive=600, timeout=0.5)
    ears = Ears(connection)
    async with running(connection):
        await soon(ears.up)
        broker.freeze()
        assert await connection.publish("cmd/ping", "") is False
        assert await connection.publish("cmd/ping", "") is False
        await soon(ears.down)
        assert "does not answer" in ears.causes[0]
        broker.thaw()
        await soon(ears.up, BACK_S)
        assert await connection.publish("cmd/ping", "")


async def test_frozen_broker_bounds_what_waits(broker: Broker) -> None:
    """A hundred publishes to a broker that hangs all end, none later than two timeouts."""
    connection = make(broker, keepalive=600, timeout=0.5)
    ears = Ears(connection)
    async with running(connection):
        await soon(ears.up)
        broker.freeze()
        sent = await asyncio.gather(*(connection.publish("cmd/ping", "") for _ in range(100)))
        broker.thaw()
    assert not any(sent)


@pytest.mark.parametrize("mode", ["cut", "refuse", "blackhole"])
async def test_bad_line_is_survived(broker: Broker, mode: Any) -> None:
    """Cut, refused or swallowed: back within the budget once the line is good again."""
    async with Proxy(broker.host, broker.port) as line, peer(broker) as somebody:
        connection = make(line, **HASTY)
        ears = Ears(connection)
        async with running(connection):
            await soon(ears.up)
            await line.set(mode)
            await soon(ears.down)
            await line.set("ok")
            await soon(ears.up, BACK_S)
            await somebody.publish(ROOT("muted/set"), "ON")
            await ears.until_got(1)
