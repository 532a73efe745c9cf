"""Each template of the discovery, rendered by Home Assistant itself for each payload there is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pickled.entity_rows import LONGEST_VALUE
from pickled.messages import command
from pickled.mqtt.examples import examples
from pickled.topics import topic
from tests.home_assistant.hass import HomeAssistant
from tests.mqtt.discovery.test_devices import ROOT, every_device

pytestmark = [pytest.mark.hass, pytest.mark.timeout(120)]

NODE = {"playing": False, "muted": True, "volume": 55, "has_sound": True, "last_error": ""}
HEALTH = {
    "llm": {"status": "down", "detail": "no answer in 10 s"},
    "input.twitch": {"status": "down", "detail": "x" * 300},
    "twitch": {"status": "down", "detail": "x" * 300},
    "vision": {"status": "disabled", "detail": ""},
    "tts": {"status": "degraded", "detail": ""},
}
WELL = {"llm": {"status": "up", "detail": ""}, "stt": {"status": "disabled", "detail": ""}}
HELD = {
    "turn": "k5q2mz7abcde",
    "text": "{ Hm }",
    "to": [],
    "expires_at": "2026-05-01T18:30:00.000Z",
}
REFUSED = {"event_type": "rejected", "command": "cmd/approve", "code": "stale", "message": ""}
ACCEPTED = REFUSED | {"event_type": "accepted", "code": "ok"}


async def values(hass: HomeAssistant) -> dict[tuple[str, str], str]:
    """(component, kind of template) → what it gives for its topic's example."""
    found = {}
    for device in every_device():
        for key, each in device.components.items():
            for kind, where in (
                ("value_template", "state_topic"),
                ("json_attributes_template", "json_attributes_topic"),
            ):
                if kind not in each:
                    continue
                row, _ = ROOT.find(each[where]) or (None, None)
                assert row
                text = examples(row)[0].decode()
                read = {"value": text, "value_json": json.loads(text), "this": {"state": "before"}}
                found[f"{device.owner.device} {key}", kind] = await hass.render(each[kind], **read)
    return found


async def test_every_template_gives_what_its_platform_takes(hass: HomeAssistant) -> None:
    """Switches ON or OFF, numbers a number, attributes an object, and nothing too long."""
    platforms = {
        f"{device.owner.device} {key}": each
        for device in every_device()
        for key, each in device.components.items()
    }
    found = await values(hass)
    assert len(found) > 20
    for (name, kind), given in found.items():
        component = platforms[name]
        if kind == "json_attributes_template":
            assert isinstance(json.loads(given), dict), name
        elif component["platform"] in ("switch", "binary_sensor"):
            assert given in ("ON", "OFF"), name
        elif component["platform"] == "number" or "state_class" in component:
            assert float(given) >= 0, name
        elif "options" in component:
            assert given in component["options"], name
        assert kind != "value_template" or len(given) <= LONGEST_VALUE + 2, name


async def test_any_text_becomes_a_command_that_is_taken(hass: HomeAssistant) -> None:
    """Braces, quotes, lines, and other scripts."""
    first = every_device()[0].components
    for key, kind in (("say", command.Say), ("ask", command.Ask)):
        template = first[key]["command_template"]
        for text in (
            '{"a": 1}',
            "{",
            'He said "yes"\nand <b>left</b> & so on',
            "¿Qué? 日本 🎉",
            "7",
        ):
            payload = await hass.render(template, value=text)
            parsed: Any = command.parse(kind, payload.encode())
            assert parsed.text == text
    assert topic("cmd/say").payload is command.Say


@pytest.mark.parametrize(
    ("device", "key", "kind", "payload", "shown"),
    [
        (0, "health", "value_template", WELL, "ok"),
        (0, "problem", "value_template", WELL, "OFF"),
        (0, "problem", "value_template", HEALTH, "ON"),
        (0, "refused", "value_template", REFUSED, "cmd/approve: stale"),
        (0, "refused", "value_template", REFUSED | {"message": "no"}, "cmd/approve: no"),
        (0, "refused", "value_template", ACCEPTED, "before"),
        (0, "held", "value_template", [], "0"),
        (0, "inhibit", "value_template", [], "OFF"),
        (0, "caption", "value_template", {"caption": "None"}, "“None”"),
        (0, "caption", "value_template", {"caption": ""}, ""),
        (0, "caption", "value_template", {"caption": None}, ""),
        (1, "muted", "value_template", NODE, "ON"),
        (1, "no_sound", "value_template", NODE, "OFF"),
        (1, "no_sound", "value_template", NODE | {"has_sound": False}, "ON"),
        (1, "no_sound", "value_template", {}, "OFF"),
        (1, "last_error", "value_template", {}, ""),
        (1, "last_error", "value_template", {"last_error": "unknown"}, "“unknown”"),
    ],
)
async def test_template_says_it_in_each_case(
    hass: HomeAssistant, device: int, key: str, kind: str, payload: Any, shown: str
) -> None:
    """Those that decide something."""
    template = every_device()[device].components[key][kind]
    given = await hass.render(
        template, value=json.dumps(payload), value_json=payload, this={"state": "before"}
    )
    assert given == shown


async def test_health_names_each_part_once_and_is_cut(hass: HomeAssistant) -> None:
    """`twitch` is another name of `input.twitch`."""
    template = every_device()[0].components["health"]["value_template"]
    given = await hass.render(template, value_json=HEALTH)
    assert given.startswith("llm down: no answer in 10 s; input.twitch down: xxx")
    assert len(given) == LONGEST_VALUE
    short = {"tts": HEALTH["tts"], "vision": HEALTH["vision"]}
    assert await hass.render(template, value_json=short) == "tts degraded"


async def test_held_answers_are_attributes(hass: HomeAssistant) -> None:
    """The oldest one to be read, and all of them; empty when none waits."""
    template = every_device()[0].components["held"]["json_attributes_template"]
    given = json.loads(await hass.render(template, value_json=[HELD, HELD | {"text": "Later"}]))
    assert (given["text"], given["turn"], len(given["answers"])) == ("{ Hm }", HELD["turn"], 2)
    empty = json.loads(await hass.render(template, value_json=[]))
    assert empty == {"text": "", "turn": None, "expires_at": None, "answers": []}
