"""Who we are: `info`, and Home Assistant's discovery."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from pickled import __version__
from pickled.config import Config
from pickled.messages.emotion import EMOTIONS
from pickled.messages.state import Info
from pickled.mqtt import Bus
from pickled.mqtt.discovery import discovery
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.publishing.state import States
from pickled.side_tasks import SideTasks

BIRTH_JITTER_S = 3.0
"""Home Assistant came back, and everything in the house answers it: not all at once."""


@dataclass
class Introduction:
    """Publishes what we are and can."""

    config: Config
    bus: Bus
    states: States
    controls: Controls
    voices: Callable[[], tuple[str, ...]]
    session: int
    dice: Callable[[], float]
    _again: SideTasks = field(default_factory=SideTasks)

    def listen(self) -> None:
        """Hear when Home Assistant comes back; before the bus starts."""
        if self.config.home_assistant.enabled:
            status = f"{self.config.mqtt.discovery_prefix}/status"
            self.bus.on_raw(status, self._home_assistant_said)

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
        )
        if self.states.get("info") == info:
            return
        self.states.set("info", info)
        if self.config.home_assistant.enabled:
            self._discover(info)

    def close(self) -> None:
        """Answer nobody any more."""
        self._again.cancel()

    def _discover(self, info: Info) -> None:
        topic, payload = discovery(
            self.bus.root,
            prefix=self.config.mqtt.discovery_prefix,
            personas=info.personas,
            voices=info.voices,
            publish_text=self.config.mqtt.publish_text,
        )
        self.bus.retain_raw(topic, payload)

    def _home_assistant_said(self, _topic: str, payload: bytes, _retain: bool) -> None:
        if payload == b"online" and not self._again:
            self._again.start(self._introduce_again(), name="introduce again")

    async def _introduce_again(self) -> None:
        await asyncio.sleep(1 + self.dice() * BIRTH_JITTER_S)
        self.bus.resend()
