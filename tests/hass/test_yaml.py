"""Dashboard, blueprints and package name only what there is, and are written as they have to be."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from pickled.errors import CommandRefused
from pickled.messages.command import parse
from pickled.messages.emotion import EMOTIONS
from pickled.topics import Root
from tests.hass.tables import page
from tests.hass.yaml_files import (
    BLUEPRINTS,
    DASHBOARD,
    PACKAGES,
    Input,
    entities,
    leaves,
    mappings,
    read,
)
from tests.orchestrator.rig import Rig
from tests.stand_ins.node import StandInNode
from tests.stand_ins.virtual_time import in_virtual_time

ROOT = Root()
(PACKAGE,) = PACKAGES
CORE_CARDS = {
    "heading", "markdown", "tile", "entities", "history-graph", "logbook", "conditional",
    "vertical-stack", "horizontal-stack", "button", "grid",
}  # fmt: skip
CORE_FEATURES = frozenset({"toggle", "select-options", "numeric-input"})
SELECTORS = {"entity", "number", "boolean", "text", "color_rgb", "time", "select", "action"}
BLUEPRINT_KEYS = {"name", "description", "domain", "author", "homeassistant", "input"}
AUTOMATION_KEYS = {
    "blueprint", "mode", "max", "trigger_variables", "triggers", "variables", "conditions",
    "actions",
}  # fmt: skip
LATER = {
    "select.pickled_home_uplink", "switch.pickled_home_inhibit",
    "binary_sensor.pickled_home_problem", "sensor.pickled_home_health",
    "sensor.pickled_home_answered", "sensor.pickled_home_refused", "sensor.pickled_home_memory",
    "sensor.pickled_home_viewers",
}  # fmt: skip
"""Entities of the daemon that come with the devices of nodes; until then they may be missing."""


@pytest.fixture(scope="module")
def announced(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The entities that a running daemon, with a node, tells Home Assistant of."""
    found: set[str] = set()

    async def look(rig: Rig) -> None:
        rig.nodes.append(StandInNode(rig.broker, "laptop"))
        async with rig.running():
            await asyncio.sleep(10)  # of virtual time: whoever is announced is by then
        for sent in rig.broker.log:
            if sent.topic.startswith("homeassistant/device/") and sent.payload:
                parts = json.loads(sent.payload)["components"].values()
                found.update(each["default_entity_id"] for each in parts if len(each) > 1)

    in_virtual_time(lambda: look(Rig(tmp_path_factory.mktemp("announced"))))
    return found


def own(path: Path) -> set[str]:
    """Entities that the package makes itself."""
    package = read(path)
    made = {f"{kind}.{name}" for kind in ("script", "input_text") for name in package[kind]}
    return made | {"scene.pickled_before_the_raid"}  # by the blueprint that uses it


@pytest.mark.parametrize("path", [DASHBOARD, *PACKAGES, *BLUEPRINTS], ids=lambda path: path.stem)
def test_entities_are_those_that_are_announced(path: Path, announced: set[str]) -> None:
    """No card, trigger or template names an entity that nobody has."""
    missing = entities(path) - own(PACKAGE) - announced
    of_nodes = {each for each in missing if "_node_laptop_" in each}
    if any("_node_laptop_" in each for each in announced):
        assert not of_nodes
    assert missing - of_nodes <= LATER


def test_dashboard_names_the_entities_that_matter() -> None:
    """This notices if they are not found any more."""
    assert len(entities(DASHBOARD)) > 40


@pytest.mark.parametrize("path", [*PACKAGES, *BLUEPRINTS], ids=lambda path: path.stem)
def test_topics_are_those_of_the_contract(path: Path) -> None:
    """What is published is a command, what is listened to an event or a state."""
    for each in mappings(read(path)):
        topic = str(each.get("topic", "")).replace("{{ root }}", "pickled/home")
        if not topic or "selector" in each:
            continue
        found = ROOT.find(topic)
        assert found, topic
        assert (found[0].kind == "command") == ("payload" in each and "trigger" not in each)
        assert "hass" in (found[0].by if found[0].kind == "command" else found[0].to)


def test_payloads_of_the_package_are_taken() -> None:
    """Each command in it is one that the daemon does."""
    sent = [each for each in mappings(read(PACKAGE)) if "topic" in each]
    assert sent
    for each in sent:
        row = ROOT.find(each["topic"])
        assert row
        try:
            parse(row[0].payload, each["payload"].encode())
        except CommandRefused as refusal:
            pytest.fail(f"{each}: {refusal}")


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_blueprint_is_of_the_right_form(path: Path) -> None:
    """Home Assistant checks little of it: names are texts, selectors exist, inputs are used."""
    found = read(path)
    assert found.keys() <= AUTOMATION_KEYS
    about = found["blueprint"]
    assert about.keys() == BLUEPRINT_KEYS
    assert (about["domain"], about["author"]) == ("automation", "pickled")
    assert about["name"].startswith("pickled: ")
    assert re.fullmatch(r"20\d\d\.\d+\.\d+", about["homeassistant"]["min_version"])
    for name, given in about["input"].items():
        assert isinstance(given["name"], str), name
        (selector,) = given["selector"]
        assert selector in SELECTORS, name
        assert given.keys() <= {"name", "description", "default", "selector"}, name
    used = {str(each) for each in leaves(found) if isinstance(each, Input)}
    assert used == about["input"].keys()


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_blueprint_guards_its_numbers(path: Path) -> None:
    """A selector is for the dialog only: what stands in a file may be anything."""
    found = read(path)
    templates = re.findall(r"{[{%].*?[}%]}", path.read_text(), re.DOTALL)
    for name, given in found["blueprint"]["input"].items():
        if "number" in given["selector"]:
            uses = [
                following
                for template in templates
                for following in re.findall(rf"(?<![\w.'])\b{name}\b(?!')(.{{0,9}})", template)
            ]
            assert uses, name
            assert all(re.match(r" \| (int|float)\(", each) for each in uses), (name, uses)


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_blueprint_listens_so_that_restarts_count_for_nothing(path: Path) -> None:
    """Events come by MQTT, where the second raid in a row is one; states say what is no change."""
    for trigger in read(path)["triggers"]:
        kind = trigger["trigger"]
        assert kind in {"state", "time", "time_pattern", "homeassistant", "mqtt", "template"}
        assert "attribute" not in trigger
        if kind == "mqtt":
            assert "default('')" in trigger["value_template"]


def test_lamp_knows_every_emotion() -> None:
    """Each has a colour of its own."""
    (path,) = (each for each in BLUEPRINTS if each.stem == "emotion_lamp")
    colors = read(path)["variables"]["colors"]
    assert colors.keys() == set(EMOTIONS)
    assert len({tuple(each) for each in colors.values()}) == len(EMOTIONS)


def test_dashboard_has_three_views_of_core_cards() -> None:
    """Nothing has to be installed beside Home Assistant."""
    found = read(DASHBOARD)
    assert [view["path"] for view in found["views"]] == ["live", "control", "health"]
    for view in found["views"]:
        for card in mappings(view["sections"]):
            if "card" in card or ("type" in card and "features" in card):
                assert card["type"] in CORE_CARDS, card
            for feature in card.get("features", []):
                assert feature["type"] in CORE_FEATURES
            for each in card.get("cards", []):
                assert each["type"] in CORE_CARDS, each
    assert "custom:" not in DASHBOARD.read_text()


def test_package_keys_and_file_names_are_taken() -> None:
    """A dash in the file's name leaves a package out; keys of others are not in the way."""
    package: dict[str, Any] = read(PACKAGE)
    assert re.fullmatch(r"[a-z0-9_]+\.yaml", PACKAGE.name)
    keys = [key for kind in ("script", "input_text") for key in package[kind]]
    keys += [each["id"] for each in package["automation"]]
    assert [key for key in keys if not key.startswith("pickled_")] == []


def test_readme_has_each_file_and_each_blueprint() -> None:
    """Whoever reads it finds all that there is."""
    readme = page("README.md")
    for path in (DASHBOARD, *PACKAGES, *BLUEPRINTS):
        assert f"{path.name})" in readme, path.name
