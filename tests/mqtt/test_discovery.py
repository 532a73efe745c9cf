"""Tests of what Home Assistant is told about the device."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pickled.messages import command
from pickled.messages.emotion import EMOTIONS
from pickled.mqtt.discovery import discovery, discovery_topic
from pickled.topics import TOPICS, Root

ROOT = Root()


def announced(root: Root = ROOT, **how: Any) -> dict[str, Any]:
    """The payload, read."""
    given: dict[str, Any] = {"prefix": "homeassistant", "personas": ["john"], "voices": ["amy"]}
    _, payload = discovery(root, **given | how)
    return dict(json.loads(payload))


def components(**how: Any) -> dict[str, dict[str, Any]]:
    """The components of the usual device."""
    return dict(announced(**how)["components"])


def test_discovery_names_one_device_with_its_origin() -> None:
    """Home Assistant requires identifiers and the origin's name."""
    payload = announced()
    assert payload["device"]["identifiers"] == ["pickled_home"]
    assert payload["origin"]["name"] == "pickled"
    assert discovery_topic(ROOT, "ha") == "ha/device/pickled_home/config"


def test_discovery_has_every_built_entity_of_the_table() -> None:
    """What the table marks as an entity is found in Home Assistant, and nothing else."""
    rows = [row for row in TOPICS if row.entity is not None and row.built]
    assert len(components()) == len(rows)
    topics = {each.get("state_topic") or each["command_topic"] for each in components().values()}
    assert topics == {ROOT(row.path) for row in rows}


def test_discovery_ids_are_unique_and_complete() -> None:
    """Ids never collide, also between two instances at one broker."""
    both = [
        *components().values(),
        *announced(Root(instance="cabin-2"))["components"].values(),
    ]
    assert len({each["unique_id"] for each in both}) == len(both)
    for each in both:
        assert each["default_entity_id"] == f"{each['platform']}.{each['object_id']}"


def test_discovery_switches_selects_and_numbers_can_be_set() -> None:
    """A control has the command topic that belongs to its state."""
    controls = [
        each for each in components().values() if each["platform"] in ("switch", "select", "number")
    ]
    assert controls
    for each in controls:
        assert each["command_topic"] == each["state_topic"].removesuffix("/state") + "/set"


def test_discovery_options_list_every_value_that_can_come() -> None:
    """Home Assistant drops a value that is not among the options."""
    found = components(personas=["john", "ann"], voices=["amy"])
    assert found["persona"]["options"] == ["john", "ann"]
    assert found["voice"]["options"] == ["amy"]
    assert found["emotion"]["options"] == list(EMOTIONS)


def test_discovery_mute_and_panic_outlive_the_daemon() -> None:
    """They are obeyed by the nodes, so they stay usable; everything else needs the daemon."""
    always = {key for key, each in components().items() if "availability" not in each}
    assert always == {"muted", "mic_muted", "panic"}
    assert components()["paused"]["availability"] == [{"topic": ROOT("availability")}]


def test_discovery_buttons_press_what_their_command_takes() -> None:
    """A press is valid for the command behind the button."""
    buttons = {each.get("command_topic"): each for each in components().values()}
    rows = [row for row in TOPICS if row.entity and row.entity.platform == "button" and row.built]
    assert rows
    for row in rows:
        command.parse(row.payload, buttons[ROOT(row.path)]["payload_press"].encode())


def test_discovery_text_sensors_are_cut() -> None:
    """A value above 255 characters would be dropped as a whole."""
    texts = [row for row in TOPICS if row.entity and row.entity.platform == "sensor"]
    long = [row for row in texts if row.payload is str or row.path == "response/state"]
    assert long
    for row in long:
        assert "[:250]" in components()[row.path.removesuffix("/state")]["value_template"]


def test_discovery_without_text_removes_what_shows_words() -> None:
    """With `publish_text: false` caption and answer vanish, also where they were before."""
    found = components(publish_text=False)
    assert found["caption"] == found["response"] == {"platform": "sensor"}
    assert found["emotion"]["state_topic"] == ROOT("emotion/state")


def test_discovery_removes_a_component_of_an_earlier_version() -> None:
    """A component goes by being named once with nothing but its platform."""
    assert components(gone={"old_lamp": "switch"})["old_lamp"] == {"platform": "switch"}


@pytest.mark.parametrize("base", ["pickled", "my.house"])
def test_discovery_topic_has_only_allowed_characters(base: str) -> None:
    """Home Assistant ignores an id with other characters."""
    topic = discovery_topic(Root(base, "a-b"), "homeassistant")
    device = topic.split("/")[2]
    assert device.replace("_", "").isalnum()
    assert device.islower()
