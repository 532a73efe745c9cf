"""The device in a real Home Assistant: all of its entities, each of its controls."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.e2e.house import NODE, House
from tests.home_assistant.hass import HomeAssistant, both
from tests.mqtt.discovery.test_devices import KEYS

pytestmark = [pytest.mark.hass, pytest.mark.timeout(300)]


async def test_device_appears_with_all_its_entities(home: House, hass: HomeAssistant) -> None:
    """Each under the id and in the category that was decided; devices hang together."""
    await both(home, hass)
    found = await hass.entities()
    for line in KEYS.read_text(encoding="utf-8").splitlines():
        entity_id, category, _ = line.split()
        if "vision" in entity_id or entity_id.endswith("laptop_mic_muted"):
            continue
        entry = found.pop(entity_id)
        assert (entry["entity_category"] or "-") == category.replace("config", "config")
        assert entry["disabled_by"] is None
    assert not found
    devices = await hass.devices()
    ours, laptop = devices["pickled_home"], devices[f"pickled_home-node-{NODE}"]
    assert (ours["name"], ours["manufacturer"], ours["configuration_url"]) == (
        "Pickled",
        "pickled",
        None,
    )
    assert (laptop["name"], laptop["via_device_id"]) == (f"Pickled node {NODE}", ours["id"])
    assert hass.complaints() == []


async def test_every_state_is_known(home: House, hass: HomeAssistant) -> None:
    """After a first answer nothing is `unknown` but what never happened."""
    await both(home, hass)
    await home.say("Hello there.")
    await hass.until("sensor.pickled_home_response", "Hello there.")
    await hass.until("sensor.pickled_home_caption", "")
    await asyncio.sleep(1.2)
    states = {each: said for each, said in (await hass.states()).items() if "pickled_home" in each}
    nameless = {each for each, said in states.items() if said in ("unknown", "unavailable")}
    pressed = ("button.", "notify.", "text.", "event.")
    assert {each for each in nameless if not each.startswith(pressed)} <= {
        "sensor.pickled_home_refused"
    }
    health = json.loads(home.state("health/state") or "{}")
    trouble = "; ".join(
        f"{part} {how['status']}: {how['detail']}"
        for part, how in health.items()
        if how["status"] in ("degraded", "down")
    )
    assert states["sensor.pickled_home_health"] == (trouble[:250] or "ok")
    assert states["binary_sensor.pickled_home_problem"] == ("on" if trouble else "off")
    assert states["sensor.pickled_home_node_laptop_last_error"] == ""
    assert states["binary_sensor.pickled_home_node_laptop_no_sound"] == "off"
    assert hass.complaints() == []


LONG = (
    "We walked along the river until the market came into sight, and there were stalls with "
    "oranges, bread and cheese, with flowers, books and old records, and a man who played the "
    "accordion so well that everybody stood still for a while, even the children, and the dog "
    "that had followed us since the bridge sat down beside him."
)
"""More than the 255 characters that a state may have."""

SWITCHES = ("muted", "mic_muted", "paused", "discreet", "approval")
NUMBERS = (("volume", 35), ("cooldown", 7.5), ("spontaneity", 64))


async def test_every_control_works_from_home_assistant_to_the_daemon(
    home: House, hass: HomeAssistant
) -> None:
    """What is set there is in force here, and shown there."""
    await both(home, hass)
    for key in SWITCHES:
        for verb, there, here in (("turn_on", "on", "ON"), ("turn_off", "off", "OFF")):
            assert await hass.call(f"switch.{verb}", f"switch.pickled_home_{key}") == 200
            await home.until_state(f"{key}/state", here)
            await hass.until(f"switch.pickled_home_{key}", there)
    for key, value in NUMBERS:
        entity = f"number.pickled_home_{key}"
        assert await hass.call("number.set_value", entity, value=value) == 200
        await home.until_state(f"{key}/state", f"{value:g}")
        await hass.until(entity, lambda said, value=value: float(said) == value)
    for key in ("persona", "voice"):
        entity = f"select.pickled_home_{key}"
        now = await hass.state(entity)
        other = next(each for each in now["attributes"]["options"] if each != now["state"])
        assert await hass.call("select.select_option", entity, option=other) == 200
        await home.until_state(f"{key}/state", other)
        await hass.until(entity, other)
    uplink = "select.pickled_home_uplink"
    assert await hass.call("select.select_option", uplink, option="low") == 200
    assert (await hass.until(uplink, "low"))["attributes"]["quality"] == "low"
    lease = "switch.pickled_home_inhibit"
    assert await hass.call("switch.turn_on", lease) == 200
    shown = await hass.until(lease, "on")
    assert shown["attributes"]["leases"][0]["holder"] == "home_assistant"
    assert await hass.call("switch.turn_off", lease) == 200
    assert (await hass.until(lease, "off"))["attributes"]["leases"] == []
    assert hass.complaints() == []


async def test_every_button_is_pressed(home: House, hass: HomeAssistant) -> None:
    """Each is answered, and a refusal is shown with its reason."""
    await both(home, hass)
    for key, code in (
        ("skip", '"rejected"'),
        ("approve", '"rejected"'),
        ("reject", '"rejected"'),
        ("reload", '"accepted"'),
        ("panic", '"accepted"'),
    ):
        moment = home.now
        assert await hass.call("button.press", f"button.pickled_home_{key}") == 200
        seen = await home.until(
            "event/command", lambda text, key=key: f'"cmd/{key}"' in text, after=moment
        )
        assert code in seen.text, seen.text
        if code == '"rejected"':
            await hass.until(
                "sensor.pickled_home_refused", lambda said, key=key: said.startswith(f"cmd/{key}: ")
            )
    await hass.until("switch.pickled_home_muted", "on")
    await hass.call("switch.turn_off", "switch.pickled_home_muted")
    for mute in ("switch.pickled_home_muted", "switch.pickled_home_node_laptop_muted"):
        await hass.until(mute, "off")
    assert hass.complaints() == []


@pytest.mark.parametrize("text", ["Hello there.", '{"text": "no"} is no order', "{ braces }"])
async def test_any_text_is_said(home: House, hass: HomeAssistant, text: str) -> None:
    """Also one that begins as JSON does."""
    await both(home, hass)
    moment = home.now
    assert await hass.call("notify.send_message", "notify.pickled_home_say", message=text) == 200
    answer = await home.until("event/command", lambda said: '"cmd/say"' in said, after=moment)
    assert '"accepted"' in answer.text
    moment = home.now
    assert await hass.call("text.set_value", "text.pickled_home_ask", value=text) == 200
    answer = await home.until("event/command", lambda said: '"cmd/ask"' in said, after=moment)
    assert '"accepted"' in answer.text
    assert hass.complaints() == []


@pytest.mark.parametrize(
    ("text", "shown"), [("None", "“None”"), ("unavailable", "“unavailable”"), (LONG, None)]
)
async def test_words_are_shown_as_words(
    home: House, hass: HomeAssistant, text: str, shown: str | None
) -> None:
    """Also those by which Home Assistant says that it knows nothing; a long text is cut."""
    await both(home, hass)
    await home.say(text)
    await hass.until("sensor.pickled_home_response", shown or text[:250].strip(), within=60)
    found = await hass.state("sensor.pickled_home_response")
    assert found["attributes"]["text"] == text.strip()
    assert hass.complaints() == []


async def test_event_of_the_stream_is_an_event(home: House, hass: HomeAssistant) -> None:
    """A tip comes with its amount; each one counts, also the second in a row."""
    await both(home, hass)
    before = (await hass.state("event.pickled_home_event_stream"))["state"]
    for amount in (5, 7):
        await home.send("cmd/event", json.dumps({"event": "tip", "user": "ana", "amount": amount}))
        shown = await hass.until(
            "event.pickled_home_event_stream", lambda said, before=before: said != before
        )
        assert shown["attributes"]["event_type"] == "tip"
        assert shown["attributes"]["amount"] == amount
        before = shown["state"]
    assert hass.complaints() == []


async def test_answer_that_is_held_can_be_read_and_approved(
    home: House, hass: HomeAssistant
) -> None:
    """Who approves sees what."""
    await both(home, hass)
    await hass.call("switch.turn_on", "switch.pickled_home_approval")
    await home.until_state("approval/state", "ON")
    moment = home.now
    await hass.call("text.set_value", "text.pickled_home_ask", value="What did chat think of it?")
    shown = await hass.until("sensor.pickled_home_held", "1")
    held = await home.until("held/state", lambda said: said != "[]", after=moment)
    assert shown["attributes"]["text"]
    assert shown["attributes"]["text"] in held.text
    assert shown["attributes"]["answers"][0]["turn"] == shown["attributes"]["turn"]
    await asyncio.sleep(0.6)
    await hass.call("button.press", "button.pickled_home_approve")
    after = await hass.until("sensor.pickled_home_held", "0")
    assert (after["attributes"]["text"], after["attributes"]["answers"]) == ("", [])
    answer = await home.until("event/command", lambda said: "cmd/approve" in said, after=moment)
    assert '"accepted"' in answer.text
    assert hass.complaints() == []


async def test_node_is_steered_by_itself(home: House, hass: HomeAssistant) -> None:
    """Its own mute and volume; the co-host's stay."""
    await both(home, hass)
    mute, volume = (f"{each}.pickled_home_node_laptop_{key}" for each, key in (
        ("switch", "muted"), ("number", "volume")
    ))  # fmt: skip
    assert await hass.call("number.set_value", volume, value=55) == 200
    await hass.until(volume, lambda said: float(said) == 55)
    assert await hass.call("switch.turn_on", mute) == 200
    await hass.until(mute, "on")
    await home.until(f"node/{NODE}/state", lambda said: '"muted_alone":true' in said)
    assert await hass.call("switch.turn_off", mute) == 200
    await hass.until(mute, "off")
    await hass.until("switch.pickled_home_muted", "off")
    assert hass.complaints() == []


async def test_personas_that_are_added_can_be_chosen(
    home: House, hass: HomeAssistant, tmp_path: Path
) -> None:
    """A new file, `Reload`, and the select has it."""
    await both(home, hass)
    entity = "select.pickled_home_persona"
    before = (await hass.state(entity))["attributes"]["options"]
    folder = tmp_path / "personas"
    assert folder.is_dir(), before
    source = (folder / f"{before[0]}.yaml").read_text(encoding="utf-8")
    (folder / "quincy.yaml").write_text(source)
    await hass.call("button.press", "button.pickled_home_reload")
    await hass.until(entity, lambda said: bool(said))
    async with asyncio.timeout(10):
        while "quincy" not in (await hass.state(entity))["attributes"]["options"]:
            await asyncio.sleep(0.1)
    assert await hass.call("select.select_option", entity, option="quincy") == 200
    await home.until_state("persona/state", "quincy")
    await hass.until(entity, "quincy")
    assert hass.complaints() == []
