"""The server, put together: the one place where all of its parts are made and joined."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import structlog

from pickled.brain.gate import Selection
from pickled.brain.safety import GateRules
from pickled.config import Config
from pickled.errors import ConfigError
from pickled.memory.short_term import ShortTerm
from pickled.mqtt import Bus
from pickled.mqtt.client import AUDIO_SEND_BUFFER, Connection
from pickled.orchestrator.chat_feed import ChatFeed
from pickled.orchestrator.clock import Clock, system_clock
from pickled.orchestrator.cohost import CoHost
from pickled.orchestrator.commands import Commands
from pickled.orchestrator.controls import Controls
from pickled.orchestrator.decisions import Decisions
from pickled.orchestrator.effects import Effects
from pickled.orchestrator.events import Events
from pickled.orchestrator.health import HealthBoard
from pickled.orchestrator.intake import Intake
from pickled.orchestrator.introduction import Introduction
from pickled.orchestrator.ladder import Ladder, start_ladder
from pickled.orchestrator.listening import Listening
from pickled.orchestrator.personas import load_personas, reload_personas
from pickled.orchestrator.remembering import Remembering, start_remembering
from pickled.orchestrator.settings import Settings
from pickled.orchestrator.state import States
from pickled.orchestrator.talking import all_voices, voice_in_force
from pickled.orchestrator.writing import Writer
from pickled.outputs.voice.nodes import Nodes
from pickled.outputs.voice.speaker import Speaker, StreamNumbers
from pickled.plugins import Plugs, Surroundings, find_all
from pickled.topics import Root

log = structlog.get_logger()

FLUSH_S = 0.5
"""At the end, so long the broker may take for what waits."""

STREAM_SETTING = "stream"

_STOPS = (signal.SIGTERM, signal.SIGINT)


class RunningBus(Bus, Protocol):
    """A bus with a loop of its own."""

    async def run(self) -> None:
        """Stay connected until cancelled."""


@dataclass
class Daemon:
    """All parts; `run` until `stop` is set."""

    config: Config
    bus: RunningBus
    """State and commands."""
    audio: RunningBus
    clock: Clock
    random: random.Random
    plugs: Plugs
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything, wait for `stop`, and end in order; raises what can't be mended."""
        async with AsyncExitStack() as stack:
            parts = await self._build(stack)
            self._join(parts)
            async with asyncio.TaskGroup() as core:
                running = [
                    core.create_task(each(), name=name) for name, each in self._loops(parts).items()
                ]
                sources = core.create_task(
                    parts.listening.run(parts.models, parts.voices), name="inputs"
                )
                await stop.wait()
                log.info("stopping")
                await _cancel([sources])
                await _cancel([task for task in running if task.get_name() == "cohost"])
                parts.close()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(FLUSH_S):
                        await parts.events.flush()
                await _cancel(running)

    async def _build(self, stack: AsyncExitStack) -> Parts:
        config = self.config
        data_dir = config.data_dir
        if data_dir is None:
            raise ConfigError("data_dir is not set; name a folder in pickled.yaml")
        personas = load_personas([config.personas_dir], wanted=config.persona)
        settings = Settings(data_dir)
        await asyncio.to_thread(settings.load)
        states = States(self.bus, publish_text=config.mqtt.publish_text)
        events = Events(self.bus, publish_text=config.mqtt.publish_text)
        health = HealthBoard(states=states, events=events, clock=self.clock)
        around = partial(Surroundings, config.base_dir, data_dir)
        models = await stack.enter_async_context(
            start_ladder(self.plugs.llm, around(health.reporter("llm")))
        )
        voices = await stack.enter_async_context(
            start_ladder(self.plugs.tts, around(health.reporter("tts")))
        )
        controls = Controls(
            settings=settings,
            states=states,
            clock=self.clock,
            personas=personas,
            configured_persona=config.persona,
            voice_in_force=partial(voice_in_force, voices),
            safety=config.safety,
        )
        nodes = Nodes(self.bus, wall_ms=self.clock.wall_ms)
        session = self.random.getrandbits(32)
        speaker = Speaker(
            bus=self.audio,
            nodes=nodes,
            session=session,
            numbers=self._stream_numbers(settings),
            wall_ms=self.clock.wall_ms,
        )
        memory = await stack.enter_async_context(
            start_remembering(
                config,
                self.plugs.embedder,
                controls=controls,
                report=health.reporter("memory"),
                models=models,
                states=states,
                events=events,
                clock=self.clock,
            )
        )
        selection = Selection(controls.rules)
        short_term = ShortTerm()
        decisions = Decisions(events=events, clock=self.clock)
        cohost = CoHost(
            selection=selection,
            short_term=short_term,
            controls=controls,
            decisions=decisions,
            states=states,
            events=events,
            clock=self.clock,
            writer=Writer(
                models=models,
                gate=GateRules(max_chars=config.safety.max_chars),
                events=events,
                clock=self.clock,
            ),
            voices=voices,
            speaker=speaker,
            random=self.random,
            recall=memory.recall,
            on_heard=memory.storing.hear,
        )
        intake = Intake(
            selection=selection,
            short_term=short_term,
            feed=ChatFeed(events, self.clock),
            events=events,
            states=states,
            clock=self.clock,
            dropped=decisions.dropped,
            on_verdicts=cohost.decided,
            on_stream=cohost.react,
            on_retraction=cohost.retract,
            remember=memory.storing.take,
            forget=memory.storing.retract,
            wake=cohost.wake,
        )
        effects = Effects(
            bus=self.bus,
            cohost=cohost,
            controls=controls,
            nodes=nodes,
            clock=self.clock,
            memory=memory,
            take=intake.take,
            reload=lambda: self._spawn(
                reload_personas(controls, [config.personas_dir], events=events, clock=self.clock)
            ),
            voices=partial(all_voices, voices),
        )
        commands = Commands(
            bus=self.bus, effect=effects, controls=controls, events=events, clock=self.clock
        )
        introduction = Introduction(
            config=config,
            bus=self.bus,
            states=states,
            controls=controls,
            voices=partial(all_voices, voices),
            session=session,
            dice=self.random.random,
        )
        listening = Listening(
            plugs=self.plugs.inputs,
            take=intake.take,
            health=health,
            base_dir=config.base_dir,
            data_dir=data_dir,
            dice=self.random.random,
        )
        return Parts(
            introduction=introduction,
            listening=listening,
            states=states,
            events=events,
            health=health,
            models=models,
            voices=voices,
            controls=controls,
            nodes=nodes,
            speaker=speaker,
            cohost=cohost,
            memory=memory,
            intake=intake,
            effects=effects,
            commands=commands,
        )

    def _join(self, parts: Parts) -> None:
        """Who hears of whom, and what is known before the broker is there."""
        health, nodes = parts.health, parts.nodes
        parts.commands.listen()
        nodes.listen()
        parts.speaker.listen()
        nodes.on_appear.append(parts.effects.node_appeared)
        nodes.on_change.append(lambda _: health.nodes(nodes.online))
        self.bus.on_connect(partial(self._connected, parts))
        self.bus.on_down(lambda why: health.report("broker", "down", why))
        for bus in (self.bus, self.audio):
            bus.on_refused(health.forbidden)
        parts.introduction.listen()
        for path in ("thinking/state", "speaking/state"):
            parts.states.set(path, False)
        parts.states.set("caption/state", "")
        parts.states.set("emotion/state", "neutral")
        parts.controls.publish()
        health.nodes(nodes.online)
        parts.introduction.publish()
        parts.intake.publish()

    def _loops(self, parts: Parts) -> dict[str, Callable[[], Any]]:
        return {
            "mqtt": self.bus.run,
            "mqtt audio": self.audio.run,
            "events": parts.events.run,
            "commands": parts.commands.run,
            "nodes": parts.nodes.run,
            "models": parts.models.run,
            "voices": parts.voices.run,
            "cohost": parts.cohost.run,
            "memory": parts.memory.storing.run,
            "memory upkeep": parts.memory.long_term.run,
            "ticks": partial(self._tick, parts),
        }

    async def _tick(self, parts: Parts) -> None:
        """Once a second: what changes by itself."""
        while True:
            await asyncio.sleep(1)
            parts.intake.publish()
            await parts.memory.publish()
            parts.cohost.decisions.summarize()
            parts.controls.publish()
            parts.introduction.publish()

    async def _connected(self, parts: Parts) -> None:
        parts.nodes.forget_what_was_told()
        parts.health.report("broker", "up", "")
        log.info("connected to the broker", instance=self.config.instance)

    def _stream_numbers(self, settings: Settings) -> StreamNumbers:
        def save(number: int) -> None:
            settings.set(STREAM_SETTING, number, configured=0)
            self._spawn(settings.save())

        return StreamNumbers(saved=int(settings.get(STREAM_SETTING, 0)), save=save)

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._spawned)

    def _spawned(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("side task failed", exc_info=error)


@dataclass(frozen=True)
class Parts:
    """What `_build` made."""

    states: States
    events: Events
    health: HealthBoard
    models: Ladder[Any]
    voices: Ladder[Any]
    controls: Controls
    nodes: Nodes
    speaker: Speaker
    cohost: CoHost
    memory: Remembering
    intake: Intake
    effects: Effects
    commands: Commands
    introduction: Introduction
    listening: Listening

    def close(self) -> None:
        """Publish what waits."""
        self.introduction.close()
        self.intake.feed.close()
        self.cohost.decisions.summarize()
        self.states.close()


def run(config: Config) -> int:
    """Run the daemon until SIGTERM or Ctrl-C; returns the exit code."""
    plugs = find_all(config)
    # What is loaded by now lives to the end: a full collection that looks at it again and again
    # would hold up the loop, and the voice with it, for 40 ms and more.
    gc.collect()
    gc.freeze()
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(config, plugs))
    except ExceptionGroup as group:
        raise _readable(group) from group
    return 0


async def _serve(config: Config, plugs: Plugs) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked_to_stop() -> None:
        stop.set()
        for each in _STOPS:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)  # the second time means now

    for each in _STOPS:
        loop.add_signal_handler(each, asked_to_stop)
    root = Root(config.mqtt.base_topic, config.instance)
    name = f"{config.mqtt.base_topic}-{config.instance}"
    daemon = Daemon(
        config=config,
        bus=Connection(config.mqtt, root, name=name),
        audio=Connection(
            config.mqtt,
            root,
            name=f"{name}-audio",
            announce=False,
            send_buffer=AUDIO_SEND_BUFFER,
        ),
        clock=system_clock(),
        random=random.Random(),
        plugs=plugs,
    )
    await daemon.run(stop)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _readable(error: Exception) -> Exception:
    """What a person can mend, where the group holds nothing else."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


async def _cancel(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
