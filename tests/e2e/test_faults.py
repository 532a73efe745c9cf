"""Each part dies, hangs and comes back: in service within 5 s, states right, nothing old sounds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from tests.e2e import hearing
from tests.e2e.house import House, house
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import Process
from tests.stand_ins.pulse import RATE, NullSink, Recording

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.timeout(60)]

Fault = Literal["killed", "frozen"]
AWAY_S = 1.0
FROZEN_S = 4.0
DAEMON_FROZEN_S = 6.5
"""The node plays on what it has, and gives a story up that nothing has come of for 3 s."""
SENT_AHEAD_MS = 1000 + 2000 + 500
"""What the node can have of the story when something happens a second after its beginning."""

LONG = (
    "This is a long story about a walk along the river, and it goes on for a while. "
    "Nobody will hear the end of it, because something happens in the middle of it. "
    "And this is the end that nobody will hear, because it comes much too late for that."
)
SET = {"volume": "60", "mic_muted": "ON", "cooldown": "7"}


@dataclass
class Scene:
    """A co-host in the middle of a long story."""

    at_home: House
    daemon: Process
    node: Process
    recording: Recording
    turn: str
    """The story's."""

    async def check_recovered(self, returned: float) -> None:
        """Nothing of the story sounds any more, the next text does, and all states are right."""
        turn = await self.at_home.in_service(returned)
        mark = len(self.recording)
        await self.at_home.until_state("speaking/state", "OFF")
        states = await self.at_home.retained()
        assert {name: states[f"{name}/state"] for name in SET} == SET
        expected = {
            "availability": "online",
            "node/laptop/availability": "online",
            "muted/state": "OFF",
            "paused/state": "OFF",
            "persona/state": "default",
            "speaking/state": "OFF",
            "thinking/state": "OFF",
            "service_level/state": "full",
        }
        assert {name: states[name] for name in expected} == expected
        await self.check_nothing_old(turn, mark)

    async def check_nothing_old(self, turn: str, mark: int) -> None:
        """Of the story only what was with the node already was heard, and nothing after `turn`."""
        begun = (await self.at_home.heard(turn)).at
        later = {each.utterance for each in self.at_home.played(after=begun)}
        assert later == {f"{turn}.0"}
        told = [each for each in self.at_home.played() if each.utterance.startswith(self.turn)]
        assert max(each.played_ms for each in told) < SENT_AHEAD_MS
        await asyncio.sleep(0.3)
        assert hearing.is_silent(hearing.of_recording(self.recording.samples()[mark + RATE // 5 :]))


@asynccontextmanager
async def story(folder: Path, broker: Broker, sink: NullSink) -> AsyncIterator[Scene]:
    """The co-host, with settings of its own, a second into a long story."""
    async with house(folder, broker, sink=sink) as at_home:
        node = await at_home.node()
        daemon = await at_home.daemon()
        with sink.recording() as recording:
            for name, value in SET.items():
                assert (await at_home.command(f"{name}/set", value)).code == "ok"
            turn = await at_home.say(LONG)
            await asyncio.sleep(1)
            yield Scene(at_home, daemon, node, recording, turn)


@pytest.mark.parametrize("fault", ["killed", "frozen"])
async def test_broker_comes_back(
    tmp_path: Path, broker: Broker, sink: NullSink, fault: Fault
) -> None:
    """A broker that forgot everything, or stood still."""
    async with story(tmp_path, broker, sink) as scene:
        if fault == "killed":
            broker.kill()
            await asyncio.sleep(AWAY_S)
            await asyncio.to_thread(broker.start)
        else:
            broker.freeze()
            await asyncio.sleep(FROZEN_S)
            broker.thaw()
        await scene.check_recovered(scene.at_home.now)


@pytest.mark.parametrize("fault", ["killed", "frozen"])
async def test_node_comes_back(
    tmp_path: Path, broker: Broker, sink: NullSink, fault: Fault
) -> None:
    """A node that is started again, or stood still."""
    async with story(tmp_path, broker, sink) as scene:
        if fault == "killed":
            scene.node.kill()
            await asyncio.sleep(AWAY_S)
            await scene.at_home.node()
        else:
            scene.node.freeze()
            await asyncio.sleep(FROZEN_S)
            scene.node.thaw()
        await scene.check_recovered(scene.at_home.now)


@pytest.mark.parametrize("fault", ["killed", "frozen"])
async def test_daemon_comes_back(
    tmp_path: Path, broker: Broker, sink: NullSink, fault: Fault
) -> None:
    """A daemon that is started again, or stood still."""
    async with story(tmp_path, broker, sink) as scene:
        if fault == "killed":
            scene.daemon.kill()
            await scene.at_home.until("availability", "offline", after=scene.at_home.now - 1)
            await asyncio.sleep(AWAY_S)
            await scene.at_home.daemon()
        else:
            scene.daemon.freeze()
            await asyncio.sleep(DAEMON_FROZEN_S)
            scene.daemon.thaw()
        await scene.check_recovered(scene.at_home.now)


async def test_command_to_a_broker_that_freezes_is_done_once(
    tmp_path: Path, broker: Broker
) -> None:
    """Sent, frozen, thawed, sent again with its id: answered, and toggled once; told once."""
    async with house(tmp_path, broker) as at_home:
        daemon = await at_home.daemon()
        payload = json.dumps({"value": "TOGGLE", "id": "once"})
        await at_home.send("paused/set", payload)
        broker.freeze()
        await asyncio.sleep(FROZEN_S)
        broker.thaw()
        returned = at_home.now
        await at_home.until("availability", "online", after=returned)
        moment = await at_home.send("paused/set", payload)
        seen = await at_home.until(
            "event/command", lambda text: '"id":"once"' in text, after=moment
        )
        assert '"accepted"' in seen.text
        await at_home.until_state("paused/state", "ON")
        told = [line for line in daemon.log.splitlines() if "no connection" in line]
        names = [json.loads(line)["name"] for line in told]
        assert names
        assert len(names) == len(set(names)), told  # once for each connection
        assert all("does not answer: does it hang" in line for line in told)
