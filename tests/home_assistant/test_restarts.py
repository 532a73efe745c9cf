"""Home Assistant, broker and daemon go and come in any order, and all is right again by itself."""

from __future__ import annotations

import asyncio
import itertools
import json

import pytest

from tests.e2e.house import NODE, House
from tests.home_assistant.hass import HomeAssistant, both
from tests.stand_ins.broker import Broker
from tests.stand_ins.processes import Process, python

pytestmark = [pytest.mark.hass, pytest.mark.timeout(300)]

HEALED_S = 10.0
SWEPT_S = 30.0
"""Home Assistant says that it is there about 10 s after its start."""

ALWAYS = ("switch.pickled_home_muted", "switch.pickled_home_mic_muted", "button.pickled_home_panic")
NODES = "pickled_home_node_laptop"


def ours(states: dict[str, str]) -> dict[str, str]:
    """Of the daemon's device and the laptop's."""
    return {each: said for each, said in states.items() if "pickled_home" in each}


async def healed(home: House, hass: HomeAssistant, volume: int) -> None:
    """Nothing is unavailable, and what is set in Home Assistant is in force, within 10 s."""
    async with asyncio.timeout(HEALED_S):
        while True:
            states = ours(await hass.states())
            if len(states) > 40 and "unavailable" not in states.values():
                break
            await asyncio.sleep(0.1)
        await hass.call("number.set_value", "number.pickled_home_volume", value=volume)
        await home.until_state("volume/state", str(volume))
        await hass.until("number.pickled_home_volume", lambda said: float(said) == volume)
        await hass.until("sensor.pickled_home_caption", "")
        await hass.until("sensor.pickled_home_crowd_question", "")


@pytest.mark.parametrize("order", list(itertools.permutations(("hass", "broker", "daemon"))))
async def test_house_heals_whoever_comes_first(
    home: House, hass: HomeAssistant, house_broker: Broker, order: tuple[str, ...]
) -> None:
    """All three are off; they come back in any order."""
    daemon, _ = await both(home, hass)
    daemon.kill()
    await hass.stop()
    house_broker.stop()
    moment = 0.0
    for each in order:
        if each == "hass":
            await hass.start()
        elif each == "broker":
            await asyncio.to_thread(house_broker.start)
        else:
            moment = home.now
            daemon_again = home.start("daemon again", _daemon(home))
    await home.until("availability", "online", after=moment)
    await healed(home, hass, 20 + len(order[0]) + len(order[1]) * 5)
    assert not daemon_again.ended
    assert hass.complaints() == [] or all("onnect" in each for each in hass.complaints())


def _daemon(home: House) -> list[str]:
    return python("pickled", "run", "--config", str(home.config))


async def test_daemon_that_dies_is_unavailable_but_for_what_the_nodes_obey(
    home: House, hass: HomeAssistant
) -> None:
    """Mute and panic stay, tell the truth, and release; all else is back with the daemon."""
    daemon, _ = await both(home, hass)
    daemon.kill()
    await hass.until("switch.pickled_home_paused", "unavailable")
    states = ours(await hass.states())
    there = {each for each, said in states.items() if said != "unavailable"}
    assert there >= set(ALWAYS)
    assert all(NODES in each for each in there - set(ALWAYS))
    for verb, shown in (("turn_on", "on"), ("turn_off", "off")):
        await hass.call(f"switch.{verb}", "switch.pickled_home_muted")
        await hass.until("switch.pickled_home_muted", shown, within=1)
        await hass.until(f"switch.{NODES}_muted", shown, within=1)
    await hass.call("button.press", "button.pickled_home_panic")
    await hass.until("switch.pickled_home_muted", "on", within=1)
    await home.daemon()
    await hass.until("switch.pickled_home_paused", "off", within=HEALED_S)
    await hass.until("switch.pickled_home_muted", "on")
    await hass.call("switch.turn_off", "switch.pickled_home_muted")
    for mute in ("switch.pickled_home_muted", f"switch.{NODES}_muted"):
        await hass.until(mute, "off")
    assert hass.complaints() == []


async def test_node_that_goes_is_shown(home: House, hass: HomeAssistant) -> None:
    """Online is off, not unknown; what it can't obey is unavailable."""
    _, node = await both(home, hass)
    node.terminate()
    await hass.until(f"binary_sensor.{NODES}_online", "off")
    await hass.until(f"switch.{NODES}_muted", "unavailable")
    await hass.until("sensor.pickled_home_health", lambda said: "node down: " in said)
    await hass.until("binary_sensor.pickled_home_problem", "on")
    assert hass.complaints() == []


async def test_texts_that_are_empty_are_empty_after_a_restart(
    home: House, hass: HomeAssistant
) -> None:
    """Not `unknown`, and at once: nobody has to send them again."""
    await both(home, hass)
    await home.say("Hello there.")
    await hass.until("sensor.pickled_home_caption", "")
    await hass.restart()
    await hass.until("sensor.pickled_home_caption", "")
    await hass.until("sensor.pickled_home_crowd_question", "")
    assert hass.complaints() == []


def configure(home: House, **settings: object) -> None:
    """Somebody edits pickled.yaml."""
    given = json.loads(home.config.read_text())
    for key, value in settings.items():
        given[key] = given.get(key, {}) | value if isinstance(value, dict) else value
    home.config.write_text(json.dumps(given))


async def gone(hass: HomeAssistant, *entities: str) -> None:
    """Neither states nor the registry know them."""
    async with asyncio.timeout(SWEPT_S):
        while set(entities) & (set(await hass.entities()) | set(await hass.states())):
            await asyncio.sleep(0.2)


async def restarted(home: House, daemon: Process, **settings: object) -> Process:
    """The daemon ends, and comes with other settings."""
    daemon.terminate()
    await asyncio.to_thread(daemon.wait)
    configure(home, **settings)
    return await home.daemon()


async def test_what_is_switched_off_while_home_assistant_is_away_leaves_no_ghost(
    home: House, hass: HomeAssistant
) -> None:
    """Text, then the whole of discovery; and all of it comes back."""
    words = [f"sensor.pickled_home_{each}" for each in ("caption", "response", "crowd_question")]
    daemon, _ = await both(home, hass)
    await hass.stop()
    daemon = await restarted(home, daemon, mqtt={"publish_text": False})
    await hass.start()
    await gone(hass, *words)
    await hass.until("switch.pickled_home_paused", "off")
    await hass.stop()
    daemon = await restarted(home, daemon, home_assistant={"enabled": False})
    await hass.start()
    async with asyncio.timeout(SWEPT_S):
        while ours(dict.fromkeys(await hass.entities(), "")):
            await asyncio.sleep(0.2)
    assert not [each for each in await hass.devices() if each.startswith("pickled_home")]
    await restarted(home, daemon, mqtt={"publish_text": True}, home_assistant={"enabled": True})
    await hass.until("switch.pickled_home_paused", "off")
    await hass.until("sensor.pickled_home_caption", "")
    assert hass.complaints() == []


async def test_renamed_instance_and_a_sold_laptop_leave_nothing(
    foreign_home: House, hass: HomeAssistant
) -> None:
    """The former name goes with the start under the new one; the laptop by one command."""
    home = foreign_home
    daemon, node = await both(home, hass)
    node.terminate()
    await asyncio.to_thread(node.wait)
    code, said = await home.run(
        "mqtt", "purge", "--node", NODE, "--yes", "--broker", home.broker.url
    )
    assert code == 0, said
    await gone(hass, f"switch.{NODES}_muted", f"binary_sensor.{NODES}_online")
    daemon.terminate()
    await asyncio.to_thread(daemon.wait)
    configure(home, instance="studio")
    moved = home.start("daemon", _daemon(home))
    await hass.until("switch.pickled_studio_paused", "off")
    await gone(hass, *ours(dict.fromkeys(await hass.entities(), "")))
    moved.terminate()
    await asyncio.to_thread(moved.wait)
    code, said = await home.run(
        "mqtt", "purge", "--instance", "studio", "--yes", "--broker", home.broker.url
    )
    assert code == 0, said
    await gone(hass, "switch.pickled_studio_muted")
    assert hass.complaints() == []
