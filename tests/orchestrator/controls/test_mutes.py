"""`muted/state` is what is heard, whoever mutes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from pickled.mqtt.in_process import MemoryBroker
from tests.orchestrator.rig import Rig
from tests.stand_ins.node import StandInNode

Play = Callable[..., Rig]
MUTE_ONE = "node/{node}/muted/set"


@asynccontextmanager
async def another(rig: Rig, name: str, *, role: Any = "public") -> AsyncIterator[StandInNode]:
    """One more node, for a while."""
    node = StandInNode(rig.broker, name, role=role)
    running = asyncio.create_task(node.run())
    await asyncio.sleep(0.1)
    try:
        yield node
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def shown(rig: Rig, value: str, path: str = "muted/state") -> None:
    """It is so within a second, and stays so."""
    await rig.until(lambda: rig.state(path) == value, within=1)
    await asyncio.sleep(2)
    assert rig.state(path) == value


@pytest.mark.parametrize(
    ("path", "payload", "state"),
    [
        ("muted/set", "ON", "muted/state"),
        ("mic_muted/set", "ON", "mic_muted/state"),
        ("cmd/panic", "x", "muted/state"),
    ],
)
def test_mute_that_was_retained_is_refused_cleared_and_followed(
    play: Play, path: str, payload: str, state: str
) -> None:
    """The nodes obey it, so it is shown, and a plain OFF releases it."""

    async def scene(rig: Rig) -> None:
        rig.tell(path, payload, retain=True)
        await shown(rig, "ON", state)
        assert [each.code for each in rig.answers()] == ["retained"]
        assert rig.broker.root(path) not in rig.broker.retained
        release = path if path != "cmd/panic" else "muted/set"
        rig.tell(release, "OFF", retain=True)
        await shown(rig, "ON", state)
        rig.tell(release, "OFF")
        await shown(rig, "OFF", state)

    play(scene)


@pytest.mark.parametrize("payload", ["TOGGLE", "on", "{"])
def test_retained_command_that_no_node_obeys_changes_nothing(play: Play, payload: str) -> None:
    """Only what mutes the nodes mutes the daemon."""

    async def scene(rig: Rig) -> None:
        rig.tell("muted/set", payload, retain=True)
        await shown(rig, "OFF")

    play(scene)


def test_node_that_is_muted_alone_mutes_nobody_else(play: Play) -> None:
    """Only once every node is muted by itself, a private one too, is nothing heard."""

    async def scene(rig: Rig) -> None:
        async with another(rig, "phone", role="private"):
            rig.tell(MUTE_ONE, "ON", node="laptop")
            await shown(rig, "OFF")
            rig.tell(MUTE_ONE, "ON", node="phone")
            await shown(rig, "ON")
            rig.tell("cmd/say", "Nobody hears this.")
            await rig.until(lambda: [each.code for each in rig.answers()] == ["not_allowed"])
            rig.tell(MUTE_ONE, "OFF", node="laptop")
            await shown(rig, "OFF")

    play(scene)


def test_off_releases_what_the_nodes_hold_each_for_itself(play: Play) -> None:
    """The one control for all is enough, also as a TOGGLE."""

    async def scene(rig: Rig) -> None:
        for release in ("OFF", "TOGGLE"):
            rig.tell(MUTE_ONE, "ON", node="laptop")
            await shown(rig, "ON")
            rig.tell("muted/set", release)
            await shown(rig, "OFF")
            assert not rig.nodes[0].muted

    play(scene)


def test_node_that_vanishes_leaves_the_others_muted_or_not(play: Play) -> None:
    """Who is not there holds no mute, and does not count as one who would sound."""

    async def scene(rig: Rig) -> None:
        async with another(rig, "phone"):
            rig.tell(MUTE_ONE, "ON", node="laptop")
            await shown(rig, "OFF")
        await shown(rig, "ON")
        async with another(rig, "phone"):
            await shown(rig, "OFF")

    play(scene)


@pytest.mark.parametrize("value", ["ON", "OFF"])
def test_state_that_somebody_else_writes_is_put_right(play: Play, value: str) -> None:
    """While the daemon is there, it knows better; also where it is cleared."""

    async def scene(rig: Rig) -> None:
        rig.tell("muted/set", "ON" if value == "OFF" else "OFF")
        await asyncio.sleep(1)
        for wrong in (value, ""):
            rig.broker.send("muted/state", wrong, retain=True)
            await shown(rig, "ON" if value == "OFF" else "OFF")

    play(scene)


def test_toggle_is_told_to_the_nodes_by_a_command_that_is_not_answered(play: Play) -> None:
    """What was decided is a general mute; the daemon knows its own message."""

    async def scene(rig: Rig) -> None:
        rig.tell("muted/set", "TOGGLE")
        await shown(rig, "ON")
        decided = rig.broker.sent("muted/set")
        assert len(decided) == 1
        assert '"value":"ON"' in decided[0]
        assert (rig.nodes[0].muted, rig.nodes[0].alone) == (True, False)
        rig.tell("muted/set", decided[0])  # a broker that sends us what is ours
        rig.tell("muted/set", "OFF")
        await shown(rig, "OFF")
        assert [each.code for each in rig.answers()] == ["ok", "ok"]

    play(scene)


def test_toggle_that_waited_while_the_daemon_stood_still_only_mutes(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nodes went ON without it: two presses in a panic release nothing afterwards."""

    async def scene(rig: Rig) -> None:
        from pickled.orchestrator.controls import mutes

        monkeypatch.setattr(mutes, "AWAY_AFTER_S", -1.0)  # as if every second had been too long
        rig.tell("muted/set", "TOGGLE")
        rig.tell("muted/set", "TOGGLE")
        await rig.until(lambda: rig.state("muted/state") == "ON", within=1)
        monkeypatch.undo()
        await shown(rig, "ON")

    play(scene)


async def _mute(rig: Rig) -> None:
    rig.tell("muted/set", "ON")
    await rig.until(rig.answers)


def _broker(retained: str | None) -> MemoryBroker:
    broker = MemoryBroker()
    if retained is not None:
        broker.send("muted/state", retained, retain=True)
    return broker


@pytest.mark.parametrize(
    ("retained", "setting", "node", "expected"),
    [
        ("OFF", True, None, "OFF"),
        ("ON", False, None, "ON"),
        (None, True, None, "ON"),
        (None, False, None, "OFF"),
        ("OFF", False, "general", "ON"),
        ("OFF", True, "alone", "ON"),
        ("ON", False, "unmuted", "ON"),
        ("ON", False, "alone", "ON"),
    ],
)
def test_daemon_begins_with_what_is_heard(
    play: Play, retained: str | None, setting: bool, node: str | None, expected: str
) -> None:
    """A node's general mute, else what the broker keeps, else the setting."""
    if setting:
        play(_mute)

    async def scene(rig: Rig) -> None:
        await shown(rig, expected)

    broker = _broker(retained)
    nodes = []
    if node is not None:
        nodes = [StandInNode(broker, muted=node != "unmuted")]
        nodes[0].alone = node == "alone"
    play(scene, node=False, broker=broker, nodes=nodes)


def test_daemon_obeys_a_retained_mute_at_its_start_whatever_is_shown(play: Play) -> None:
    """A key pressed with the retain flag while the daemon was away, and released since."""

    async def scene(rig: Rig) -> None:
        await shown(rig, "ON")
        assert [each.code for each in rig.answers()] == ["retained"]

    broker = _broker("OFF")
    broker.send("muted/set", "ON", retain=True)
    play(scene, broker=broker)


def test_daemon_does_not_take_a_mute_from_nodes_that_are_muted_alone(play: Play) -> None:
    """It is ON because nobody is heard: with one more node it is OFF."""

    async def scene(rig: Rig) -> None:
        await shown(rig, "ON")
        async with another(rig, "phone"):
            await shown(rig, "OFF")

    broker = _broker("ON")
    laptop = StandInNode(broker, muted=True)
    laptop.alone = True
    play(scene, node=False, broker=broker, nodes=[laptop])
