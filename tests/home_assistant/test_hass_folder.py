"""What `hass/` offers, in a real Home Assistant: it loads, and names what is really there."""

from __future__ import annotations

import json
import re

import pytest

from tests.e2e.house import House
from tests.home_assistant.hass import HomeAssistant, both
from tests.stand_ins.processes import ROOT

FOLDER = ROOT / "hass"

pytestmark = [
    pytest.mark.hass,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not FOLDER.is_dir(), reason="this checkout has no hass/"),
]

_ENTITY = re.compile(
    r"\b(?:switch|select|number|button|notify|text|sensor|binary_sensor|event)\.pickled_[a-z0-9_]+"
)


async def test_dashboard_is_there_and_names_what_is_there(home: House, hass: HomeAssistant) -> None:
    """No card shows "entity not found"; a node's cards may name one of another house."""
    await both(home, hass)
    config = await hass.ask("lovelace/config", url_path="pickled-home")
    assert config["views"]
    named = set(_ENTITY.findall(json.dumps(config)))
    assert named
    assert not named - set(await hass.states())
    assert hass.complaints() == []


async def test_blueprints_are_read(home: House, hass: HomeAssistant) -> None:
    """Each has a name and inputs that Home Assistant understands."""
    await both(home, hass)
    listed = await hass.ask("blueprint/list", domain="automation")
    ours = {path: each for path, each in listed.items() if path.startswith("pickled/")}
    files = list((FOLDER / "blueprints" / "automation" / "pickled").glob("*.yaml"))
    assert len(ours) == len(files)
    assert not [path for path, each in ours.items() if "error" in each]
    assert all(each["metadata"]["input"] for each in ours.values())


async def test_packages_are_loaded(home: House, hass: HomeAssistant) -> None:
    """Their automations run, and name what is there."""
    files = list((FOLDER / "packages").glob("*.yaml"))
    if not files:
        pytest.skip("hass/ has no packages")
    await both(home, hass)
    states = await hass.states()
    named = {each for file in files for each in _ENTITY.findall(file.read_text(encoding="utf-8"))}
    assert not named - set(states)
    assert not [
        each for each, said in states.items() if each.startswith("automation.") and said != "on"
    ]
    assert hass.complaints() == []
