"""Nodes whose sink goes and comes: who sounds leads, and everybody is told the truth."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.e2e.house import House, house, needs_sound
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import python
from tests.stand_ins.pulse import RATE, Kind, Recording, SoundServer, missing

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.timeout(60)]

FIRST, SECOND, SPEAKERS = "first_cable", "second_cable", "speakers"
LONG = "This sentence goes on and on, and it is still going on, until somebody pulls the plug."
NOTICED_S = 5.0
LEAK_S = 0.25
"""The server moves what it holds already."""


@pytest.fixture(params=["PulseAudio", pytest.param("PipeWire", marks=pytest.mark.prove)])
def server(request: pytest.FixtureRequest) -> Iterator[SoundServer]:
    """A sound server with a cable for each node, and the loudspeaker that nobody shall hear."""
    needs_sound()
    kind: Kind = request.param
    if why := missing(kind):
        pytest.skip(why)
    with SoundServer(kind) as started:
        for each in (SPEAKERS, FIRST, SECOND):
            started.load(each)
        yield started


async def start_node(at_home: House, name: str, sink: str) -> None:
    """A node that plays to that sink."""
    where = f"mqtt://{at_home.broker.host}:{at_home.broker.port}"
    options = ["--name", name, "--broker", where, "--output", sink]
    moment = at_home.now
    at_home.start(name, python("pickled", "node", *options))
    await at_home.until(f"node/{name}/availability", "online", after=moment)


async def until_health(at_home: House, status: str, detail: str = "") -> None:
    """Until the nodes are shown so."""

    def shown(text: str) -> bool:
        node = json.loads(text)["node"]
        return node["status"] == status and detail in node["detail"]

    if not shown(at_home.state("health/state") or '{"node": {"status": "", "detail": ""}}'):
        await at_home.until("health/state", shown, after=at_home.now, timeout=NOTICED_S)


async def say(at_home: House, text: str) -> str:
    """Let it speak; the turn."""
    answer = await at_home.command("cmd/say", text)
    assert answer.turn, answer
    return answer.turn


def sounding_s(recording: Recording) -> float:
    """How long something was heard."""
    return sum(abs(each) > 40 for each in recording.samples()) / RATE


@asynccontextmanager
async def two_nodes(folder: Path, broker: Broker, server: SoundServer) -> AsyncIterator[House]:
    """A daemon, and a node for each cable: the first by name leads."""
    async with house(folder, broker) as at_home:
        at_home.environ |= server.environ
        await start_node(at_home, "aaa", FIRST)
        await start_node(at_home, "bbb", SECOND)
        await at_home.daemon()
        await until_health(at_home, "up", "aaa, bbb")
        yield at_home


async def test_node_that_sounds_leads_and_speaking_follows_it(
    tmp_path: Path, broker: Broker, server: SoundServer
) -> None:
    """The first by name loses its sink, then the second one too; the first one's comes back."""
    async with two_nodes(tmp_path, broker, server) as at_home:
        server.unload(FIRST)
        await until_health(at_home, "degraded", "bbb; aaa has no sound: ")
        with server.recording(SECOND) as heard, server.recording(SPEAKERS) as nobody:
            moment = at_home.now
            turn = await say(at_home, "The other one speaks.")
            await at_home.until("speaking/state", "ON", after=moment)
            ended = await at_home.outcome(turn)
            await at_home.until("speaking/state", "OFF", after=moment)
            assert sounding_s(heard) > 0.5
            assert sounding_s(nobody) == 0
        assert (ended.outcome, ended.heard) == ("finished", ended.text)
        assert at_home.state("service_level/state") == "full"

        server.unload(SECOND)
        await until_health(at_home, "down", "bbb has no sound: ")
        await at_home.until_state("service_level/state", "captions")
        moment = at_home.now
        ended = await at_home.outcome(await say(at_home, "Only shown."))
        assert at_home.now - moment < 2.5
        assert ended.heard == ""

        server.load(FIRST)
        await at_home.until_state("service_level/state", "full")
        with server.recording(FIRST) as heard:
            ended = await at_home.outcome(await say(at_home, "Here again."))
            assert sounding_s(heard) > 0.3
        assert (ended.outcome, ended.heard) == ("finished", ended.text)


async def test_lead_that_loses_its_sink_hands_over_in_mid_sentence(
    tmp_path: Path, broker: Broker, server: SoundServer
) -> None:
    """The sentence is heard to its end at the other one, and nothing at the loudspeaker."""
    async with two_nodes(tmp_path, broker, server) as at_home:
        with server.recording(SECOND) as heard, server.recording(SPEAKERS) as nobody:
            moment = at_home.now
            turn = await say(at_home, LONG)
            await at_home.until("speaking/state", "ON", after=moment)
            await asyncio.sleep(1)
            moment = at_home.now
            server.unload(FIRST)
            await until_health(at_home, "degraded", "bbb; aaa has no sound: ")
            assert at_home.state("speaking/state") == "ON"
            ended = await at_home.outcome(turn)
            assert sounding_s(heard) > 2
            assert sounding_s(nobody) < LEAK_S
        assert (ended.outcome, ended.heard) == ("finished", ended.text)
        told = [each.state for each in at_home.played(after=moment)]
        assert {"cleared", "finished"} <= set(told)
