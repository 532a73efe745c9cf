"""What is wrong at the broker reads the same in the daemon, in the node and in doctor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from pickled.config import Config, MqttConfig
from pickled.doctor.broker import check_broker
from pickled.errors import BrokerError
from pickled.mqtt.conversation import Conversation
from pickled.mqtt.discovery.devices import daemon_device
from tests.conftest import needs_mosquitto
from tests.mqtt.connected import ROOT, Ears, make, running
from tests.mqtt.linked import Lines, linked
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.certificates import Certificate, certificate
from tests.stand_ins.peer import WAIT_S

pytestmark = pytest.mark.integration

DAY = timedelta(days=1)
WRONG = {"username": "pickled", "password": SecretStr("wrong")}


@dataclass(frozen=True)
class Fault:
    """Something wrong between us and the broker, and what is to be said of it."""

    told: str
    """The beginning of the remedy, or what is unmistakable in the sentence."""
    settings: tuple[str, ...] = ()
    """Of the broker."""
    users: dict[str, str] = field(default_factory=dict)
    shows: dict[str, Any] | None = None
    """Its certificate; None for a broker without TLS."""
    trusted: bool = True
    config: dict[str, Any] = field(default_factory=dict)
    """Ours."""
    runs: bool = True
    freezes: bool = False


FAULTS = {
    "untrusted": Fault("name its authority in mqtt.ca_file", shows={}, trusted=False),
    "expired": Fault("has expired", shows={"begins_in": -9 * DAY}),
    "not yet valid": Fault("is not valid yet", shows={"begins_in": 2 * DAY}),
    "other name": Fault("another name than 127.0.0.1", shows={"name": "broker.example"}),
    "TLS to a plain port": Fault("does not speak TLS", config={"tls": True}),
    "plain to a TLS port": Fault("does that port want mqtt.tls?", shows={}, config={"tls": False}),
    "a certificate of ours is wanted": Fault(
        "a certificate of ours", shows={}, settings=("require_certificate true",)
    ),
    "nothing listens": Fault("is Mosquitto running there?", runs=False),
    "unknown host": Fault("check mqtt.host", config={"host": "no-such-host.invalid"}),
    "hangs": Fault("does it hang", freezes=True),
    "wrong password": Fault("check mqtt.username", users={"pickled": "right"}, config=WRONG),
    "unknown user": Fault("refuses user pickled", users={"other": "right"}, config=WRONG),
    "no user": Fault("set mqtt.username", users={"pickled": "right"}),
    "client ids": Fault("have to fit pickled-", settings=("clientid_prefixes else-",)),
    "client ids of users": Fault(
        "have to fit pickled-",
        users={"pickled": "right"},
        config={"username": "pickled", "password": SecretStr("right")},
        settings=("clientid_prefixes else-",),
    ),
    "no retained messages": Fault(
        "set `retain_available true`", settings=("retain_available false",)
    ),
    "QoS 0 alone": Fault("set `max_qos 2`", settings=("max_qos 0",)),
}


@contextmanager
def faulty(fault: Fault, folder: Path) -> Iterator[MqttConfig]:
    """A broker with that fault, and the configuration that meets it."""
    needs_mosquitto()
    shown: Certificate | None = None
    config: dict[str, Any] = {"host": "127.0.0.1", "port": free_port()}
    if fault.shows is not None:
        shown = certificate(folder, **fault.shows)
        config |= {"tls": True, "ca_file": shown.file if fault.trusted else None}
    settings = fault.settings + (shown.settings if shown else ())
    if shown and "require_certificate true" in settings:
        settings += (f"cafile {shown.file}",)
    if not fault.runs:
        yield MqttConfig(**config | fault.config)
        return
    with Broker(users=fault.users, settings=settings) as broker:
        if fault.freezes:
            broker.freeze()
        yield MqttConfig(**config | {"port": broker.port} | fault.config)


async def heard_by_the_daemon(config: MqttConfig) -> str:
    """Its first cause."""
    place = {"host": config.host, "port": config.port}
    rest = config.model_dump(exclude={"host", "port"}, exclude_unset=True)
    connection = make(_Place(**place), config=rest, timeout=2.0)
    ears = Ears(connection)
    async with running(connection):
        await ears.until_cause("")
    return ears.causes[0]


@dataclass(frozen=True)
class _Place:
    host: str
    port: int


def said_by_doctor(config: MqttConfig) -> str:
    """The remedy of its check."""
    broker, *_ = check_broker(Config(mqtt=config))
    assert broker.status == "fail"
    return broker.remedy


@pytest.mark.parametrize("name", FAULTS)
async def test_cause_reads_the_same_everywhere(name: str, tmp_path: Path, lines: Lines) -> None:
    """One sentence with its own remedy, whoever tells it."""
    fault = FAULTS[name]
    with faulty(fault, tmp_path) as config:
        cause = await heard_by_the_daemon(config)
        assert fault.told in cause
        assert await asyncio.to_thread(said_by_doctor, config) == cause
        with linked(config) as link:
            told = await asyncio.to_thread(lines.until, fault.told, link)
    assert cause in told


async def test_packets_that_are_too_small_are_told_by_daemon_and_doctor(tmp_path: Path) -> None:
    """The daemon's discovery does not fit through: named with the setting, before it is missed."""
    with faulty(Fault("", settings=("max_packet_size 2000",)), tmp_path) as config:
        connection = make(config)
        refused: list[str] = []
        told = asyncio.Event()
        connection.on_refused(lambda _, why: (refused.append(why), told.set()))
        device = daemon_device(ROOT, prefix="homeassistant", personas=(), voices=())
        where, payload = device.topic, device.payload()
        connection.retain_raw(where, payload)
        async with running(connection), asyncio.timeout(WAIT_S):
            await told.wait()
        broker, *_ = await asyncio.to_thread(check_broker, Config(mqtt=config))
    assert "raise max_packet_size" in refused[0]
    assert (broker.status, broker.remedy) == ("warn", refused[0])


async def test_password_that_changes_is_a_cause_of_its_own(lines: Lines) -> None:
    """After "is gone" the refusal is told, too, and then whatever comes next."""
    needs_mosquitto()
    login = {"username": "pickled", "password": SecretStr("right")}
    with Broker(users={"pickled": "right"}) as broker:
        connection = make(broker, config=login)
        ears = Ears(connection)
        config = MqttConfig(host=broker.host, port=broker.port, **login)
        async with running(connection):
            with linked(config) as link:
                await asyncio.wait_for(ears.up.wait(), WAIT_S)
                await asyncio.to_thread(lines.until, "connected", link)
                await asyncio.to_thread(broker.change_passwords, {"pickled": "other"})
                await ears.until_cause("refuses user pickled")
                await asyncio.to_thread(lines.until, "refuses user pickled", link)
                assert link.failure is None
                await asyncio.to_thread(broker.kill)
                await ears.until_cause("nothing listens")
                await asyncio.to_thread(lines.until, "nothing listens", link)


def test_conversation_says_what_ended_it() -> None:
    """A broker that hangs up in mid-conversation is told with its reason."""
    needs_mosquitto()
    with Broker(settings=("max_qos 0",)) as broker:
        config = MqttConfig(host=broker.host, port=broker.port)
        with Conversation(config, ROOT, timeout_s=2) as talk, pytest.raises(BrokerError) as failed:
            talk.publish(ROOT("cmd/ping"), b"")
    assert "max_qos 2" in str(failed.value)


def test_conversation_goes_on_and_says_what_is_wrong_meanwhile() -> None:
    """For `pickled watch`: gone, another password, back."""
    needs_mosquitto()
    login = {"username": "pickled", "password": SecretStr("right")}
    with Broker(users={"pickled": "right"}) as broker:
        config = MqttConfig(host=broker.host, port=broker.port, **login)
        with Conversation(config, ROOT, timeout_s=2) as talk:
            broker.kill()
            _until(lambda: "is Mosquitto running there?" in talk.trouble)
            broker.start()
            broker.change_passwords({"pickled": "other"})
            _until(lambda: "refuses user pickled" in talk.trouble)
            broker.change_passwords({"pickled": "right"})
            _until(lambda: talk.trouble == "")


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
