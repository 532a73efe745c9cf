"""Publishes who we are, and tells Home Assistant of us, of the nodes and of the vision-server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from pickled import __version__
from pickled.config import Config
from pickled.messages.emotion import EMOTIONS
from pickled.messages.node import NodeInfo
from pickled.messages.state import Info
from pickled.mqtt import Bus, Incoming
from pickled.mqtt.discovery.devices import (
    daemon_device,
    daemon_options,
    node_device,
    vision_device,
)
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.introduction.announced import Announced
from pickled.orchestrator.introduction.devices import Devices
from pickled.orchestrator.publishing.state import States
from pickled.outputs.voice.nodes import Node
from pickled.side_tasks import SideTasks
from pickled.topics import Root

log = structlog.get_logger()

BIRTH_JITTER_S = 3.0
"""Home Assistant came back, and everything in the house answers it: not all at once."""

BIRTH_PREFIX = "homeassistant"
"""Its birth message stays below that, whatever the prefix of discovery is set to."""


@dataclass
class Introduction:
    """Publishes what we are and can."""

    config: Config
    bus: Bus
    states: States
    controls: Controls
    announced: Announced
    voices: Callable[[], tuple[str, ...]]
    session: int
    dice: Callable[[], float]
    _devices: Devices = field(init=False)
    _nodes: dict[str, NodeInfo | None] = field(default_factory=dict)
    """What changed of them, and is to be told."""
    _told_of: dict[str, NodeInfo] = field(default_factory=dict)
    _swept: bool = False
    _again: SideTasks = field(default_factory=SideTasks)
    _sweeps: SideTasks = field(default_factory=SideTasks)

    def __post_init__(self) -> None:
        self._devices = Devices(
            self.bus,
            self.announced,
            lambda: daemon_options(sorted(self.controls.personas), self.voices()),
        )

    def listen(self) -> None:
        """Hear when Home Assistant comes back, and what there is; before the bus starts."""
        self._take_out_former()
        self.bus.on_connect(self._connected)
        if self._wanted or len(self.announced):
            for prefix in {self.config.mqtt.discovery_prefix, BIRTH_PREFIX}:
                self.bus.on_raw(f"{prefix}/status", self._home_assistant_said)
        if self._wanted:
            self.bus.on("vision/availability", self._vision_said)

    def node_changed(self, node: Node) -> None:
        """A node told something about itself, or is gone for good."""
        if self._wanted and self._told_of.get(node.name) != node.info:
            self._nodes[node.name] = node.info

    def publish(self) -> None:
        """Tell it, if it changed."""
        info = Info(
            version=__version__,
            session=self.session,
            instance=self.config.instance,
            personas=tuple(sorted(self.controls.personas)),
            voices=self.voices(),
            emotions=EMOTIONS,
            capabilities=("text",) if self.config.mqtt.publish_text else (),
            web=self.config.web.address,
        )
        if self.states.get("info") != info:
            self.states.set("info", info)
            if self._wanted:
                self._announce(info)
        if self._wanted:
            self._announce_nodes()

    def close(self) -> None:
        """Answer nobody any more."""
        self._again.cancel()
        self._sweeps.cancel()

    @property
    def _wanted(self) -> bool:
        return self.config.home_assistant.enabled

    def _announce(self, info: Info) -> None:
        device = daemon_device(
            self.bus.root,
            prefix=self.config.mqtt.discovery_prefix,
            personas=info.personas,
            voices=info.voices,
            publish_text=self.config.mqtt.publish_text,
            web=info.web,
        )
        self._devices.announce(device)

    def _announce_nodes(self) -> None:
        """After the daemon, whose parts they are; each at most once in a call, whatever it says."""
        changed, self._nodes = self._nodes, {}
        for name, info in changed.items():
            device = node_device(
                self.bus.root,
                prefix=self.config.mqtt.discovery_prefix,
                name=name,
                info=info or NodeInfo(session=0),
            )
            if info is None:
                self._told_of.pop(name, None)
                self._devices.remove(device.topic)
            else:
                self._told_of[name] = info
                self._devices.announce(device)

    def _vision_said(self, message: Incoming) -> None:
        device = vision_device(self.bus.root, prefix=self.config.mqtt.discovery_prefix)
        if message.payload:
            self._devices.announce(device)
        else:
            self._devices.remove(device.topic)

    def _take_out_former(self) -> None:
        """What we announced under another name or prefix, or before it was switched off."""
        prefix = f"{self.config.mqtt.discovery_prefix}/"
        others: set[Root] = set()
        for topic, told in self.announced:
            if told.owner.root != self.bus.root:
                others.add(told.owner.root)
            elif not self._wanted or not topic.startswith(prefix):
                self._devices.remove(topic)
        for each in others:
            self.bus.on_raw(each("availability"), self._other_said)

    def _other_said(self, topic: str, payload: bytes, _retain: bool) -> None:
        """Our former name: unless somebody lives under it, its devices are ours to take out."""
        if payload != b"offline":
            return
        for each, told in self.announced:
            if told.owner.root("availability") == topic and told.owner.root != self.bus.root:
                self._devices.remove(each)
        self._sweeps.start(self._devices.sweep(is_there=False), name="take out former devices")

    async def _connected(self) -> None:
        if not self._swept and self.announced.unfinished():
            self._swept = True
            self._sweeps.start(self._devices.sweep(is_there=False), name="take out what is gone")

    def _home_assistant_said(self, _topic: str, payload: bytes, _retain: bool) -> None:
        if payload == b"online" and not self._again:
            self._again.start(self._introduce_again(), name="introduce again")

    async def _introduce_again(self) -> None:
        await asyncio.sleep(1 + self.dice() * BIRTH_JITTER_S)
        self.bus.resend()
        await self._devices.sweep(is_there=True)
