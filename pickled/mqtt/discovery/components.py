"""One entity of the contract's table as a component of Home Assistant's device discovery."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pickled.entity_rows import Device, Entity, Platform
from pickled.patterns import pattern
from pickled.topic_rows import Topic
from pickled.topics import Root

Component = dict[str, Any]

_PLAIN = pattern(r"[a-z0-9_-]{1,32}")
_LISTENERS = ("sensor", "binary_sensor", "event")
_MUST_HAVE: Mapping[str, Component] = {
    "select": {"options": ["gone"]},
    "event": {"event_types": ["gone"]},
}
"""Without these a component of that platform is refused."""


@dataclass(frozen=True)
class DeviceOwner:
    """Whose entities they are: names them, and says when they are there."""

    root: Root
    device_id: str
    """Begins the unique ids."""
    availability: str
    """The topic that says whether it is there."""
    node: str = ""
    device: Device = "daemon"

    @classmethod
    def daemon(cls, root: Root) -> DeviceOwner:
        """All that is no node's and not the vision-server's."""
        return cls(root, device_id(root), root("availability"))

    @classmethod
    def of_node(cls, root: Root, name: str) -> DeviceOwner:
        """An audio-node's; no name of one gives the id of another device."""
        slug = name
        if not _PLAIN.fullmatch(name):
            slug = f"{_underscored(name)[:32]}-{zlib.crc32(name.encode()):08x}"
        own = root("node/{node}/availability", node=name)
        return cls(root, f"{device_id(root)}-node-{slug}", own, name, "node")

    @classmethod
    def vision(cls, root: Root) -> DeviceOwner:
        """The vision-server's."""
        own = root("vision/availability")
        return cls(root, f"{device_id(root)}-vision", own, device="vision")

    @classmethod
    def of(cls, root: Root, device: Device, node: str) -> DeviceOwner:
        """Any of the three."""
        match device:
            case "node":
                return cls.of_node(root, node)
            case "vision":
                return cls.vision(root)
        return cls.daemon(root)

    def topic(self, path: str) -> str:
        """The whole topic of a path of the table."""
        return self.root(path, node=self.node)


def device_id(root: Root) -> str:
    """Names the daemon's device; only what Home Assistant allows in an id, and no `-`."""
    return re.sub(r"[^a-z0-9_]+", "_", f"{root.base}_{root.instance}".lower())


def key_of(row: Topic, entity: Entity) -> str:
    """Names an entity within its device."""
    return entity.key or row.path.removesuffix("/state").removeprefix("cmd/").replace("/", "_")


def component(
    owner: DeviceOwner, row: Topic, entity: Entity, options: Sequence[str] | None
) -> Component:
    """What Home Assistant is told of an entity; `options` are those that only we know."""
    key, platform = key_of(row, entity), entity.platform
    object_id = _underscored(f"{owner.device_id}_{key}")
    found: Component = {
        "platform": platform,
        "name": entity.name,
        "unique_id": f"{owner.device_id}_{key}",
        "object_id": object_id,  # before 2025.10
        "default_entity_id": f"{platform}.{object_id}",
        "qos": row.qos,
    }
    if not entity.always:
        found["availability"] = [{"topic": owner.availability}]
    if row.kind == "command":
        found["command_topic"] = owner.topic(row.path)
    else:
        found["state_topic"] = owner.topic(row.path)
    match platform:
        case "switch" | "select" | "number" | "text" if row.kind == "state":
            sets = entity.sets or row.path.removesuffix("/state") + "/set"
            found["command_topic"] = owner.topic(sets)
        case "button":
            found["payload_press"] = ""  # the default, PRESS, would be taken for a turn
    if entity.attributes:
        found["json_attributes_topic"] = owner.topic(entity.attributes)
    if options is not None:
        found["options"] = list(options)
    return found | entity.keys


def ghost(root: Root, device: str, key: str, platform: Platform | str) -> Component:
    """As little as makes Home Assistant know the component again, so that it can be removed."""
    nowhere = root("cmd/ping")  # nothing is ever retained there
    which = "state_topic" if platform in _LISTENERS else "command_topic"
    own = {"platform": platform, "unique_id": f"{device}_{key}", which: nowhere}
    return own | _MUST_HAVE.get(platform, {})


def _underscored(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
