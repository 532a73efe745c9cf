"""The vision-server with a login of its own: it has the rights that it needs, and no others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pickled.mqtt.acl import access_list
from pickled.topics import Root
from tests.stand_ins.broker import Broker
from tests.stand_ins.peer import peer
from tests.stand_ins.processes import environment, started
from tests.vision_server.node import SERVER, why_not

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(100),
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "-"),
]

ROOT = Root()
USERS = {"pickled": "a", "vision": "b", "deck": "c"}


async def test_user_vision_can_do_its_work_and_hear_commands(tmp_path: Path) -> None:
    """States, sights and answers go out; commands, discreet and live come in."""
    with Broker(users=USERS, acl=access_list(ROOT)) as broker:
        mqtt = {"host": broker.host, "port": broker.port, "username": "vision", "password": "b"}
        vision = {
            "source": {"kind": "file", "path": "none.jpg"},
            "backend": {"kind": "ollama", "model": "seer"},
            "port": 0,
        }
        config = tmp_path / "pickled.yaml"
        config.write_text(json.dumps({"mqtt": mqtt, "vision": vision}))
        command = ["node", str(SERVER / "src" / "main.js"), "--config", str(config)]
        async with (
            peer(broker, username="pickled", password="a") as daemon,
            peer(broker, username="deck", password="c") as deck,
        ):
            with started("vision", command, folder=tmp_path, environ=environment(tmp_path)):
                await daemon.until_topic(ROOT("vision/availability"), "online")
                await daemon.publish(ROOT("discreet/state"), "ON", retain=True)
                await deck.publish(ROOT("vision_enabled/set"), '{"value": "OFF", "id": "a"}')
                answer = await deck.until_topic(ROOT("event/command"))
                assert json.loads(answer.payload)["code"] == "ok"
                await daemon.until_topic(ROOT("vision_enabled/state"), "OFF")
                await deck.publish(ROOT("vision_enabled/set"), '{"value": "ON", "id": "b"}')
                await daemon.until_topic(ROOT("vision_enabled/state"), "ON")
                await deck.publish(ROOT("cmd/vision_capture"), '{"id": "c"}')
                refused = await deck.until(
                    lambda each: each.topic == ROOT("event/command") and '"c"' in each.text
                )
                told = json.loads(refused.payload)
                assert (told["code"], "discreet" in told["message"]) == ("not_allowed", True)
            await daemon.until_topic(ROOT("vision/availability"), "offline")
