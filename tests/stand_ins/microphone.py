"""The microphone of an audio-node: sound as a node sends it, to a real broker or in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiomqtt
from pydantic import BaseModel

from pickled.audio import Frame
from pickled.messages.node import MicBegin, NodeInfo, NodeState, StreamEnd, Vad
from pickled.topics import Root, topic
from tests.stand_ins.broker import Broker
from tests.stand_ins.spoken import RATE

FRAME_MS = 20
FRAME_BYTES = RATE * FRAME_MS // 1000 * 2
SESSION = 0x1234_5678

Sent = tuple[str, bytes | BaseModel]
"""Path and payload."""


def begin(stream: int, *, session: int = SESSION, **how: object) -> Sent:
    """A stream starts."""
    told = {"session": session, "stream": stream, **how}
    return "node/{node}/mic/begin", MicBegin.model_validate(told)


def frames(pcm: bytes, stream: int, *, session: int = SESSION) -> list[Sent]:
    """The frames of a stream, of 20 ms each."""
    return [
        (
            "node/{node}/mic/audio",
            Frame(
                session & 0xFFFF, stream, number, number * FRAME_BYTES // 2,
                pcm[at : at + FRAME_BYTES],
            ).encode(),
        )
        for number, at in enumerate(range(0, len(pcm), FRAME_BYTES))
    ]  # fmt: skip


def end(stream: int, *, session: int = SESSION) -> Sent:
    """It ends."""
    return "node/{node}/mic/end", StreamEnd(session=session, stream=stream)


def vad(speaking: bool) -> Sent:
    """It hears a voice, or no longer."""
    return "node/{node}/vad", Vad(speaking=speaking)


def info(*, session: int = SESSION, microphone: bool = True) -> NodeInfo:
    """A node that has no other use than to be heard."""
    devices = {"output": "none", **({"input": "stand-in"} if microphone else {})}
    return NodeInfo(version="0", session=session, role="private", devices=devices)


@dataclass
class MicrophoneStandIn:
    """A node at a real broker that is an ear alone; made by `microphone`."""

    client: aiomqtt.Client
    name: str
    root: Root = field(default_factory=Root)
    stream: int = 100

    async def send(self, sent: Sent) -> None:
        """By the rules of its topic."""
        path, payload = sent
        row = topic(path)
        await self.client.publish(
            self.root(path, node=self.name), row.encode(payload), row.qos, row.retain
        )

    async def speak(self, pcm: bytes) -> None:
        """A stretch of speech, in real time, with what tells its begin and end."""
        self.stream += 1
        loop = asyncio.get_running_loop()
        await self.send(vad(True))
        await self.send(begin(self.stream))
        due = loop.time()
        for frame in frames(pcm, self.stream):
            await self.send(frame)
            due += FRAME_MS / 1000
            await asyncio.sleep(due - loop.time())
        await self.send(end(self.stream))
        await self.send(vad(False))


@asynccontextmanager
async def microphone(broker: Broker, name: str = "ear") -> AsyncIterator[MicrophoneStandIn]:
    """It is online until the block ends."""
    root = Root()
    availability = root("node/{node}/availability", node=name)
    async with aiomqtt.Client(
        broker.host, broker.port, protocol=aiomqtt.ProtocolVersion.V5, identifier=f"mic-{name}"
    ) as client:
        client.pending_calls_threshold = 10_000
        node = MicrophoneStandIn(client, name, root)
        await client.publish(availability, "online", 1, retain=True)
        await node.send(("node/{node}/info", info()))
        await node.send(("node/{node}/state", NodeState(has_sound=False, last_error="an ear")))
        yield node
        await client.publish(availability, "offline", 1, retain=True)
