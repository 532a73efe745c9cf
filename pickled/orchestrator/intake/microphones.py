"""The audio-nodes as ears: who has a microphone, and what it sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pickled.mqtt import Bus, Handler
from pickled.outputs.voice.nodes import Nodes

_SENT = "node/{node}/mic/"


@dataclass
class Microphones:
    """Their sound comes over the connection for sound, and only where somebody asks for it."""

    audio: Bus
    nodes: Nodes | None = None
    """Set before any part starts."""

    def names(self) -> tuple[str, ...]:
        """The nodes with a microphone that are online, by name."""
        online = self.nodes.online if self.nodes is not None else []
        return tuple(each.name for each in online if each.info and "input" in each.info.devices)

    def on(self, path: str, handler: Handler) -> Callable[[], None]:
        """Have each message of that topic; raises KeyError for one that is no microphone's."""
        if not path.startswith(_SENT):
            raise KeyError(path)
        return self.audio.on(path, handler)
