"""In a real Home Assistant: the dashboard loads, and each blueprint does what it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import needs_mosquitto
from tests.e2e.house import NODE, House, house
from tests.hass.home_assistant import (
    HomeAssistant,
    home_assistant,
    install,
    join_broker,
    needs_home_assistant,
)
from tests.hass.printed_broker import SECRETS, WATCHER, PrintedBroker
from tests.hass.yaml_files import BLUEPRINTS, DASHBOARD, PACKAGES, entities
from tests.stand_ins.processes import Process

pytestmark = [pytest.mark.hass, pytest.mark.alone, pytest.mark.timeout(400)]

LAMP = "light.studio"
PHONE = "device_tracker.phone"
INPUTS: dict[str, dict[str, Any]] = {
    "doorbell_quiet": {"doorbell": "input_boolean.doorbell", "seconds": 20},
    "raid_light": {"lights": [LAMP], "flashes": 1},
    "emotion_lamp": {"lamp": LAMP, "brightness": "maybe"},
    "persona_by_time": {"name": "maple"},
    "quiet_hours": {"begin": "00:00:00", "end": "23:59:59", "soft": 31},
    "going_live": {
        "stream": "input_boolean.live",
        "runs": "binary_sensor.nobody",
        "start": [{"action": "input_boolean.turn_on",
                   "target": {"entity_id": "input_boolean.started"}}],
    },
    "discreet_zone": {"who": PHONE, "zones": ["zone.home"], "meters": 400,
                      "minutes_off": 0.05},
    "context_facts": {"battery": ["sensor.phone_battery"], "weather": ["weather.town"]},
}  # fmt: skip
"""What each blueprint is filled in with; the lamp's brightness is wrong on purpose."""

AUTOMATIONS = [
    {
        "id": name,
        "alias": name,
        "initial_state": name in ("raid_light", "doorbell_quiet", "going_live", "discreet_zone"),
        "use_blueprint": {"path": f"pickled/{name}.yaml", "input": given},
    }
    for name, given in INPUTS.items()
]


class World:
    """A daemon, a node, a broker with the printed rights, and Home Assistant."""

    def __init__(self, at_home: House, daemon: Process, config: Path) -> None:
        self.at_home = at_home
        self.daemon = daemon
        self.config = config

    async def restart_daemon(self) -> None:
        """It ends, and comes back."""
        self.daemon.terminate()
        await asyncio.to_thread(self.daemon.wait, 20)
        self.daemon = await self.at_home.daemon()


@asynccontextmanager
async def world(folder: Path, broker: PrintedBroker) -> AsyncIterator[World]:
    """All but Home Assistant runs; that is installed in a folder."""
    config = folder / "hass"
    config.mkdir()
    install(config, AUTOMATIONS)
    mqtt = {"host": broker.host, "port": broker.port, "username": "pickled"}
    settings = {"memory": {"embedder": None}, "context": ["battery", "weather"]}
    sees = (WATCHER, SECRETS[WATCHER])
    mqtt |= {"password": SECRETS["pickled"]}
    async with house(folder, broker, login=sees, mqtt=mqtt, **settings) as at_home:
        mouth = f"node-{NODE}"
        for name, value in (("USERNAME", mouth), ("PASSWORD", SECRETS[mouth])):
            at_home.environ[f"PICKLED_MQTT__{name}"] = value
        await at_home.node()
        at_home.environ.clear()
        yield World(at_home, await at_home.daemon(), config)


async def put(ha: HomeAssistant, entity: str, state: str, **attributes: Any) -> None:
    """A device of the house says that."""
    await ha.post(f"api/states/{entity}", {"state": state, "attributes": attributes})


async def fire(ha: HomeAssistant, name: str) -> None:
    """An automation's time has come."""
    await ha.call("automation.turn_on", entity_id=f"automation.{name}")
    await ha.call("automation.trigger", entity_id=f"automation.{name}", skip_condition=False)


async def triggered(ha: HomeAssistant, name: str) -> Any:
    """When it last did something."""
    found = await ha.get(f"states/automation.{name}")
    return found["attributes"]["last_triggered"]


async def raid(here: World) -> None:
    """Somebody comes with friends."""
    told = {"event": "raid", "user": "BigFriend", "viewers": 120}
    await here.at_home.send("cmd/event", json.dumps(told))


async def flashes(ha: HomeAssistant, here: World) -> None:
    """A raid comes: the lamp goes on and off, and is as it was."""
    last, before = await triggered(ha, "raid_light"), await ha.get(f"states/{LAMP}")
    await raid(here)

    async def over() -> bool:
        found = (await ha.get("states/automation.raid_light"))["attributes"]
        return found["last_triggered"] != last and not found["current"]

    await ha.until(over, "the raid's light")
    after = await ha.get(f"states/{LAMP}")
    assert after["last_changed"] != before["last_changed"]
    assert after["state"] == before["state"]


async def raids(ha: HomeAssistant, here: World) -> None:
    """The first one flashes the light, and the second in a row does; a restart of ours does not."""
    await ha.call("light.turn_off", entity_id=LAMP)
    for _ in range(2):
        await flashes(ha, here)
    last = await triggered(ha, "raid_light")
    await here.restart_daemon()
    await ha.until_state("sensor.pickled_home_emotion", lambda state: state != "unavailable")
    await asyncio.sleep(2)
    assert await triggered(ha, "raid_light") == last


async def doorbell(ha: HomeAssistant, here: World) -> None:
    """It is silent for the seconds that were chosen."""
    await ha.call("input_boolean.turn_on", entity_id="input_boolean.doorbell")
    await here.at_home.until("inhibit/state", lambda text: '"doorbell"' in text)
    await here.at_home.send("cmd/inhibit", '{"holder": "doorbell", "seconds": 0}')


async def lamp(ha: HomeAssistant, here: World) -> None:
    """The lamp takes the colour of what it feels, and half its brightness for want of a number."""
    await ha.call("automation.turn_on", entity_id="automation.emotion_lamp")
    before = await ha.state("sensor.pickled_home_emotion")
    told = {"event": "tip", "user": "Ana", "amount": 5, "currency": "EUR"}
    while await ha.state("sensor.pickled_home_emotion") == before:
        await here.at_home.send("cmd/event", json.dumps(told))
        await here.at_home.ask("What did chat think of that?")
        await asyncio.sleep(0.5)
    await ha.until_state(LAMP, lambda state: state == "on")
    found = (await ha.get(f"states/{LAMP}"))["attributes"]
    assert found["brightness"] == pytest.approx(128, abs=2)
    assert found["rgb_color"]


async def persona(ha: HomeAssistant, here: World) -> None:
    """Another character is in force."""
    await fire(ha, "persona_by_time")
    await here.at_home.until_state("persona/state", "maple")


async def quiet(ha: HomeAssistant, here: World) -> None:
    """Softer, and only when asked."""
    await fire(ha, "quiet_hours")
    await here.at_home.until_state("volume/state", "31")
    await here.at_home.until_state("spontaneity/state", "0")


async def live(ha: HomeAssistant, here: World) -> None:
    """What starts the service is done, once the stream begins."""
    assert here.daemon
    await ha.call("input_boolean.turn_on", entity_id="input_boolean.live")
    await ha.until_state("input_boolean.started", lambda state: state == "on")


async def near(ha: HomeAssistant, here: World) -> None:
    """While nobody knows where it is, discreet; near the zone, too; far away no more."""
    zone = (await ha.get("states/zone.home"))["attributes"]

    async def walk(meters: float) -> None:
        north = zone["latitude"] + meters / 111_200
        await put(ha, PHONE, "not_home", latitude=north, longitude=zone["longitude"])

    await here.at_home.until_state("discreet/state", "ON")
    await walk(9_000)
    await here.at_home.until_state("discreet/state", "OFF")
    await walk(5_000)
    await asyncio.sleep(2)
    assert here.at_home.state("discreet/state") == "OFF"
    await walk(zone["radius"] + 300)
    await here.at_home.until_state("discreet/state", "ON")
    for meters in range(2_000, 3_000, 100):
        await walk(meters)  # who moves sends positions all the time
        await asyncio.sleep(0.4)
    await here.at_home.until_state("discreet/state", "OFF")


async def facts(ha: HomeAssistant, here: World) -> None:
    """Battery and weather may be used by the persona."""
    await put(ha, "sensor.phone_battery", "81", unit_of_measurement="%")
    await put(ha, "weather.town", "partlycloudy", temperature=11.6, temperature_unit="°C")
    await fire(ha, "context_facts")
    await here.at_home.until("context/state", lambda text: "81" in text and "12 °C" in text)


async def scripts(ha: HomeAssistant, here: World) -> None:
    """Those of the package, as the dashboard calls them."""
    await here.at_home.command("persona/set", "")
    await ha.call("script.pickled_hush")
    await here.at_home.until("inhibit/state", lambda text: '"hush"' in text)
    await ha.call("script.pickled_speak_again")
    await here.at_home.until("inhibit/state", "[]", after=here.at_home.now - 1)
    await ha.call("script.pickled_back_soon")
    await here.at_home.until("response/state", lambda text: "Back in five minutes!" in text)
    words = {"entity_id": "input_text.pickled_words", "value": "Welcome, everybody!"}
    await ha.call("input_text.set_value", **words)
    await ha.call("script.pickled_say_words")
    await here.at_home.until("response/state", lambda text: "Welcome, everybody!" in text)


DONE: tuple[Callable[[HomeAssistant, World], Awaitable[None]], ...] = (
    raids, doorbell, lamp, persona, quiet, live, near, facts, scripts,
)  # fmt: skip


async def test_all_of_it_in_a_real_home_assistant(tmp_path: Path) -> None:
    """Installed as the README tells, each does what it says; nothing of ours is in its log."""
    needs_home_assistant()
    needs_mosquitto()
    with PrintedBroker() as broker:
        async with world(tmp_path, broker) as here:
            async with home_assistant(here.config) as ha:
                await join_broker(ha, broker)
                for turn in ("turn_off", "turn_on"):  # it began to listen when there was no MQTT
                    await ha.call(f"automation.{turn}", entity_id="automation.raid_light")
                await ha.until_state("switch.pickled_home_muted", lambda state: state == "off")
                await blueprints_load(ha)
                await dashboard_loads(ha)
                for each in DONE:
                    await each(ha, here)
                last = await triggered(ha, "raid_light")
            async with home_assistant(here.config, fresh=False) as ha:
                await ha.until_state("switch.pickled_home_muted", lambda state: state == "off")
                await asyncio.sleep(2)
                assert await triggered(ha, "raid_light") == last
                await ha.call("light.turn_off", entity_id=LAMP)
                await flashes(ha, here)
                complaints = [line for line in ha.log.splitlines() if "pickled" in line.casefold()]
            assert complaints == []


async def blueprints_load(ha: HomeAssistant) -> None:
    """Each is listed without an error, and an automation made of it is there."""
    listed = await ha.ask("blueprint/list", domain="automation")
    ours = {path: each for path, each in listed.items() if path.startswith("pickled/")}
    assert {Path(path).stem for path in ours} == {path.stem for path in BLUEPRINTS} == set(INPUTS)
    assert [each["error"] for each in ours.values() if "error" in each] == []
    for name in INPUTS:
        assert await ha.state(f"automation.{name}") in ("on", "off"), name


async def dashboard_loads(ha: HomeAssistant) -> None:
    """It is delivered with its three views, and each entity on it is there."""
    found = await ha.ask("lovelace/config", url_path="pickled-cohost")
    assert [view["path"] for view in found["views"]] == ["live", "control", "health"]
    for path in (DASHBOARD, *PACKAGES):
        for entity in sorted(entities(path) - {"scene.pickled_before_the_raid"}):
            await ha.until_state(entity, lambda _: True)
