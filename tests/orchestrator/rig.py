"""The whole daemon on the in-memory broker, in virtual time, with a scripted model and voice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pickled.config import Config, MqttConfig
from pickled.daemon.daemon import Daemon
from pickled.inputs import Emit
from pickled.messages.chat import ChatMessage
from pickled.messages.events import Event
from pickled.messages.speech import Speech
from pickled.mqtt.in_process import MemoryBroker
from pickled.plugins import Plug, Plugs
from tests.stand_ins.node import StandInNode
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, plug
from tests.stand_ins.virtual_time import BEGIN, virtual_clock


class Door:
    """An input by which a test lets things happen."""

    emit: Emit

    async def run(self, emit: Emit) -> None:
        self.emit = emit
        await asyncio.Event().wait()


@dataclass
class Rig:
    """What a test sees and may do."""

    data_dir: Path
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    model: Any = field(default_factory=ScriptedModel)
    """A part, or a plug that starts one."""
    voice: Any = field(default_factory=ScriptedVoice)
    """The same."""
    spare_models: tuple[Any, ...] = ()
    spare_voices: tuple[Any, ...] = ()
    nodes: list[StandInNode] = field(default_factory=list)
    publish_text: bool = True
    prepares_openers: bool = False
    mqtt: dict[str, Any] = field(default_factory=dict)
    """More of that section."""
    options: dict[str, Any] = field(default_factory=dict)
    """More of the configuration."""
    inputs: tuple[Plug, ...] = ()
    """Beside the door."""
    outputs: tuple[Plug, ...] = ()
    ears: tuple[Any, ...] = ()
    """Recognizers, first choice first."""
    guard: Any = None
    embedder: Any = None
    compressor: Any = None
    seed: int = 1
    later: timedelta = timedelta()
    """After the first day."""
    stopped_s: float = field(default=0.0, init=False)
    """How long it took to end."""
    _door: Door = field(default_factory=Door)
    _count: int = 0

    def chat(self, text: str, *, user: str = "ana", **fields: Any) -> str:
        """A line of chat arrives; its id."""
        self._count += 1
        fields = {"id": f"m{self._count}", "user_id": f"id-{user}", **fields}
        message = ChatMessage(ts=self.clock.wall(), user=user, text=text, **fields)
        self._door.emit(message)
        return message.id

    def streamer(self, text: str, kind: str = "final") -> None:
        """The streamer says something, or (`started`, `interim`) begins to."""
        speech = {"ts": self.clock.wall(), "event_type": kind, "text": text}
        self._door.emit(Speech.model_validate(speech))

    def happen(self, event: Event) -> None:
        """Something else happens."""
        self._door.emit(event)

    def tell(self, path: str, payload: str | bytes = b"", **how: Any) -> None:
        """Publish a command."""
        self.broker.send(path, payload, **how)

    def state(self, path: str) -> Any:
        """The retained value."""
        return self.broker.value(path)

    def events(self, path: str, kind: str | None = None) -> list[Any]:
        """What was published on `event/…`, all or of one kind."""
        sent = self.broker.sent(path)
        return [each for each in sent if kind in (None, each.event_type)]

    def answers(self) -> list[Any]:
        """How commands were answered."""
        return self.events("event/command")

    async def until(self, true: Callable[[], Any], *, within: float = 60.0) -> Any:
        """Wait for something, at most so many (virtual) seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while not (found := true()):
            assert loop.time() < end, f"not within {within} s"
            await asyncio.sleep(0.01)
        return found

    async def outcome(self, turns: int = 1) -> Any:
        """The last response, after so many turns ended."""

        def ended() -> list[Any]:
            states = self.broker.sent("response/state")
            seen = list(dict.fromkeys(each.turn for each in states))
            return states if len(seen) >= turns else []

        return (await self.until(ended))[-1]

    @asynccontextmanager
    async def running(self) -> Any:
        """The daemon and its nodes, from start to a clean stop."""
        self.clock = virtual_clock(BEGIN + self.later)
        self.bus = self.broker.bus()
        mqtt = MqttConfig(**{"publish_text": self.publish_text} | self.mqtt)
        daemon = Daemon(
            config=Config(data_dir=self.data_dir, mqtt=mqtt, **self.options),
            bus=self.bus,
            audio=self.broker.bus(announce=False),
            clock=self.clock,
            random=random.Random(self.seed),
            prepares_openers=self.prepares_openers,
            plugs=Plugs(
                inputs=(plug("inputs", self._door, kind="door"), *self.inputs),
                llm=tuple(_plug("llm", each) for each in (self.model, *self.spare_models)),
                tts=tuple(_plug("tts", each) for each in (self.voice, *self.spare_voices)),
                outputs=self.outputs,
                stt=tuple(_plug("stt", each) for each in self.ears),
                embedder=plug("memory.embed", self.embedder) if self.embedder else None,
                guard=plug("llm.guard", self.guard) if self.guard else None,
                compressor=plug("llm.compress", self.compressor) if self.compressor else None,
            ),
        )
        stop = asyncio.Event()
        tasks = [asyncio.create_task(node.run()) for node in self.nodes]
        serving = asyncio.create_task(daemon.run(stop))
        try:
            await self.until(lambda: hasattr(self._door, "emit") or serving.done())
            await asyncio.sleep(0.1)
            yield self
        finally:
            stop.set()
            begun = asyncio.get_running_loop().time()
            await asyncio.wait([serving], timeout=10)
            self.stopped_s = asyncio.get_running_loop().time() - begun
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            serving.result()


def _plug(folder: str, part: Any) -> Plug:
    return part if isinstance(part, Plug) else plug(folder, part)


Scene = Callable[[Rig], Awaitable[None]]
