"""What is left over in Home Assistant is named, and the command that `doctor` names clears it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import pytest

from pickled.config import Config, MqttConfig
from pickled.doctor.leftovers import check_left_overs
from pickled.mqtt.acl import access_list
from pickled.mqtt.conversation import Conversation
from pickled.topics import Root
from tests.cli.command_line import Ran
from tests.cli.conftest import run
from tests.conftest import needs_mosquitto
from tests.mqtt.kept import ALIVE, HOME, NODE_INFO, STOPPED, STUDIO, device, given, kept, laptop
from tests.stand_ins.broker import Broker

pytestmark = pytest.mark.integration

__all__ = ["run"]


@pytest.mark.parametrize(
    ("there", "settings", "status", "said"),
    [
        ({}, {}, "ok", "0 devices"),
        (device(HOME) | ALIVE, {}, "ok", "1 devices"),
        (device(STUDIO) | {STUDIO("availability"): b"online"}, {}, "ok", "none is left over"),
        (device(STUDIO), {}, "ok", "none is left over"),
        (device(STUDIO) | STOPPED, {}, "warn", "pickled mqtt purge --instance studio`"),
        (
            device(Root("irl")) | {Root("irl")("availability"): b"offline"},
            {},
            "warn",
            "--instance home --base-topic irl`",
        ),
        (device(HOME), {"home_assistant": {"enabled": False}}, "warn", "switched off"),
        ({}, {"home_assistant": {"enabled": False}}, "ok", "switched off"),
        (device(HOME), {"prefix": "ha"}, "warn", "not our prefix"),
        (laptop(HOME) | ALIVE, {}, "warn", "purge --node laptop`"),
        (
            laptop(HOME)
            | ALIVE
            | {HOME("node/{node}/info", node="laptop"): NODE_INFO.model_dump_json().encode()},
            {},
            "ok",
            "1 devices",
        ),
    ],
)
def test_doctor_names_what_is_left_over(
    broker: Broker, there: dict[str, bytes], settings: dict[str, Any], status: str, said: str
) -> None:
    """Only what nobody lives in; what can't be seen to be dead is left alone."""
    mqtt = given(broker, there)
    if prefix := settings.pop("prefix", None):
        mqtt = mqtt.model_copy(update={"discovery_prefix": prefix})
    (check,) = check_left_overs(Config(mqtt=mqtt, **settings))
    assert check.status == status
    assert said in f"{check.what} {check.why} {check.remedy}"


def test_doctor_says_nothing_of_it_where_the_broker_is_away() -> None:
    """That has a check of its own."""
    assert check_left_overs(Config(mqtt=MqttConfig(port=1))) == ()


def test_doctor_may_read_it_under_the_printed_access_list() -> None:
    """What it can't see of other instances, it does not call dead."""
    needs_mosquitto()
    acl = access_list(HOME)
    with Broker(users={"pickled": "a"}, acl=acl) as guarded:
        place = {"host": guarded.host, "port": guarded.port, "username": "pickled", "password": "a"}
        mqtt = MqttConfig.model_validate(place)
        with Conversation(mqtt, HOME) as talk:
            for topic, payload in (device(HOME) | device(STUDIO)).items():
                talk.publish(topic, payload, retain=True)
        (check,) = check_left_overs(Config(mqtt=mqtt))
        assert (check.status, "1 devices" in check.what) == ("ok", True)
        off = Config(mqtt=mqtt, home_assistant={"enabled": False})
        (check,) = check_left_overs(off)
        assert check.status == "warn"


def test_command_that_doctor_names_clears_all_of_it(
    broker: Broker, run: Callable[..., Ran]
) -> None:
    """One command, as it stands there; nothing of anybody else goes."""
    others = device(HOME) | ALIVE | {"zigbee2mqtt/lamp": b"x"}
    lamp = {"homeassistant/device/lamp/config": b'{"origin": {"name": "zigbee2mqtt"}}'}
    gone = device(STUDIO) | laptop(STUDIO) | STOPPED
    mqtt = given(broker, others | lamp | gone)
    (check,) = check_left_overs(Config(mqtt=mqtt))
    command = shlex.split(check.remedy.split("`")[1])[1:]
    preview = run(*command, "--dry-run", "--broker", broker.url)
    assert preview.code == 0
    assert set(preview.out.split()) == set(gone)
    assert kept(broker) == set(others | lamp | gone)
    asked = run(*command, "--broker", broker.url)
    assert (asked.code, "--yes" in asked.err) == (2, True)
    done = run(*command, "--yes", "--broker", broker.url)
    assert (done.code, "4 topics are cleared" in done.out) == (0, True)
    assert kept(broker) == set(others | lamp)
    (check,) = check_left_overs(Config(mqtt=mqtt))
    assert check.status == "ok"
