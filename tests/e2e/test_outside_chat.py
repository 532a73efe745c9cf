"""Chat of another platform through a real broker, with the rights of a user of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest

from pickled.messages.command import CommandEvent
from pickled.messages.response import ResponseState
from pickled.mqtt.acl import access_list
from pickled.topics import Root
from tests.conftest import needs_mosquitto
from tests.e2e.house import NODE, House, house
from tests.stand_ins.broker import Broker

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(90)]

ROOT = Root()
BRIDGE = "chat-youtube"
MOUTH = f"node-{NODE}"
WATCHER = "watcher"
FLOOD = 600


@pytest.fixture
def guarded() -> Iterator[Broker]:
    """A broker with the printed access list, and somebody who sees everything."""
    needs_mosquitto()
    users = {each: f"secret-{each}" for each in ("pickled", MOUTH, BRIDGE, WATCHER)}
    acl = f"{access_list(ROOT, chats=('youtube',))}\nuser {WATCHER}\ntopic readwrite #\n"
    with Broker(users=users, acl=acl) as broker:
        yield broker


class Bridge:
    """A program that knows no more than MQTT 3.1.1 and JSON."""

    def __init__(self, broker: Broker) -> None:
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv311)
        self._client.max_inflight_messages_set(2_000)
        self._client.username_pw_set(BRIDGE, f"secret-{BRIDGE}")
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def send(self, qos: int = 0, **line: Any) -> None:
        """One line, or one retraction."""
        given = {"platform": "youtube"} | line
        self._client.publish(ROOT("cmd/chat"), json.dumps(given), qos).wait_for_publish(10)

    def close(self) -> None:
        """Say good-bye."""
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def bridge(guarded: Broker) -> Iterator[Bridge]:
    """It is connected."""
    connected = Bridge(guarded)
    yield connected
    connected.close()


def at(broker: Broker) -> dict[str, Any]:
    """What the daemon is configured with."""
    login = {"username": "pickled", "password": "secret-pickled"}
    return {"mqtt": {"host": broker.host, "port": broker.port, **login}}


def counted(at_home: House) -> int:
    """Lines of chat that were published, or counted as left out."""
    events = map(json.loads, at_home.watcher.payloads(ROOT("event/chat")))
    return sum(len(each.get("messages", [each])) + each.get("suppressed", 0) for each in events)


async def test_line_of_another_platform_is_heard_and_taken_back(
    tmp_path: Path, guarded: Broker, bridge: Bridge
) -> None:
    """With `cmd/chat` alone, MQTT 3.1.1 and QoS 0: its line is answered, its delete obeyed."""
    login = (WATCHER, f"secret-{WATCHER}")
    async with house(tmp_path, guarded, login=login, **at(guarded)) as at_home:
        as_node = {"USERNAME": MOUTH, "PASSWORD": f"secret-{MOUTH}"}
        at_home.environ.update({f"PICKLED_MQTT__{key}": each for key, each in as_node.items()})
        await at_home.node()
        at_home.environ.clear()
        daemon = await at_home.daemon()
        bridge.send(id=17, user="Ana", user_id="UC1", text="hey John, is the coffee any good?")
        heard = ResponseState.model_validate_json((await at_home.until("response/state")).payload)
        assert (heard.outcome, heard.heard) == ("finished", heard.text)
        assert [(each.source, each.user) for each in heard.to] == [("youtube", "Ana")]
        bridge.send(delete=17)
        gone = json.loads((await at_home.until("event/retraction")).payload)
        assert gone["ids"] == ["youtube:17"]
        assert gone["removed"]["short_term"] > 0
        assert at_home.watcher.payloads(ROOT("event/command")) == []
        assert "Traceback" not in daemon.log


@pytest.mark.alone
async def test_flood_from_another_platform_leaves_keys_alone(
    tmp_path: Path, guarded: Broker, bridge: Bridge
) -> None:
    """Three times the rate: the platform's share is taken, the rest is `busy`, a key works."""
    login = (WATCHER, f"secret-{WATCHER}")
    async with house(tmp_path, guarded, login=login, **at(guarded)) as at_home:
        await at_home.daemon()

        def flood() -> None:
            for number in range(FLOOD):
                user = f"v{number % 30}"
                bridge.send(id=number, user=user, text=f"line {number} of a raid", qos=number % 2)

        began = at_home.now
        flooding = asyncio.create_task(asyncio.to_thread(flood))
        answers = []
        while not flooding.done():
            answers.append((await at_home.command("cmd/ping")).code)
            await asyncio.sleep(0.05)
        await flooding
        assert (await at_home.command("cmd/ping")).code == "ok"
        took = at_home.now - began
        refused = [
            CommandEvent.model_validate_json(each)
            for each in at_home.watcher.payloads(ROOT("event/command"))
            if "cmd/chat" in each
        ]
        await at_home.until("event/chat", lambda _: counted(at_home) >= 200)
        assert set(answers) == {"ok"}
        assert counted(at_home) <= 200 * (took + 1)
        assert {each.code for each in refused} <= {"busy"}
        assert len(refused) <= 10 + 5 * took + 1
