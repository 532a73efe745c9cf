"""The devices that Home Assistant is told of: one of the daemon, each node, the vision-server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pickled import __version__
from pickled.entity_rows import Device, Entity
from pickled.messages.emotion import EMOTIONS
from pickled.messages.node import NodeInfo
from pickled.mqtt.discovery.components import Component, DeviceOwner, component, ghost, key_of
from pickled.topic_rows import Topic
from pickled.topics import TOPICS, Root

ORIGIN = "pickled"
"""Who announces a device, in the words of discovery."""

NO_OPTIONS = {each: ["gone"] for each in ("persona/state", "voice/state", "emotion/state")}
"""Where nobody knows them any more."""

_LONGEST_VERSION = 32
"""Characters of what a node calls its own."""


@dataclass(frozen=True)
class Announcement:
    """A device, and where it is announced."""

    topic: str
    owner: DeviceOwner
    device: Mapping[str, Any]
    components: Mapping[str, Component]

    @property
    def platforms(self) -> dict[str, str]:
        """Component → platform."""
        return {key: each["platform"] for key, each in self.components.items()}

    def payload(self, gone: Mapping[str, str] | None = None, *, whole: bool = False) -> bytes:
        """What is retained. `gone`: components that were there before, with their platform.

        Such a one is removed by naming nothing but its platform. Home Assistant has to know it for
        that, so where it was away it is told the `whole` of it once more first.
        """
        gone = gone or {}
        left = _former(self.owner, gone, {}) if whole else {k: {"platform": gone[k]} for k in gone}
        return _payload(self.device, left | dict(self.components))


def daemon_device(
    root: Root,
    *,
    prefix: str,
    personas: Sequence[str],
    voices: Sequence[str],
    publish_text: bool = True,
    web: str | None = None,
) -> Announcement:
    """The co-host itself; `web` is where its dashboard is."""
    options = daemon_options(personas, voices)
    owner = DeviceOwner.daemon(root)
    device = _device(owner, _title(root), "AI co-host", __version__)
    if web and _is_web_address(web):
        device["configuration_url"] = web
    components = {
        key_of(row, each): component(owner, row, each, options.get(row.path))
        for row, each in _entities("daemon")
        if row.built and (publish_text or not each.words)
    }
    return Announcement(discovery_topic(prefix, owner), owner, device, components)


def daemon_options(personas: Sequence[str], voices: Sequence[str]) -> dict[str, Sequence[str]]:
    """What only a running daemon knows: path → every value that can come."""
    return {"persona/state": personas, "voice/state": voices, "emotion/state": EMOTIONS}


def node_device(root: Root, *, prefix: str, name: str, info: NodeInfo) -> Announcement:
    """An audio-node, as it tells about itself."""
    owner = DeviceOwner.of_node(root, name)
    version = info.version[:_LONGEST_VERSION]
    device = _device(owner, f"{_title(root)} node {name[:64]}", "audio-node", version)
    device["via_device"] = DeviceOwner.daemon(root).device_id
    components = {
        key_of(row, each): component(owner, row, each, None)
        for row, each in _entities("node")
        if row.built and ("input" in info.devices or not each.microphone)
    }
    return Announcement(discovery_topic(prefix, owner), owner, device, components)


def vision_device(root: Root, *, prefix: str) -> Announcement:
    """The vision-server, once it was seen: whether it is there can be told before all the rest."""
    owner = DeviceOwner.vision(root)
    device = _device(owner, f"{_title(root)} vision-server", "vision-server", "")
    device["via_device"] = DeviceOwner.daemon(root).device_id
    components = {
        key_of(row, each): component(owner, row, each, None)
        for row, each in _entities("vision")
        if row.built or owner.topic(row.path) == owner.availability
    }
    return Announcement(discovery_topic(prefix, owner), owner, device, components)


def removed_device(
    owner: DeviceOwner, platforms: Mapping[str, str], options: Mapping[str, Sequence[str]]
) -> bytes:
    """The whole of a device that is to go, as far as Home Assistant must know it for that.

    It is what it was, where the table still has it: `options` are those of today, by their path.
    """
    return _payload({"identifiers": [owner.device_id]}, _former(owner, platforms, options))


def discovery_topic(prefix: str, owner: DeviceOwner) -> str:
    """Where a device is announced."""
    return f"{prefix}/device/{owner.device_id}/config"


def _entities(device: Device) -> Iterator[tuple[Topic, Entity]]:
    for row in TOPICS:
        if row.device == device:
            for each in row.entities:
                yield row, each


def _former(
    owner: DeviceOwner, platforms: Mapping[str, str], options: Mapping[str, Sequence[str]]
) -> dict[str, Component]:
    known = {
        key_of(row, each): component(
            owner, row, each, options.get(row.path, NO_OPTIONS.get(row.path))
        )
        for row, each in _entities(owner.device)
    }
    return {
        key: known[key]
        if key in known and known[key]["platform"] == platform
        else ghost(owner.root, owner.device_id, key, platform)
        for key, platform in platforms.items()
    }


def _title(root: Root) -> str:
    return "Pickled" if root.instance == "home" else f"Pickled {root.instance}"


def _device(owner: DeviceOwner, name: str, model: str, version: str) -> dict[str, Any]:
    device = {
        "identifiers": [owner.device_id],
        "name": name,
        "manufacturer": "pickled",
        "model": model,
    }
    return device | ({"sw_version": version} if version else {})


def _is_web_address(text: str) -> bool:
    """Home Assistant drops the whole device for any other."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable()


def _payload(device: Mapping[str, Any], components: Mapping[str, Component]) -> bytes:
    origin = {"name": ORIGIN, "sw_version": __version__}
    whole = {"device": device, "origin": origin, "components": components}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
