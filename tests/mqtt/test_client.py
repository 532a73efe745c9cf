"""What goes over the real connection to a real broker, from its start to its end."""

from __future__ import annotations

import asyncio
import socket
import subprocess

import pytest

from pickled.config import MqttConfig
from pickled.messages.node import StreamEnd
from pickled.mqtt.client import AUDIO_SEND_BUFFER, Connection
from tests.conftest import needs_mosquitto
from tests.mqtt.connected import AVAILABILITY, ROOT, Ears, make, running, soon
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import WAIT_S, peer
from tests.stand_ins.proxy import Proxy

pytestmark = pytest.mark.integration


async def test_packet_above_the_brokers_limit_is_not_sent() -> None:
    """The broker would drop the whole connection for it."""
    needs_mosquitto()
    with Broker(settings=("max_packet_size 5000",)) as broker:
        connection = make(broker)
        ears = Ears(connection)
        async with running(connection):
            await soon(ears.up)
            assert not await connection.publish("cmd/ask", "x" * 6000)
            connection.retain("caption/state", "x" * 6000)
            assert await connection.publish("cmd/ask", "x" * 1000)
            assert connection.connected
    assert ears.causes == []


async def test_hostile_packet_of_five_megabytes_does_not_reach_us(broker: Broker) -> None:
    """We tell the broker what we take, and what comes after it still arrives."""
    connection = make(broker)
    ears = Ears(connection)
    async with running(connection), peer(broker) as somebody:
        await soon(ears.up)
        await somebody.publish(ROOT("muted/set"), bytes(5_000_000))
        await somebody.publish(ROOT("muted/set"), "ON")
        await ears.until_got(1)
    assert [each.payload for each in ears.got] == [b"ON"]


async def test_flood_of_commands_loses_none_and_keeps_order() -> None:
    """Ten thousand commands at QoS 1 as fast as they can be sent: all arrive, in order."""
    needs_mosquitto()
    with Broker(settings=("max_queued_messages 0",)) as broker:
        connection = make(broker)
        ears = Ears(connection)
        async with running(connection):
            await soon(ears.up)
            await asyncio.to_thread(_flood, broker, ROOT("muted/set"), 10_000)
            await ears.until_got(10_000)
            assert connection.connected
    assert [each.payload for each in ears.got] == [str(n).encode() for n in range(10_000)]


def _flood(broker: Broker, topic: str, count: int) -> None:
    lines = "".join(f"{n}\n" for n in range(count))
    where = ["-h", broker.host, "-p", str(broker.port)]
    command = ["mosquitto_pub", *where, "-q", "1", "-t", topic, "-l"]
    subprocess.run(command, input=lines.encode(), check=True, timeout=WAIT_S)


async def test_response_and_expiry_travel_as_mqtt5_properties(broker: Broker) -> None:
    """Correlation data comes back, and what is late may be dropped by the broker."""
    connection = make(broker)
    ears = Ears(connection)
    async with running(connection), peer(broker) as somebody:
        await soon(ears.up)
        await somebody.publish(
            ROOT("muted/set"), "ON", response_topic="deck/answers", correlation=b"7"
        )
        await ears.until_got(1)
        await connection.respond(ears.got[0], "done")
        answer = await somebody.until_topic("deck/answers", "done")
        assert answer.correlation == b"7"
        await connection.publish(
            "node/{node}/tts/clear", StreamEnd(session=1, stream=1), node="laptop"
        )
        clear = await somebody.until_topic(ROOT("node/{node}/tts/clear", node="laptop"))
        assert clear.expiry_s is not None
        assert 0 < clear.expiry_s <= 5


async def test_topic_of_the_house_is_published_on_once(broker: Broker) -> None:
    """What an output does in the house arrives as it stands, is not kept, and not said again."""
    connection = make(broker)
    ears = Ears(connection)
    async with running(connection), peer(broker) as somebody:
        await soon(ears.up)
        assert await connection.publish_raw("zigbee2mqtt/lamp/set", b'{"state": "ON"}')
        seen = await somebody.until_topic("zigbee2mqtt/lamp/set")
        assert (seen.text, seen.retain) == ('{"state": "ON"}', False)


async def test_will_speaks_when_we_die(broker: Broker) -> None:
    """A connection that is cut says `offline`, retained, without our help."""
    async with (
        Proxy(broker.host, broker.port) as line,
        peer(broker) as somebody,
        running(make(line)),
    ):
        await somebody.until_topic(AVAILABILITY, "online")
        await line.set("refuse")
        will = await somebody.until_topic(AVAILABILITY, "offline")
    assert will.retain


async def test_audio_connection_has_no_will_and_small_buffer(broker: Broker) -> None:
    """The second connection carries sound and says nothing about itself."""
    connection = make(
        broker, name="pickled-home-audio", announce=False, send_buffer=AUDIO_SEND_BUFFER
    )
    ears = Ears(connection)
    async with peer(broker) as somebody:
        async with running(connection):
            await soon(ears.up)
            assert connection._wire is not None
            raw = connection._wire._client.socket()
            assert isinstance(raw, socket.socket)
            assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert raw.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 4 * AUDIO_SEND_BUFFER
            for n in range(50):
                assert await connection.publish("node/{node}/tts/audio", bytes([n]), node="laptop")
            end = StreamEnd(session=1, stream=1)
            assert await connection.publish("node/{node}/tts/end", end, node="laptop")
        await somebody.until_topic(ROOT("node/{node}/tts/end", node="laptop"))
        await somebody.caught_up()
    frames, last = somebody.seen[:-1], somebody.seen[-1]
    assert [each.payload[0] for each in frames] == list(range(50))
    assert {each.qos for each in frames} == {0}
    assert last.qos == 1


async def test_stop_while_connecting_leaves_nothing_behind() -> None:
    """Cancelled in the middle of a connect to somebody who never answers: it ends at once."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.listen()
        config = MqttConfig(port=silent.getsockname()[1])
        connection = Connection(config, ROOT, name="pickled-home", timeout=30)
        async with running(connection):
            other_end = await asyncio.to_thread(lambda: silent.accept()[0])
        with other_end:
            other_end.settimeout(WAIT_S)
            packet = await asyncio.to_thread(other_end.recv, 4096)
            assert b"pickled-home" in packet
            assert await asyncio.to_thread(other_end.recv, 4096) == b""
