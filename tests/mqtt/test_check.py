"""Tests of the live check: what it passes, and what it finds."""

from __future__ import annotations

import asyncio

import pytest

from pickled.audio import Frame
from pickled.config import MqttConfig
from pickled.mqtt.check import ContractCheck
from pickled.mqtt.client import Connection
from pickled.topics import Root
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import watch_contract

ROOT = Root()
PING = b'{"event_type":"accepted","ts":"2030-01-01T00:00:00.000Z","command":"cmd/ping","code":"ok"}'
SOUND = Frame(session=1, stream=1, seq=0, pts=0, data=b"\0\0").encode()


@pytest.mark.parametrize(
    ("topic", "payload", "retain"),
    [
        (ROOT("muted/state"), b"ON", True),
        (ROOT("volume/state"), b"80", True),
        (ROOT("muted/set"), b"TOGGLE", False),
        (ROOT("cmd/skip"), b"", False),
        (ROOT("muted/set"), b"", True),
        (ROOT("event/command"), PING, False),
        (ROOT("node/{node}/availability", node="laptop"), b"online", True),
        (ROOT("node/{node}/tts/audio", node="laptop"), SOUND, False),
        (ROOT("reply/deck/1"), b"anything", False),
        ("homeassistant/status", b"online", False),
        ("homeassistant/device/pickled_home/config", b"{}", True),
    ],
)
def test_check_passes_what_follows_the_contract(topic: str, payload: bytes, retain: bool) -> None:
    """Each kind of topic, as it should be."""
    assert ContractCheck(ROOT).feed(topic, payload, retain, 0.0) == []


@pytest.mark.parametrize(
    ("topic", "payload", "retain", "problem"),
    [
        (ROOT("muted/state"), b"maybe", True, "invalid payload"),
        (ROOT("muted/state"), b"ON", False, "must be retained"),
        (ROOT("muted/set"), b"ON", True, "must not be retained"),
        (ROOT("muted/set"), b"perhaps", False, "bad_payload"),
        (ROOT("event/command"), PING, True, "must not be retained"),
        (ROOT("event/command"), b"{}", False, "invalid payload"),
        (ROOT("node/{node}/tts/audio", node="laptop"), b"noise", False, "invalid payload"),
        (ROOT("training/state"), b"{}", True, "does not exist yet"),
        (ROOT("moodring/state"), b"blue", True, "not in the contract"),
        ("pickled/other/muted/state", b"ON", True, "stray"),
        ("homeassistant/device/pickled_home/config", b"{}", False, "must be retained"),
        ("homeassistant/device/pickled_home/config", b"[", True, "JSON object"),
        (ROOT("caption/state"), b"x" * (256 * 1024 + 1), True, "too large"),
    ],
)
def test_check_finds_what_does_not(topic: str, payload: bytes, retain: bool, problem: str) -> None:
    """Each rule of the contract has a message that breaks it."""
    found = ContractCheck(ROOT).feed(topic, payload, retain, 0.0)
    assert len(found) == 1
    assert problem in found[0]
    assert found[0].startswith(topic)


def test_check_counts_the_rate() -> None:
    """One a second is fine for ever, three a second is not."""
    slow, fast = ContractCheck(ROOT), ContractCheck(ROOT)
    volume = ROOT("volume/state")
    assert not [p for i in range(60) for p in slow.feed(volume, b"1", True, i * 1.0)]
    assert any(fast.feed(volume, b"1", True, i / 3) for i in range(60))


def test_check_allows_a_burst_at_the_cap() -> None:
    """50 events at once are within a cap of 50 a second; twice as many are not."""
    check = ContractCheck(ROOT)
    event = ROOT("event/error")
    payload = b'{"ts":"2030-01-01T00:00:00.000Z","component":"a","code":"b","message":"c"}'
    assert not [p for _ in range(50) for p in check.feed(event, payload, False, 1.0)]
    assert [p for _ in range(50) for p in check.feed(event, payload, False, 1.0)]


def test_check_without_commands_lets_hostile_ones_pass() -> None:
    """A test that sends nonsense as a user is still checked for what we publish."""
    check = ContractCheck(ROOT, commands=False, elsewhere=("deck/#",))
    assert check.feed(ROOT("muted/set"), b"\xff", True, 0.0) == []
    assert check.feed(ROOT("cmd/dance"), b"now", False, 0.0) == []
    assert check.feed("deck/answers/1", b"{}", False, 0.0) == []
    assert check.feed(ROOT("muted/state"), b"\xff", True, 0.0) != []


@pytest.mark.integration
async def test_watch_passes_a_connection_and_finds_a_stray(broker: Broker) -> None:
    """The subscriber of the end-to-end tests sees what we publish, and fails on what is wrong."""
    connection = Connection(MqttConfig(host=broker.host, port=broker.port), ROOT, name="tested")
    connection.retain("muted/state", "ON")
    async with watch_contract(broker) as watcher:
        run = asyncio.create_task(connection.run())
        await watcher.until_topic(ROOT("availability"), "online")
        run.cancel()
        await asyncio.wait({run})
        await watcher.until_topic(ROOT("availability"), "offline")
    with pytest.raises(AssertionError, match=r"stray/topic: a stray topic"):
        async with watch_contract(broker) as watcher:
            await watcher.publish("stray/topic", "hello")
