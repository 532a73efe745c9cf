"""A Home Assistant that listens below another prefix: its birth stays where it always is."""

from __future__ import annotations

import json

import pytest

from tests.e2e.house import House
from tests.home_assistant.hass import HomeAssistant, both

pytestmark = [pytest.mark.hass, pytest.mark.timeout(300)]

PREFIX = "ha/house"
BORN_S = 30.0
"""Home Assistant says that it is there about 10 s after its start."""


async def test_other_prefix_is_honoured_and_the_birth_is_heard(
    foreign_home: House, hass: HomeAssistant
) -> None:
    """The device is there, and all is told again when Home Assistant comes back."""
    home = foreign_home
    given = json.loads(home.config.read_text())
    given["mqtt"]["discovery_prefix"] = PREFIX
    home.config.write_text(json.dumps(given))
    await hass.listen_below(PREFIX)
    try:
        await both(home, hass)
        moment = home.now
        await hass.restart()
        topic = f"{PREFIX}/device/pickled_home/config"
        await home.watcher.until(
            lambda each: each.at >= moment and each.topic == topic, timeout=BORN_S
        )
        assert [each for each in home.watcher.seen if each.topic == "homeassistant/status"]
        await hass.until("switch.pickled_home_paused", "off")
        assert hass.complaints() == []
    finally:
        await hass.listen_below("homeassistant")
