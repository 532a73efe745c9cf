"""A streamer who speaks into the microphone of a node, in memory and on virtual time."""

from __future__ import annotations

import asyncio

from pickled.messages.state import Health
from tests.orchestrator.rig import Rig
from tests.stand_ins import microphone as mic
from tests.stand_ins.spoken import spoken

EAR = "phone"


class Streamer:
    """Speaks into the microphone of a node."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.stream = 1

    def there(self, node: str = EAR, *, microphone: bool = True) -> None:
        """A node that is an ear alone is online."""
        told = {
            "availability": "online",
            "info": mic.info(microphone=microphone),
            "state": '{"has_sound": false}',
        }
        for what, payload in told.items():
            self.rig.broker.send(f"node/{{node}}/{what}", payload, node=node, retain=True)

    def send(self, *sent: mic.Sent, node: str = EAR) -> None:
        """As that node."""
        for path, payload in sent:
            self.rig.broker.send(path, payload, node=node)

    async def says(self, text: str, *, node: str = EAR) -> None:
        """A stretch of speech, in real time."""
        self.stream += 1
        self.send(mic.vad(True), mic.begin(self.stream), node=node)
        for frame in mic.frames(spoken(text), self.stream):
            self.send(frame, node=node)
            await asyncio.sleep(mic.FRAME_MS / 1000)
        self.send(mic.end(self.stream), mic.vad(False), node=node)
        await asyncio.sleep(0.5)

    @property
    def told(self) -> list[tuple[str, str]]:
        """What was published of it."""
        return [(each.event_type, each.text) for each in self.rig.events("event/speech")]

    @property
    def finals(self) -> list[str]:
        """The words of turns that are over."""
        return [text for kind, text in self.told if kind == "final"]

    @property
    def health(self) -> Health:
        health: Health = self.rig.state("health/state")
        return health
