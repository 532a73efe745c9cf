"""The broker: who may do what there."""

from __future__ import annotations

import pytest

from pickled.config import Config, MqttConfig
from pickled.doctor.broker import check_broker
from pickled.mqtt.acl import access_list
from pickled.mqtt.conversation import Conversation
from pickled.mqtt.probe import look
from pickled.topics import Root
from tests.conftest import needs_mosquitto
from tests.stand_ins.broker import Broker

ROOT = Root()


@pytest.mark.integration
def test_broker_with_the_printed_access_list() -> None:
    """Guarded, and our user may do what the check does; a user without rights may not."""
    needs_mosquitto()
    with Broker(users={"pickled": "a", "deck": "b"}, acl=access_list(ROOT)) as guarded:
        place = {"host": guarded.host, "port": guarded.port}
        ours = look(
            MqttConfig.model_validate({**place, "username": "pickled", "password": "a"}), ROOT
        )
        assert (ours.refused, ours.heard, ours.guarded, ours.open_to_all) == ("", True, True, False)
        deck = look(MqttConfig.model_validate({**place, "username": "deck", "password": "b"}), ROOT)
        assert (deck.refused, deck.role) == ("", "deck")
        assert "to publish events (event/command)" in deck.forbidden
    assert (ours.role, ours.forbidden) == ("pickled", [])


@pytest.mark.integration
def test_broker_with_one_user_and_no_access_list() -> None:
    """It works, but nobody is kept apart."""
    needs_mosquitto()
    with Broker(users={"me": "a"}) as plain:
        place = {"host": plain.host, "port": plain.port, "username": "me", "password": "a"}
        found = look(MqttConfig.model_validate(place), ROOT)
    assert (found.refused, found.heard, found.guarded, found.open_to_all) == (
        "",
        True,
        False,
        False,
    )


@pytest.mark.integration
def test_node_without_sound_is_warned_about_with_its_remedy(broker: Broker) -> None:
    """It is online and looks well: only its state tells."""
    with Conversation(MqttConfig(host=broker.host, port=broker.port), ROOT) as talk:
        for name, state in (
            ("laptop", b'{"has_sound": false, "last_error": "vbcable is gone: connect it"}'),
            ("tv", b"{"),
            ("gone", b'{"has_sound": false}'),
        ):
            talk.publish(ROOT("node/{node}/state", node=name), state, retain=True)
            if name != "gone":
                where = ROOT("node/{node}/availability", node=name)
                talk.publish(where, b"online", retain=True)
    config = Config.model_validate({"mqtt": {"host": broker.host, "port": broker.port}})
    nodes = next(each for each in check_broker(config) if each.name == "nodes")
    assert nodes.status == "warn"
    assert "online: laptop, tv" in nodes.what
    assert (nodes.why, nodes.remedy) == ("laptop can't be heard.", "vbcable is gone: connect it")


@pytest.mark.integration
def test_access_list_of_another_instance_is_met_with_the_command_for_ours() -> None:
    """That list is right, and for `home`: the remedy prints the one of the instance that asks."""
    needs_mosquitto()
    with Broker(users={"pickled": "a"}, acl=access_list(ROOT)) as guarded:
        place = {"host": guarded.host, "port": guarded.port, "username": "pickled", "password": "a"}
        config = Config(instance="second", mqtt=MqttConfig.model_validate(place))
        broker, *_ = check_broker(config)
        as_named = config.model_copy(
            update={"mqtt": config.mqtt.model_copy(update={"base_topic": "mine"})}
        )
        other, *_ = check_broker(as_named)
    assert broker.status == "fail"
    assert "`pickled topics acl --instance second`" in broker.remedy
    assert "`pickled topics acl --instance second --base-topic mine`" in other.remedy
