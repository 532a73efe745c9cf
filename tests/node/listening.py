"""A node with a microphone at a sound server, and somebody who says something into it."""

from __future__ import annotations

import time
import wave
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pickled.audio import MIC_RATE
from tests.node.process import Daemon, node_process
from tests.stand_ins import pulse
from tests.stand_ins.broker import Broker
from tests.stand_ins.pulse import SoundServer

ROOM, MIC = "room", "room.monitor"
CABLE = ("--output", pulse.DEVICE)
HEADPHONES = (*CABLE, "--input", MIC, "--echo", "no")
MIC_BEGIN, MIC_END, VAD = "node/{node}/mic/begin", "node/{node}/mic/end", "node/{node}/vad"


@dataclass
class Scene:
    """A node with a microphone."""

    server: SoundServer
    daemon: Daemon
    folder: Path

    def say(self, pcm: bytes, *, sink: str = ROOM, rate: int = MIC_RATE) -> None:
        """Into the room, to its end."""
        path = self.folder / f"said-{time.monotonic_ns()}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(pcm)
        self.server.say(path, sink)

    def count(self, path: str) -> int:
        """How often something came."""
        return sum(where == path for where, _ in self.daemon.heard)


def listening(
    stack: ExitStack, broker: Broker, server: SoundServer, folder: Path, *options: str
) -> Scene:
    """One with these options, online."""
    daemon = stack.enter_context(Daemon(broker))
    process = stack.enter_context(node_process(broker, folder, *options, environ=server.environ))
    daemon.process_id = process.pid
    daemon.wait_online()
    daemon.wait_until_shown(lambda state: state.hears)
    return Scene(server, daemon, folder)
