"""The daemon's life: its parts start, run, and end in order."""

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

from pickled.composition import Outside, Parts, build
from pickled.config import Config
from pickled.mqtt import Bus
from pickled.mqtt.client import AUDIO_SEND_BUFFER, Connection
from pickled.orchestrator.parts.clock import Clock, system_clock
from pickled.plugins import Plugs, find_all
from pickled.topics import Root

log = structlog.get_logger()

FLUSH_S = 0.5
"""At the end, so long the broker may take for what waits."""

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
            parts = await build(self._outside(), stack)
            self._join(parts)
            async with asyncio.TaskGroup() as core:
                running = [
                    core.create_task(each(), name=name) for name, each in self._loops(parts).items()
                ]
                sources = core.create_task(
                    parts.listening.run(parts.base.models, parts.base.voices), name="inputs"
                )
                await stop.wait()
                log.info("stopping")
                await _cancel([sources])
                await _cancel([task for task in running if task.get_name() == "cohost"])
                await parts.close()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(FLUSH_S):
                        await parts.base.events.flush()
                await _cancel(running)

    def _outside(self) -> Outside:
        return Outside(
            config=self.config,
            bus=self.bus,
            audio=self.audio,
            clock=self.clock,
            random=self.random,
            plugs=self.plugs,
            spawn=self._spawn,
        )

    def _join(self, parts: Parts) -> None:
        """Who hears of whom, and what is known before the broker is there."""
        base = parts.base
        health, nodes, states = base.health, base.nodes, base.states
        parts.commands.listen()
        nodes.listen()
        base.speaker.listen()
        nodes.on_appear.append(parts.effects.node_appeared)
        nodes.on_change.append(lambda _: health.nodes(nodes.online))
        self.bus.on_connect(partial(self._connected, parts))
        self.bus.on_down(lambda why: health.report("broker", "down", why))
        for bus in (self.bus, self.audio):
            bus.on_refused(health.forbidden)
        parts.introduction.listen()
        for path in ("thinking/state", "speaking/state"):
            states.set(path, False)
        states.set("caption/state", "")
        states.set("emotion/state", "neutral")
        base.controls.publish()
        parts.cohost.speaking.approval.publish()
        health.nodes(nodes.online)
        parts.introduction.publish()
        parts.intake.publish()

    def _loops(self, parts: Parts) -> dict[str, Callable[[], Any]]:
        base, memory = parts.base, parts.base.memory
        return {
            "mqtt": self.bus.run,
            "mqtt audio": self.audio.run,
            "events": base.events.run,
            "commands": parts.commands.run,
            "nodes": base.nodes.run,
            "models": base.models.run,
            "voices": base.voices.run,
            "cohost": parts.cohost.run,
            "personas": parts.personas.run,
            "memory": memory.storing.run,
            "memory upkeep": memory.long_term.run,
            "ticks": partial(self._tick, parts),
        }

    async def _tick(self, parts: Parts) -> None:
        """Once a second: what changes by itself."""
        while True:
            await asyncio.sleep(1)
            parts.intake.publish()
            await parts.base.memory.publish()
            parts.cohost.decisions.summarize()
            parts.base.controls.publish()
            parts.introduction.publish()

    async def _connected(self, parts: Parts) -> None:
        parts.base.nodes.forget_what_was_told()
        parts.base.health.report("broker", "up", "")
        log.info("connected to the broker", instance=self.config.instance)

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._spawned)

    def _spawned(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("side task failed", exc_info=error)


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
