"""What every `Bus` does, checked on the real connection and on its stand-in alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from pickled.config import MqttConfig
from pickled.messages.command import CommandEvent
from pickled.messages.node import StreamEnd
from pickled.mqtt import Incoming
from pickled.mqtt.client import Connection
from pickled.mqtt.in_process import MemoryBroker
from tests.conftest import needs_mosquitto
from tests.mqtt.worlds import ROOT, MemoryWorld, RealWorld, World, until
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import peer

MUTED = ROOT("muted/state")

ANSWER = CommandEvent(
    ts=datetime(2030, 1, 1, tzinfo=UTC), event_type="accepted", command="cmd/ping", code="ok"
)


@pytest.fixture(params=["memory", pytest.param("mosquitto", marks=pytest.mark.integration)])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Each test runs in both."""
    if request.param == "memory":
        yield MemoryWorld()
        return
    needs_mosquitto()
    with Broker() as broker:
        async with peer(broker) as somebody:
            yield RealWorld(broker, somebody)


async def test_bus_start_sends_states_after_hooks_and_availability_last(world: World) -> None:
    """Subscribed first, then the hooks, then what is raw, then states, then `online`."""
    order: list[str] = []

    async def hook() -> None:
        assert world.bus.connected
        order.append("hook")

    world.bus.on_connect(hook)
    world.bus.retain("muted/state", "ON")
    world.bus.retain_raw("homeassistant/device/x/config", b"{}")
    async with world.running():
        assert order == ["hook"]
        await until(lambda: (ROOT("availability"), "online", True) in world.seen())
        names = [topic for topic, _, _ in world.seen()]
        assert names[-3:] == ["homeassistant/device/x/config", MUTED, ROOT("availability")]


async def test_bus_stop_says_offline(world: World) -> None:
    """A clean stop ends with `offline`, retained."""
    async with world.running():
        pass
    await until(lambda: (ROOT("availability"), "offline", True) in world.seen())
    assert not world.bus.connected


async def test_handler_gets_row_node_and_payload(world: World) -> None:
    """A message of a node arrives with its row and the node's name."""
    got: list[Incoming] = []
    world.bus.on("node/{node}/pong", got.append)
    async with world.running():
        await world.send(ROOT("node/{node}/pong", node="laptop"), b"{}")
        await until(lambda: bool(got))
    assert (got[0].row.path, got[0].node, got[0].payload) == ("node/{node}/pong", "laptop", b"{}")
    assert not got[0].retain


async def test_handler_sees_the_retain_flag_of_a_live_command(world: World) -> None:
    """A retained command is told apart from a live one even while we are connected."""
    got: list[Incoming] = []
    world.bus.on("muted/set", got.append)
    async with world.running():
        await world.send(ROOT("muted/set"), "ON", retain=True)
        await world.send(ROOT("muted/set"), "OFF")
        await until(lambda: len(got) == 2)
    assert [each.retain for each in got] == [True, False]


async def test_handler_gets_what_was_retained_before_the_start(world: World) -> None:
    """A node's info that is older than we are still reaches us."""
    await world.send(ROOT("node/{node}/info", node="laptop"), b"{}", retain=True)
    got: list[Incoming] = []
    world.bus.on("node/{node}/info", got.append)
    async with world.running():
        await until(lambda: bool(got))
    assert got[0].retain


async def test_handler_that_raises_does_not_stop_the_others(world: World) -> None:
    """The second handler of a row, and later messages, get through."""
    got: list[Incoming] = []

    def broken(_: Incoming) -> None:
        raise RuntimeError("a bug")

    world.bus.on("muted/set", broken)
    world.bus.on("muted/set", got.append)
    async with world.running():
        await world.send(ROOT("muted/set"), "ON")
        await world.send(ROOT("muted/set"), "OFF")
        await until(lambda: len(got) == 2)
        assert world.bus.connected


async def test_bus_does_not_hear_itself(world: World) -> None:
    """What we publish on a topic that we subscribe to comes only from others."""
    got: list[bytes] = []
    world.bus.on("muted/set", lambda each: got.append(each.payload))
    async with world.running():
        assert await world.bus.publish("muted/set", "ON")
        await world.send(ROOT("muted/set"), "OFF")
        await until(lambda: bool(got))
    assert got == [b"OFF"]


async def test_raw_handler_gets_only_what_no_row_takes(world: World) -> None:
    """An unknown command reaches the filter's handler, a known one its row's, both once."""
    raw: list[tuple[str, bytes, bool]] = []
    known: list[Incoming] = []
    world.bus.on("cmd/say", known.append)
    world.bus.on_raw(ROOT("cmd/+"), lambda *each: raw.append(each))
    async with world.running():
        await world.send(ROOT("cmd/say"), "hello")
        await world.send(ROOT("cmd/dance"), "now")
        await until(lambda: bool(raw))
    assert len(known) == 1
    assert raw == [(ROOT("cmd/dance"), b"now", False)]


async def test_publish_follows_the_row(world: World) -> None:
    """An event goes out live, its value encoded."""
    async with world.running():
        assert await world.bus.publish("event/command", ANSWER)
        await until(lambda: world.seen()[-1][0] == ROOT("event/command"))
        _, payload, retain = world.seen()[-1]
    assert not retain
    assert '"code":"ok"' in payload


async def test_publish_before_the_broker_is_there_returns_false() -> None:
    """Nothing waits for a broker that is away: the caller learns it at once."""
    connection = Connection(MqttConfig(port=1), ROOT, name="tested")
    bus = MemoryBroker().bus()
    bus.disconnect()
    for each in (connection, bus):
        assert not each.connected
        assert await each.publish("event/command", ANSWER) is False
        await each.clear(MUTED)


async def test_publish_too_large_returns_false(world: World) -> None:
    """A payload above the limit is not sent, and the connection stays."""
    async with world.running():
        assert not await world.bus.publish("node/{node}/tts/audio", bytes(1_000_001), node="laptop")
        assert await world.bus.publish(
            "node/{node}/tts/clear", StreamEnd(session=1, stream=2), node="laptop"
        )
        assert world.bus.connected


async def test_retain_too_large_keeps_the_value_before(world: World) -> None:
    """A state above the limit is refused, and what is there stays."""
    async with world.running():
        world.bus.retain("caption/state", "short")
        world.bus.retain("caption/state", "x" * (256 * 1024 + 1))
        world.bus.retain("muted/state", "ON")
        await until(lambda: (MUTED, "ON", True) in world.seen())
    captions = [payload for topic, payload, _ in world.seen() if topic == ROOT("caption/state")]
    assert set(captions) == {"short"}


async def test_resend_sends_everything_again(world: World) -> None:
    """When Home Assistant comes back it gets discovery, states and availability in that order."""
    world.bus.retain("muted/state", "ON")
    async with world.running():
        world.bus.retain_raw("homeassistant/device/x/config", b"{}")
        await until(lambda: world.seen()[-1][0] == "homeassistant/device/x/config")
        before = len(world.seen())
        world.bus.resend()
        await until(lambda: len(world.seen()) >= before + 3)
        names = [topic for topic, _, _ in world.seen()[before:]]
    assert names == ["homeassistant/device/x/config", MUTED, ROOT("availability")]


async def test_clear_removes_a_retained_message(world: World) -> None:
    """A retained command is gone after an empty retained one."""
    got: list[Incoming] = []
    world.bus.on("muted/set", got.append)
    await world.send(ROOT("muted/set"), "ON", retain=True)
    async with world.running():
        await until(lambda: bool(got))
        await world.bus.clear(ROOT("muted/set"))
        await until(lambda: (ROOT("muted/set"), "", True) in world.seen())


async def test_respond_answers_on_the_response_topic(world: World) -> None:
    """The sender gets the answer with his own correlation data."""
    got: list[Incoming] = []
    world.bus.on("cmd/ping", got.append)
    async with world.running():
        await world.send(ROOT("cmd/ping"), "", response_topic="deck/answers", correlation=b"7")
        await until(lambda: bool(got))
        await world.bus.respond(got[0], ANSWER)
        await until(lambda: world.seen()[-1][0] == "deck/answers")
    assert got[0].correlation == b"7"


@pytest.mark.parametrize(
    "response_topic",
    [
        ROOT("muted/set"),
        ROOT("cmd/say"),
        ROOT("muted/state"),
        "homeassistant/device/x/config",
        "x" * 257,
    ],
)
async def test_respond_refuses_to_be_misused(world: World, response_topic: str) -> None:
    """Nobody can make us publish a command, a state or a discovery for him."""
    got: list[Incoming] = []
    world.bus.on("cmd/ping", got.append)
    async with world.running():
        await world.send(ROOT("cmd/ping"), "", response_topic=response_topic)
        await until(lambda: bool(got))
        await world.bus.respond(got[0], ANSWER)
        await world.bus.publish("event/command", ANSWER)
        await until(lambda: world.seen()[-1][0] == ROOT("event/command"))
    assert response_topic not in [topic for topic, _, _ in world.seen()]
