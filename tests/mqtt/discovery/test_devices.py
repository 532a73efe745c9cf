"""Tests of what Home Assistant is told about the devices."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pickled.messages import command
from pickled.messages.emotion import EMOTIONS
from pickled.messages.node import NodeInfo
from pickled.mqtt.discovery.devices import (
    Announcement,
    daemon_device,
    node_device,
    removed_device,
    vision_device,
)
from pickled.mqtt.examples import examples
from pickled.topics import RETIRED, TOPICS, Root, topic

ROOT = Root()
KEYS = Path(__file__).parent / "entities.txt"
"""Every entity as it was decided: it neither moves nor changes its category any more."""

MOST_PRIMARY = 15


def daemon(root: Root = ROOT, **how: Any) -> Announcement:
    """The usual device."""
    given: dict[str, Any] = {"prefix": "homeassistant", "personas": ["john"], "voices": ["amy"]}
    return daemon_device(root, **given | how)


def laptop(name: str = "laptop", root: Root = ROOT, **info: Any) -> Announcement:
    """A node's device."""
    told = NodeInfo(session=1, **info)
    return node_device(root, prefix="homeassistant", name=name, info=told)


def every_device() -> list[Announcement]:
    """One of each sort, with all that it can have."""
    node = laptop(devices={"input": "a microphone"})
    return [daemon(), node, vision_device(ROOT, prefix="homeassistant")]


def read(device: Announcement, **how: Any) -> dict[str, Any]:
    """Its payload."""
    return dict(json.loads(device.payload(**how)))


def test_entities_are_those_that_were_decided() -> None:
    """Home Assistant never moves an entity, and never changes its category.

    A line that goes from that file goes into RETIRED, and comes never back with another platform.
    """
    found = [
        f"{component['default_entity_id']} {component.get('entity_category', '-')} {key}"
        for device in every_device()
        for key, component in device.components.items()
    ]
    assert found == KEYS.read_text(encoding="utf-8").splitlines()
    assert not set(RETIRED) & set(daemon().components)


def test_device_has_few_entities_that_are_for_everybody() -> None:
    """What is neither diagnostic nor configuration fits a phone's screen."""
    primary = [each for each in daemon().components.values() if "entity_category" not in each]
    assert len(primary) <= MOST_PRIMARY


def test_devices_name_their_origin_and_hang_together() -> None:
    """Home Assistant requires identifiers and the origin's name; parts hang on the daemon."""
    first, node, vision = (read(each) for each in every_device())
    assert first["device"]["identifiers"] == ["pickled_home"]
    assert first["origin"]["name"] == "pickled"
    assert node["device"]["via_device"] == vision["device"]["via_device"] == "pickled_home"
    assert daemon(prefix="ha").topic == "ha/device/pickled_home/config"
    assert laptop().topic == "homeassistant/device/pickled_home-node-laptop/config"


def test_device_keys_are_those_that_home_assistant_knows() -> None:
    """One key too many at the level of the device, and all of its entities are missing."""
    device_keys = {"identifiers", "name", "manufacturer", "model", "sw_version"}
    for each in every_device():
        payload = read(each)
        assert set(payload) == {"device", "origin", "components"}
        assert set(payload["device"]) <= device_keys | {"via_device"}
        assert set(payload["origin"]) == {"name", "sw_version"}


def test_every_built_entity_of_the_table_is_discovered() -> None:
    """What the table marks as an entity is found in Home Assistant, and nothing else."""
    rows = [row for row in TOPICS if row.built]
    wanted = sum(len(row.entities) for row in rows)
    first, node, vision = every_device()
    assert sum(len(each.components) for each in (first, node, vision)) == wanted


def test_every_topic_is_in_the_contract() -> None:
    """What Home Assistant listens to is published, and what it sends is obeyed."""
    for device in every_device():
        for component in device.components.values():
            for name, value in component.items():
                if not name.endswith("topic"):
                    continue
                found = ROOT.find(value)
                assert found, value
                row, _ = found
                assert row.built
                assert "hass" in (row.by if name == "command_topic" else row.to)
                assert (row.kind == "command") == (name == "command_topic")
            for where in component.get("availability", []):
                assert ROOT.find(where["topic"])


def test_ids_are_unique_and_complete() -> None:
    """Ids never collide, also between two instances at one broker and odd names of nodes."""
    odd = [laptop(each) for each in ("laptop", "lap_top", "lap-top", "lap top", "Läp", "home")]
    others = [daemon(Root(instance="cabin-2")), laptop(root=Root(instance="home-node-laptop"))]
    devices = [daemon(), vision_device(ROOT, prefix="homeassistant"), *odd, *others]
    assert len({each.topic for each in devices}) == len(devices)
    all_of_them = [each for device in devices for each in device.components.values()]
    assert len({each["unique_id"] for each in all_of_them}) == len(all_of_them)
    for each in all_of_them:
        assert each["default_entity_id"] == f"{each['platform']}.{each['object_id']}"
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", each["object_id"])


def test_names_do_not_begin_with_the_device() -> None:
    """Home Assistant puts the device's name before them."""
    for device in every_device():
        for each in device.components.values():
            assert each["name"]
            assert not each["name"].lower().startswith("pickled")


def test_controls_set_what_they_show() -> None:
    """A switch, select or number has the command that its state is set by."""
    for device in every_device():
        for key, each in device.components.items():
            if each["platform"] in ("switch", "select", "number"):
                path = each["command_topic"].removeprefix(ROOT(""))
                assert path.endswith("/set") or key == "inhibit"


def test_attributes_are_objects() -> None:
    """Anything else fills Home Assistant's log at each message, and shows nothing."""
    for device in every_device():
        for each in device.components.values():
            if "json_attributes_topic" not in each or "json_attributes_template" in each:
                continue
            row, _ = ROOT.find(each["json_attributes_topic"]) or (None, None)
            assert row
            assert isinstance(json.loads(examples(row)[0]), dict), row.path


def test_options_list_every_value_that_can_come() -> None:
    """Home Assistant drops a value that is not among the options."""
    found = daemon(personas=["john", "ann"], voices=["amy"]).components
    assert found["persona"]["options"] == ["john", "ann"]
    assert found["voice"]["options"] == ["amy"]
    assert found["emotion"]["options"] == list(EMOTIONS)


def test_mute_and_panic_outlive_the_daemon() -> None:
    """They are obeyed by the nodes, so they stay usable; everything else needs its device."""
    first, node, vision = (each.components for each in every_device())
    assert {key for key, each in first.items() if "availability" not in each} == {
        "muted",
        "mic_muted",
        "panic",
    }
    assert first["paused"]["availability"] == [{"topic": ROOT("availability")}]
    own = ROOT("node/{node}/availability", node="laptop")
    assert node["muted"]["availability"] == [{"topic": own}]
    assert "availability" not in node["online"] | vision["online"]


def test_buttons_and_leases_send_what_their_command_takes() -> None:
    """A press is valid for the command behind it."""
    found = daemon().components
    for key in ("skip", "panic", "approve", "reject", "reload"):
        command.parse(topic(f"cmd/{key}").payload, found[key]["payload_press"].encode())
    for press, seconds in (("payload_on", 3600), ("payload_off", 0)):
        lease = command.parse(command.Inhibit, found["inhibit"][press].encode())
        assert (lease.holder, lease.seconds) == ("home_assistant", seconds)


def test_long_words_are_cut() -> None:
    """A value above 255 characters would be dropped as a whole."""
    first, node, _ = (each.components for each in every_device())
    for each in (first["caption"], first["response"], first["health"], node["last_error"]):
        assert "[:250]" in each["value_template"]


def test_without_text_nothing_shows_words() -> None:
    """With `publish_text: false` caption, answer and question are not there."""
    found = daemon(publish_text=False).components
    words = {"caption", "response", "crowd_question", "scene"}
    assert set(daemon().components) - set(found) == words


def test_what_is_gone_is_named_by_its_platform_or_told_whole() -> None:
    """A component goes by naming nothing but its platform, where Home Assistant knows it."""
    gone = {"old_lamp": "switch", "old_choice": "select", "old_news": "event"}
    assert read(daemon(), gone=gone)["components"]["old_lamp"] == {"platform": "switch"}
    whole = read(daemon(), gone=gone, whole=True)["components"]
    assert whole["old_lamp"]["unique_id"] == "pickled_home_old_lamp"
    assert whole["old_choice"]["options"]
    assert whole["old_news"]["event_types"]
    owner = daemon().owner
    left = json.loads(removed_device(owner, gone | {"muted": "switch", "voice": "select"}, {}))
    assert left["components"]["old_lamp"] == whole["old_lamp"]
    assert left["components"]["muted"] == daemon().components["muted"]
    assert left["components"]["voice"]["options"]
    assert left["device"] == {"identifiers": ["pickled_home"]}


def test_microphone_is_muted_only_where_there_is_one() -> None:
    """A node without a microphone has no switch for it."""
    assert "mic_muted" not in laptop(devices={"output": "CABLE Input"}).components
    assert "mic_muted" in laptop(devices={"input": "a microphone"}).components


@pytest.mark.parametrize(
    ("web", "shown"),
    [
        ("http://pickled.local:8000", True),
        ("https://[::1]/", True),
        (None, False),
        ("", False),
        ("pickled.local:8000", False),
        ("javascript:alert(1)", False),
        ("http://", False),
        ("http://[", False),
        ("http://a\n", False),
    ],
)
def test_link_to_the_dashboard_is_there_once_it_is_one(web: str | None, shown: bool) -> None:
    """An address without a scheme would cost the whole device."""
    assert read(daemon(web=web))["device"].get("configuration_url") == (web if shown else None)


def test_device_stays_below_what_any_broker_takes() -> None:
    """One message holds all of it, also with the voices of a large catalogue."""
    voices = [f"en-gb-some_speaker-medium-{number}" for number in range(300)]
    assert len(daemon(voices=voices).payload()) < 64 * 1024
