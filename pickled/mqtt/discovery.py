"""Home Assistant's discovery: one device with everything on it, from the contract's table."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pickled import __version__
from pickled.messages.emotion import EMOTIONS
from pickled.topic_rows import Topic
from pickled.topics import TOPICS, Root, topic

LONGEST_VALUE = 250
"""Characters; Home Assistant drops a sensor's value above 255."""

ALWAYS_THERE = frozenset({"muted/state", "mic_muted/state", "cmd/panic"})
"""Obeyed by the nodes themselves: these work while the daemon is away."""

TEXTS = frozenset({"caption/state", "response/state", "crowd_question/state"})
"""Show what is said: left out without `publish_text`."""


def discovery(
    root: Root,
    *,
    prefix: str,
    personas: Sequence[str],
    voices: Sequence[str],
    publish_text: bool = True,
    gone: Mapping[str, str] | None = None,
) -> tuple[str, bytes]:
    """The topic and the payload that are to be retained there.

    `gone` maps the keys of components that an earlier version had to their platform: such a
    component is removed by naming nothing but its platform.
    """
    device = device_id(root)
    options: dict[str, list[str]] = {
        "persona/state": list(personas),
        "voice/state": list(voices),
        "emotion/state": list(EMOTIONS),
    }
    components: dict[str, dict[str, Any]] = {
        key: {"platform": platform} for key, platform in (gone or {}).items()
    }
    for row in TOPICS:
        if row.entity is None or not row.built:
            continue
        if row.path in TEXTS and not publish_text:
            components[_key(row)] = {"platform": row.entity.platform}
            continue
        components[_key(row)] = _component(root, row, device, options.get(row.path))
    payload = {
        "device": {
            "identifiers": [device],
            "name": "Pickled" if root.instance == "home" else f"Pickled {root.instance}",
            "manufacturer": "pickled",
            "model": "AI co-host",
            "sw_version": __version__,
        },
        "origin": {"name": "pickled", "sw_version": __version__},
        "components": components,
    }
    return discovery_topic(root, prefix), json.dumps(payload, ensure_ascii=False).encode()


def discovery_topic(root: Root, prefix: str) -> str:
    """Where the device is announced."""
    return f"{prefix}/device/{device_id(root)}/config"


def device_id(root: Root) -> str:
    """Names the device and begins all its ids; only what Home Assistant allows in one."""
    return re.sub(r"[^a-z0-9_]+", "_", f"{root.base}_{root.instance}".lower())


def _component(root: Root, row: Topic, device: str, options: list[str] | None) -> dict[str, Any]:
    assert row.entity is not None
    key, platform = _key(row), row.entity.platform
    component: dict[str, Any] = {
        "platform": platform,
        "name": row.entity.name,
        "unique_id": f"{device}_{key}",
        "object_id": f"{device}_{key}",
        "default_entity_id": f"{platform}.{device}_{key}",
        "qos": row.qos,
    }
    if row.path not in ALWAYS_THERE:
        component["availability"] = [{"topic": root("availability")}]
    if row.kind == "command":
        component["command_topic"] = root(row.path)
    else:
        component["state_topic"] = root(row.path)
    match platform:
        case "switch" | "select" | "number":
            component["command_topic"] = root(_set(row).path)
        case "button":
            component["payload_press"] = ""  # the default, PRESS, would be taken for a turn
        case "sensor" if row.form == "json":
            component["json_attributes_topic"] = root(row.path)
        case "sensor" if row.payload is str:
            component["value_template"] = f"{{{{ value[:{LONGEST_VALUE}] }}}}"
    if options is not None:
        component["options"] = options
    return component | row.entity.keys


def _set(row: Topic) -> Topic:
    return topic(row.path.removesuffix("/state") + "/set")


def _key(row: Topic) -> str:
    return row.path.removesuffix("/state").removeprefix("cmd/").replace("/", "_")
