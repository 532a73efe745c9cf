"""Tests of the words for what the broker's reason codes mean."""

from __future__ import annotations

import aiomqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from pickled.config import MqttConfig
from pickled.mqtt.causes import explain


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
