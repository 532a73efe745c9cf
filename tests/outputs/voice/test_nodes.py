"""Nodes are found, not configured."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pickled.messages.node import NodeInfo, NodeState
from pickled.mqtt.in_process import MemoryBroker
from pickled.outputs.voice.nodes import MOST_NODES, Node, Nodes
from tests.stand_ins.node import StandInNode
from tests.stand_ins.virtual_time import in_virtual_time, virtual_clock


def _watch(scene: Callable[[MemoryBroker, Nodes], Awaitable[None]]) -> None:
    async def work() -> None:
        broker = MemoryBroker()
        bus = broker.bus(announce=False)
        nodes = Nodes(bus, wall_ms=virtual_clock().wall_ms)
        nodes.listen()
        tasks = [asyncio.create_task(bus.run()), asyncio.create_task(nodes.run())]
        await asyncio.sleep(0.1)
        try:
            await scene(broker, nodes)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    in_virtual_time(work)


def _appear(broker: MemoryBroker, name: str, *, role: str = "public", muted: bool = False) -> None:
    broker.send("node/{node}/info", NodeInfo(session=1, role=role), node=name, retain=True)
    broker.send("node/{node}/state", NodeState(muted=muted), node=name, retain=True)
    broker.send("node/{node}/availability", "online", node=name, retain=True)


def test_node_exists_once_it_is_online_and_has_said_what_it_is() -> None:
    """Neither of the two alone is enough."""

    async def scene(broker: MemoryBroker, nodes: Nodes) -> None:
        broker.send("node/{node}/availability", "online", node="laptop", retain=True)
        await asyncio.sleep(0.1)
        assert nodes.online == []
        broker.send("node/{node}/info", NodeInfo(session=1), node="laptop", retain=True)
        await asyncio.sleep(0.1)
        assert [node.name for node in nodes.online] == ["laptop"]

    _watch(scene)


def test_targets_are_all_public_nodes_and_the_first_by_name_leads() -> None:
    """A private node gets only what names it or its role."""

    async def scene(broker: MemoryBroker, nodes: Nodes) -> None:
        for name, role in (("tv", "public"), ("laptop", "public"), ("ear", "private")):
            _appear(broker, name, role=role)
        await asyncio.sleep(0.1)

        def names(target: str | None) -> list[str]:
            return [node.name for node in nodes.targets(target)]

        assert names(None) == ["laptop", "tv"]
        assert names("private") == names("ear") == ["ear"]
        assert names("nobody") == []

    _watch(scene)


def test_node_that_answers_no_ping_is_not_counted_on_until_it_does() -> None:
    """A frozen laptop stays `online` at the broker for long."""

    async def scene(broker: MemoryBroker, nodes: Nodes) -> None:
        laptop = StandInNode(broker)
        running = asyncio.create_task(laptop.run())
        await asyncio.sleep(2)
        assert nodes.online
        assert nodes.online[0].clock_offset_ms is not None
        laptop.frozen = True
        await asyncio.sleep(5)
        assert nodes.online == []
        laptop.frozen = False
        await asyncio.sleep(2)
        assert nodes.online
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    _watch(scene)


def test_node_appears_once_when_all_about_it_is_known_and_again_after_a_reconnect() -> None:
    """The mute of a node is looked at when it comes, not on each of its states."""

    async def scene(broker: MemoryBroker, nodes: Nodes) -> None:
        seen: list[Node] = []
        nodes.on_appear.append(seen.append)
        _appear(broker, "laptop", muted=True)
        await asyncio.sleep(0.1)
        broker.send("node/{node}/state", NodeState(muted=True), node="laptop", retain=True)
        await asyncio.sleep(0.1)
        assert [node.state.muted for node in seen] == [True]
        nodes.forget_what_was_told()
        _appear(broker, "laptop", muted=True)
        await asyncio.sleep(0.1)
        assert len(seen) == 2

    _watch(scene)


def test_node_that_sends_garbage_is_ignored_and_others_work() -> None:
    """Nothing that a node says can stop the daemon."""

    async def scene(broker: MemoryBroker, nodes: Nodes) -> None:
        for path in ("info", "state", "played", "pong"):
            for payload in (b"\xff", b"{}", b"[1]", b"null", b'{"session": -1}'):
                broker.send(f"node/{{node}}/{path}", payload, node="evil")
        _appear(broker, "laptop")
        await asyncio.sleep(0.1)
        assert [node.name for node in nodes.online] == ["laptop"]

    _watch(scene)


def test_nodes_that_somebody_makes_up_are_limited() -> None:
    """The list does not grow without bound."""

    async def scene(broker: MemoryBroker, nodes: Nodes) -> None:
        for number in range(MOST_NODES + 50):
            _appear(broker, f"n{number:03}")
        await asyncio.sleep(0.1)
        assert len(nodes.online) == MOST_NODES

    _watch(scene)
