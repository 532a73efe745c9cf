"""Tests of the real connection against a real broker that dies, hangs, forgets and refuses."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.messages.node import StreamEnd
from pickled.mqtt import Incoming
from pickled.mqtt.client import AUDIO_SEND_BUFFER, Connection
from pickled.topics import Root
from tests.conftest import needs_mosquitto
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.peer import WAIT_S, peer
from tests.stand_ins.proxy import Proxy

pytestmark = pytest.mark.integration

ROOT = Root()
AVAILABILITY = ROOT("availability")
HASTY: dict[str, Any] = {"keepalive": 1, "timeout": 0.5}
BACK_S = 5.0
"""The budget: back in service after the broker is."""


class Ears:
    """What a connection told its hooks, and what came in."""

    def __init__(self, connection: Connection) -> None:
        self.up = asyncio.Event()
        self.down = asyncio.Event()
        self._news = asyncio.Event()
        self.causes: list[str] = []
        self.got: list[Incoming] = []
        connection.on_connect(self._connected)
        connection.on_down(self._lost)
        connection.on("muted/set", self._take)

    async def _connected(self) -> None:
        self.down.clear()
        self.up.set()

    async def until_cause(self, text: str) -> None:
        """Wait until a cause that contains the text was told."""
        await self._until(lambda: any(text in cause for cause in self.causes))

    async def until_got(self, count: int) -> None:
        """Wait for so many messages."""
        await self._until(lambda: len(self.got) >= count)

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def _take(self, message: Incoming) -> None:
        self.got.append(message)
        self._news.set()

    def _lost(self, cause: str) -> None:
        self.causes.append(cause)
        self._news.set()
        self.up.clear()
        self.down.set()


def make(at: Any, *, config: dict[str, Any] | None = None, **how: Any) -> Connection:
    """A connection that is patient, unless told otherwise."""
    given: dict[str, Any] = {"name": "pickled-home", "timeout": WAIT_S}
    settings = MqttConfig(host=at.host, port=at.port, **config or {})
    return Connection(settings, ROOT, **given | how)


@contextlib.asynccontextmanager
async def running(connection: Connection) -> AsyncIterator[asyncio.Task[None]]:
    """Run it until the block ends."""
    task = asyncio.create_task(connection.run(), name="connection")
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def soon(event: asyncio.Event, within: float = WAIT_S) -> None:
    """Wait for the event, but not for ever."""
    async with asyncio.timeout(within):
        await event.wait()


@pytest.fixture
def guarded() -> Iterator[Broker]:
    """A broker with users, where `pickled` may not publish health."""
    needs_mosquitto()
    acl = f"user pickled\ntopic readwrite {ROOT('muted/state')}\ntopic readwrite {AVAILABILITY}\n"
    acl += "user other\ntopic readwrite #\n"
    with Broker(users={"pickled": "right", "other": "other"}, acl=acl) as broker:
        yield broker


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


async def test_second_process_of_the_same_name_is_named(broker: Broker) -> None:
    """The one that is kicked out says why, and what to do."""
    first, second = make(broker), make(broker)
    ears = Ears(first)
    async with running(first):
        await soon(ears.up)
        async with running(second):
            await ears.until_cause("another process uses the same name pickled-home")


@pytest.mark.parametrize(
    ("login", "remedy"),
    [
        ({"username": "pickled", "password": SecretStr("wrong")}, "refuses user pickled"),
        ({}, "wants a user: set mqtt.username"),
    ],
)
async def test_wrong_password_is_told_with_the_remedy(
    guarded: Broker, login: dict[str, Any], remedy: str
) -> None:
    """The cause names what to change, never the password."""
    connection = make(guarded, config=login)
    ears = Ears(connection)
    async with running(connection):
        await soon(ears.down)
    assert remedy in ears.causes[0]
    assert "wrong" not in ears.causes[0]


async def test_refused_publish_is_reported_once(guarded: Broker) -> None:
    """What the access list forbids does not vanish silently, nor flood the log."""
    refused: list[tuple[str, str]] = []
    login = {"username": "pickled", "password": SecretStr("right")}
    connection = make(guarded, config=login)
    connection.on_refused(lambda topic, reason: refused.append((topic, reason)))
    ears = Ears(connection)
    connection.retain("volume/state", 30.0)
    async with (
        peer(guarded, username="other", password="other") as somebody,
        running(connection),
    ):
        await soon(ears.up)
        assert not await connection.publish("cmd/ping", "")
        assert not await connection.publish("cmd/ping", "")
        connection.retain("muted/state", "ON")
        await somebody.until_topic(ROOT("muted/state"), "ON")
        await somebody.until_topic(AVAILABILITY, "online")
    assert sorted(topic for topic, _ in refused) == [ROOT("cmd/ping"), ROOT("volume/state")]
    assert all("Not authorized" in reason for _, reason in refused)


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


async def test_password_in_clear_text_to_another_machine_is_refused() -> None:
    """Nobody reads the password on the way unless the user says that he does not mind."""
    config = MqttConfig(host="192.0.2.1", username="pickled", password=SecretStr("secret"))
    with pytest.raises(BrokerError, match=r"clear text.*mqtt\.tls") as refused:
        await Connection(config, ROOT, name="pickled-home").run()
    assert "secret" not in str(refused.value)


async def test_tls_without_its_authority_names_the_file(tmp_path: Path) -> None:
    """A missing certificate file is said as such."""
    config = MqttConfig(tls=True, ca_file=tmp_path / "missing.pem")
    with pytest.raises(BrokerError, match=r"missing\.pem"):
        await Connection(config, ROOT, name="pickled-home").run()


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Broker]:
    """A broker that speaks TLS, with a certificate that only `tmp_path/cert.pem` vouches for."""
    needs_mosquitto()
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: `apt install openssl`")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    how = "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=us"
    files = ["-keyout", key, "-out", certificate, "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([openssl, *how.split(), *files], check=True, capture_output=True)
    with Broker(settings=(f"certfile {certificate}", f"keyfile {key}")) as broker:
        yield broker


async def test_tls_carries_large_and_small_messages(sealed: Broker, tmp_path: Path) -> None:
    """What TLS decodes ahead is not left lying: a burst arrives in full."""
    config = {"tls": True, "ca_file": tmp_path / "cert.pem"}
    connection = make(sealed, config=config)
    other = make(sealed, config=config, name="other", announce=False)
    ears, others = Ears(connection), Ears(other)
    async with running(connection), running(other):
        await soon(ears.up)
        await soon(others.up)
        payloads = ["x" * 200_000, *(str(n) for n in range(200))]
        sent = await asyncio.gather(*(other.publish("muted/set", each) for each in payloads))
        assert all(sent)
        await ears.until_got(len(payloads))
    assert [each.payload.decode() for each in ears.got] == payloads


@pytest.mark.parametrize(("tls", "remedy"), [(True, "mqtt.ca_file"), (False, "mqtt.tls")])
async def test_tls_that_does_not_fit_is_told_with_the_remedy(
    sealed: Broker, tls: bool, remedy: str
) -> None:
    """A certificate that nobody vouches for, and clear text to a port that wants TLS."""
    connection = make(sealed, config={"tls": tls})
    ears = Ears(connection)
    async with running(connection):
        await ears.until_cause(remedy)
    assert not connection.connected


async def test_unknown_host_is_named() -> None:
    """A wrong name is told as such, with the setting to change."""
    config = MqttConfig(host="no-such-host.invalid", port=free_port())
    connection = Connection(config, ROOT, name="pickled-home")
    ears = Ears(connection)
    async with running(connection):
        await soon(ears.down)
    assert "no-such-host.invalid" in ears.causes[0]
