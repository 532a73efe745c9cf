"""A broker that refuses: who, what and why is told with the remedy."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from pickled.config import MqttConfig
from pickled.errors import BrokerError
from pickled.mqtt.client import Connection
from tests.conftest import needs_mosquitto
from tests.mqtt.connected import AVAILABILITY, ROOT, Ears, make, running, soon
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.peer import peer

pytestmark = pytest.mark.integration


@pytest.fixture
def guarded() -> Iterator[Broker]:
    """A broker with users, where `pickled` may not publish health."""
    needs_mosquitto()
    acl = f"user pickled\ntopic readwrite {ROOT('muted/state')}\ntopic readwrite {AVAILABILITY}\n"
    acl += "user other\ntopic readwrite #\n"
    with Broker(users={"pickled": "right", "other": "other"}, acl=acl) as broker:
        yield broker


async def test_second_process_of_the_same_name_is_named(broker: Broker) -> None:
    """The one that is kicked out says why, and what to do."""
    first, second = make(broker), make(broker)
    ears = Ears(first)
    with capture_logs() as logged:
        async with running(first):
            await soon(ears.up)
            async with running(second):
                for _ in range(3):
                    ears.causes.clear()
                    await ears.until_cause("another process uses the same name pickled-home")
                    await soon(ears.up)
                    assert "pickled-home" in first.rival
    told = [each["cause"] for each in logged if "cause" in each]
    assert max(Counter(told).values()) <= 2  # by each of them once, though they go on


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


async def test_topic_of_the_house_that_is_forbidden_is_known_not_to_be_published(
    guarded: Broker,
) -> None:
    """An action whose topic the access list does not have is no action that was done."""
    login = {"username": "pickled", "password": SecretStr("right")}
    connection = make(guarded, config=login)
    ears = Ears(connection)
    async with running(connection):
        await soon(ears.up)
        assert not await connection.publish_raw("zigbee2mqtt/lamp/set", b"ON")


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
