"""`pickled mqtt purge` clears what is gone for good, and nothing else."""

from __future__ import annotations

import pytest

from pickled.mqtt.conversation import Conversation
from pickled.mqtt.left_over import read_device
from tests.cli.command_line import Run
from tests.mqtt.kept import ALIVE, HOME, NODE_INFO, STUDIO, device, given, kept, laptop
from tests.stand_ins.broker import Broker

pytestmark = pytest.mark.integration


def test_purge_tells_the_whole_device_once_more_before_it_goes(broker: Broker, run: Run) -> None:
    """Home Assistant removes only what it knows; so also where nothing is retained any more."""
    config = given(broker, {})
    with Conversation(config, HOME) as talk:
        topic = next(iter(device(STUDIO)))
        talk.subscribe(topic)
        assert (
            run("mqtt", "purge", "--instance", "studio", "--yes", "--broker", broker.url).code == 0
        )
        first, second = talk.next(5), talk.next(5)
    assert first
    assert second
    assert read_device(first.topic, first.payload)
    assert (second.topic, second.payload) == (topic, b"")
    assert second.at - first.at >= 1.5


def test_purge_leaves_who_is_there_alone(broker: Broker, run: Run) -> None:
    """It would say all of it again, and its mute would be forgotten."""
    there = device(HOME) | ALIVE
    given(broker, there)
    ran = run("mqtt", "purge", "--instance", "home", "--yes", "--broker", broker.url)
    assert (ran.code, "Stop it first" in ran.err) == (1, True)
    assert kept(broker) == set(there)


def test_purge_of_a_node_leaves_all_else(broker: Broker, run: Run) -> None:
    """A laptop that was sold goes; the co-host stays."""
    node = laptop(HOME) | {HOME("node/{node}/availability", node="laptop"): b"offline"}
    given(broker, device(HOME) | ALIVE | node)
    assert run("mqtt", "purge", "--node", "laptop", "--yes", "--broker", broker.url).code == 0
    assert kept(broker) == set(device(HOME) | ALIVE)


@pytest.mark.parametrize("arguments", [(), ("--node", "+"), ("--node", "a/b"), ("--node", "")])
def test_purge_of_nothing_that_can_be_named_is_refused(
    run: Run, arguments: tuple[str, ...]
) -> None:
    """No wildcard is ever cleared."""
    assert run("mqtt", "purge", *arguments).code == 2


def test_purge_lets_a_daemon_that_runs_take_the_node_out_itself(broker: Broker, run: Run) -> None:
    """It sees the node's info go; only then the rest is cleared."""
    info = {HOME("node/{node}/info", node="laptop"): NODE_INFO.model_dump_json().encode()}
    state = {HOME("node/{node}/state", node="laptop"): b"{}"}
    config = given(broker, ALIVE | info | state | laptop(HOME))
    with Conversation(config, HOME) as talk:
        talk.subscribe(HOME("node/{node}/#", node="laptop"), next(iter(laptop(HOME))))
        while (heard := talk.next(1)) is not None and heard.payload:
            pass
        assert run("mqtt", "purge", "--node", "laptop", "--yes", "--broker", broker.url).code == 0
        first, second = talk.next(5), talk.next(5)
    assert first
    assert second
    assert (first.topic, first.payload, second.payload) == (next(iter(info)), b"", b"")
    assert second.at - first.at >= 2
    assert set(laptop(HOME)) <= kept(broker)
