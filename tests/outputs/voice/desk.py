"""A speaker with its nodes, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from pickled.audio import SPEECH_RATE, Frame
from pickled.mqtt.in_process import MemoryBroker
from pickled.outputs.voice.nodes import Nodes
from pickled.outputs.voice.speaker import Speaker, StreamNumbers
from pickled.outputs.voice.speech_stream import PlaybackListener, SpeechStream
from tests.stand_ins.node import StandInNode
from tests.stand_ins.virtual_time import in_virtual_time, virtual_clock

TURN = "abcdefghijkl"


class Desk:
    """A speaker, its nodes and what it told."""

    def __init__(self, broker: MemoryBroker, speaker: Speaker) -> None:
        self.broker = broker
        self.speaker = speaker
        self.captions: list[str] = []
        self.started = 0
        self.nodes: list[StandInNode] = []
        self.tasks: list[asyncio.Task[None]] = []

    def open(self) -> SpeechStream:
        """A stream, of which it is noted what sounds."""

        def started(_played: object) -> None:
            self.started += 1

        listener = PlaybackListener(
            started=started, utterance=lambda each: self.captions.append(each.text)
        )
        return self.speaker.open(TURN, listener=listener)

    async def add(self, name: str = "laptop", **how: object) -> StandInNode:
        """A node that is online."""
        node = StandInNode(self.broker, name, **how)
        self.nodes.append(node)
        self.tasks.append(asyncio.create_task(node.run()))
        await asyncio.sleep(0.2)
        return node

    def frames(self, node: str = "laptop") -> list[Frame]:
        """What that node was sent."""
        topic = self.broker.root("node/{node}/tts/audio", node=node)
        return [Frame.decode(m.payload) for m in self.broker.log if m.topic == topic]


def at_the_desk(scene: Callable[[Desk], Awaitable[None]]) -> None:
    """Run a scene in virtual time."""

    async def work() -> None:
        broker, clock = MemoryBroker(), virtual_clock()
        bus = broker.bus(announce=False)
        nodes = Nodes(bus, wall_ms=clock.wall_ms)
        numbers = StreamNumbers(saved=0, save=lambda _: None)
        speaker = Speaker(
            bus=broker.bus(announce=False),
            nodes=nodes,
            session=77,
            numbers=numbers,
            wall_ms=clock.wall_ms,
        )
        nodes.listen()
        speaker.listen()
        desk = Desk(broker, speaker)
        desk.tasks = [asyncio.create_task(bus.run()), asyncio.create_task(nodes.run())]
        await asyncio.sleep(0.1)
        try:
            await scene(desk)
        finally:
            for task in desk.tasks:
                task.cancel()
            await asyncio.gather(*desk.tasks, return_exceptions=True)

    in_virtual_time(work)


async def sound(seconds: float, *, chunk_s: float = 0.1) -> AsyncIterator[bytes]:
    """What a voice gives: so many seconds of it, in chunks."""
    left = int(seconds * SPEECH_RATE)
    while left > 0:
        block = min(left, int(chunk_s * SPEECH_RATE))
        yield b"\x01\x00" * block
        left -= block


async def speak(speech: SpeechStream, length_s: float) -> None:
    """One clause, and the end."""
    await speech.say(0, "one two three", sound(length_s))
    await speech.finish()
