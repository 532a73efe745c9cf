"""What instances of ours keep at a broker: found, told from one that lives, and cleared."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pickled.config import MqttConfig
from pickled.messages.node import NodeInfo
from pickled.mqtt.conversation import Conversation, reply_topic
from pickled.mqtt.discovery.devices import ORIGIN, Announcement, daemon_device, node_device
from pickled.patterns import pattern
from pickled.topics import Root

TAKES_IT_S = 1.5
"""Home Assistant removes only what it knows, and knows what it was told so long before."""

DAEMON_TAKES_IT_S = 3.0
"""A daemon has taken out the device of a node so long after it saw the node go."""

PAUSE_S = 0.01
"""Between two topics that are cleared: a burst is hard on a broker."""

LARGEST_DEVICE = 1_000_000
"""Bytes of somebody's device that is looked into."""

_QUIET_S = 0.5
_ROOT = pattern(
    r"([^/]+)/([a-z0-9-]{1,32})/(?:muted/state|node/([^/]+)/availability|vision/availability)"
)
"""A topic that the daemon's, a node's or the vision-server's device surely has."""


@dataclass(frozen=True)
class KeptDevice:
    """A device of ours that Home Assistant is told of."""

    topic: str
    payload: bytes
    device: str
    root: Root
    node: str = ""


def device_filters(config: MqttConfig) -> set[str]:
    """Where devices are announced: below our prefix, and below the one that most have."""
    prefixes = {config.discovery_prefix, MqttConfig().discovery_prefix}
    return {f"{each}/device/+/config" for each in prefixes}


def read_device(topic: str, payload: bytes) -> KeptDevice | None:
    """Whose device that is; None if it is not one of ours."""
    if not payload or len(payload) > LARGEST_DEVICE:
        return None
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    origin, components = (_part(found, each) for each in ("origin", "components"))
    if origin.get("name") != ORIGIN:
        return None
    for each in components.values():
        state = each.get("state_topic") if isinstance(each, dict) else None
        if isinstance(state, str) and (match := _ROOT.fullmatch(state)):
            root = Root(match[1], match[2])
            return KeptDevice(topic, payload, topic.split("/")[-2], root, match[3] or "")
    return None


def retained(
    talk: Conversation,
    config: MqttConfig,
    root: Root,
    filters: Collection[str],
    *,
    timeout_s: float,
) -> dict[str, bytes]:
    """What is retained there, as far as we may read it; `root` is ours. Raises BrokerError."""
    mark = reply_topic(config, root, mark=secrets.token_hex(4))
    talk.subscribe(mark)
    if filters:
        talk.subscribe(*sorted(filters))
    talk.publish(mark, b"", expiry_s=5)  # the broker answers in order: behind this nothing comes
    found: dict[str, bytes] = {}
    end = time.monotonic() + timeout_s
    while (left := end - time.monotonic()) > 0 and (heard := talk.next(left)) is not None:
        if heard.topic == mark:
            end = min(end, time.monotonic() + _QUIET_S)
        elif heard.retain and heard.payload:
            found[heard.topic] = heard.payload
    return found


def kept_devices(found: Mapping[str, bytes]) -> list[KeptDevice]:
    """Those of ours among what is retained."""
    read = (read_device(topic, payload) for topic, payload in sorted(found.items()))
    return [each for each in read if each is not None]


@dataclass(frozen=True)
class Purge:
    """What is to be cleared of an instance, or of one node of it."""

    devices: Mapping[str, bytes]
    """Discovery topic → all of it, as Home Assistant must know it."""
    topics: tuple[str, ...]
    """What else is retained."""
    alive: tuple[str, ...] = ()
    """Who is online there, and would say all of it again."""
    first: str = ""
    """A topic by which a daemon that runs sees that a node is gone: it takes out the device."""

    @property
    def everything(self) -> tuple[str, ...]:
        """All topics, in the order in which they are cleared."""
        return (*((self.first,) if self.first else ()), *self.devices, *self.topics)

    def run(self, talk: Conversation) -> Iterator[str]:
        """Clear one by one, each topic told when it is done; raises BrokerError."""
        for topic, payload in self.devices.items():
            talk.publish(topic, payload, retain=True)
        if self.devices:
            time.sleep(TAKES_IT_S)
        for topic in self.everything:
            talk.publish(topic, b"", retain=True)
            yield topic
            time.sleep(DAEMON_TAKES_IT_S if topic == self.first else PAUSE_S)


def plan(root: Root, prefix: str, found: Mapping[str, bytes], *, node: str = "") -> Purge:
    """What there is to clear among what is retained.

    The device is told and removed also where the broker has nothing of it any more: Home Assistant
    may have been away when that was cleared, and show it for ever. A daemon that is there takes
    out the device of a node by itself.
    """
    own = root(f"node/{node}/") if node else root("")
    topics = tuple(sorted(each for each in found if each.startswith(own)))
    info = root("node/{node}/info", node=node)
    if node and info in topics and found.get(root("availability")) == b"online":
        rest = tuple(each for each in topics if each != info)
        return Purge({}, rest, _alive(topics, found), first=info)
    device = _device(root, prefix, node)
    devices = {device.topic: device.payload()} | {
        each.topic: each.payload
        for each in kept_devices(found)
        if each.root == root and (not node or each.node == node)
    }
    return Purge(devices, topics, _alive(topics, found))


def _alive(topics: tuple[str, ...], found: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(
        each.removesuffix("/availability")
        for each in topics
        if each.endswith("/availability") and found[each] == b"online"
    )


def _device(root: Root, prefix: str, node: str) -> Announcement:
    if node:
        return node_device(root, prefix=prefix, name=node, info=NodeInfo(session=0))
    return daemon_device(root, prefix=prefix, personas=["gone"], voices=["gone"])


def _part(found: Any, name: str) -> Mapping[str, Any]:
    part = found.get(name) if isinstance(found, dict) else None
    return part if isinstance(part, dict) else {}
