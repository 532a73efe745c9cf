"""How the audio-nodes show in health, and what the co-host can do without them."""

from __future__ import annotations

from pickled.messages.node import NodeInfo, NodeState
from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.health import LONGEST_ERROR, HealthBoard
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.outputs.voice.nodes import Node
from tests.stand_ins.virtual_time import in_virtual_time, virtual_clock


def node(name: str, *, role: str = "public", why_no_sound: str = "") -> Node:
    """One that is online."""
    state = NodeState(has_sound=not why_no_sound, last_error=why_no_sound)
    info = NodeInfo.model_validate({"session": 1, "role": role})
    return Node(name, info, state, announced=True)


def seen(*online: Node) -> tuple[str, str, str]:
    """Status and detail of the component `node`, and the service level."""
    found: list[tuple[str, str, str]] = []

    async def work() -> None:
        bus = MemoryBroker().bus(announce=False)
        states = States(bus, tap=PublishingTap())
        health = HealthBoard(
            states=states, events=Events(bus, tap=PublishingTap()), clock=virtual_clock()
        )
        health.nodes(online)
        part = states.get("health/state").root["node"]
        found.append((part.status, part.detail, states.get("service_level/state")))
        states.close()

    in_virtual_time(work)
    return found[0]


def test_public_node_with_sound_is_enough() -> None:
    """Its name is all that is said."""
    assert seen(node("laptop"), node("ear", role="private")) == ("up", "laptop, ear", "full")


def test_no_public_node_is_down() -> None:
    """Whoever else there is."""
    assert seen() == ("down", "none speaks to the stream (none)", "captions")
    assert seen(node("ear", role="private")) == (
        "down",
        "none speaks to the stream (ear)",
        "captions",
    )


def test_node_without_sound_is_down_with_its_own_words() -> None:
    """Viewers get captions."""
    status, detail, level = seen(node("laptop", why_no_sound="vbcable is gone: connect it"))
    assert (status, level) == ("down", "captions")
    assert "laptop has no sound: vbcable is gone: connect it" in detail


def test_one_of_two_nodes_without_sound_is_degraded() -> None:
    """The other one speaks, so that nothing is missing."""
    status, detail, level = seen(node("a", why_no_sound="no device"), node("b"))
    assert (status, level) == ("degraded", "full")
    assert detail == "b; a has no sound: no device"


def test_long_error_is_cut() -> None:
    """What a node says is its own business, how long it may be isn't."""
    _, detail, _ = seen(node("laptop", why_no_sound="x" * 10_000))
    assert len(detail) < LONGEST_ERROR + 100
