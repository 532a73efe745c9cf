"""Tests of the words for what the broker's reason codes mean."""

from __future__ import annotations

import aiomqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from pickled.config import MqttConfig
from pickled.mqtt.causes import NOT_AUTHORIZED, explain, refusal
from pickled.topics import Root


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (128, "was cut"),
        (139, "was stopped"),
        (141, "does not answer"),
        (142, "Session taken over"),
    ],
)
def test_explain_names_why_the_broker_hung_up(code: int, text: str) -> None:
    """Each reason is told in words, and only one of them means a second process."""
    reason = ReasonCode(PacketTypes.DISCONNECT, identifier=code)
    cause = explain(aiomqtt.MqttCodeError(reason), MqttConfig())
    assert text in cause.text
    assert cause.taken_over == (code == 142)
    assert not cause.bad_credentials


@pytest.mark.parametrize(
    ("user", "other_name"),
    [("node-laptop", False), ("studio.node-laptop", False), ("node-tv", True), ("me", True)],
)
def test_node_by_another_name_than_its_users_is_told_so(user: str, other_name: bool) -> None:
    """Its rights go with the name of the user, so one of the two has to change."""
    config = MqttConfig(username=user)
    told = refusal(NOT_AUTHORIZED, "some topics of node laptop", config, Root(), node="laptop")
    assert "`pickled topics acl --instance home --node laptop`" in told
    assert ("comes as the user node-laptop" in told) == other_name
