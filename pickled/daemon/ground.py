"""What nearly every part stands on: the configuration, what it is set to, and ways to tell."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from pickled.config import Config
from pickled.daemon.life import Life
from pickled.daemon.tables import Tables, load_tables
from pickled.daemon.wording import ask_for
from pickled.daemon.wording import models as start_models
from pickled.errors import ConfigError
from pickled.language.injection.names import call
from pickled.llm import Model
from pickled.messages.state import Status
from pickled.mqtt import Bus
from pickled.notify import ServiceManager
from pickled.offers import Offers
from pickled.orchestrator.controls.blocking import BlockedWords
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.controls.personas import load_personas, names_in
from pickled.orchestrator.controls.saving import Saving
from pickled.orchestrator.controls.settings import Settings
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.ladder import Ladder, start_ladder
from pickled.orchestrator.parts.pulses import Pulses
from pickled.orchestrator.parts.shared import Shared
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.health import HealthBoard
from pickled.orchestrator.publishing.house import RestOfTheHouse
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.publishing.tap import PublishingTap
from pickled.orchestrator.publishing.tending import Tending
from pickled.orchestrator.turn.manner import voice_in_force
from pickled.plugins import Plugs, Surroundings
from pickled.side_tasks import SideTasks
from pickled.tts import Synthesizer

log = structlog.get_logger()

FLUSH_S = 0.5
"""At the end, so long the broker may take for what waits."""


class RunningBus(Bus, Protocol):
    """A bus with a loop of its own."""

    async def run(self) -> None:
        """Stay connected until cancelled."""


@dataclass(frozen=True)
class Outside:
    """What the server is given from outside."""

    config: Config
    bus: RunningBus
    """State and commands."""
    audio: RunningBus
    clock: Clock
    random: random.Random
    plugs: Plugs
    real_time: bool = False
    """Not a rehearsal: who holds the event loop up is told, and what is slow is done beforehand."""
    prepares_openers: bool = False
    """The sound of openers is made in quiet moments; else the voice speaks them when they come."""
    manager: ServiceManager = field(default_factory=ServiceManager)
    """Who started us, if it wants to be told how we are."""
    pulses: Pulses = field(default_factory=Pulses)


@dataclass(frozen=True)
class Ground:
    """Made first; it knows nothing of what stands on it."""

    outside: Outside
    data_dir: Path
    tables: Tables
    blocked: BlockedWords
    """The words of its gate."""
    settings: Settings
    saving: Saving
    states: States
    events: Events
    health: HealthBoard
    models: Ladder[Model]
    voices: Ladder[Synthesizer]
    controls: Controls
    side_tasks: SideTasks
    tap: PublishingTap
    shared: Shared
    offers: Offers
    """To every plug."""
    there: asyncio.Event
    """Set once everybody is told that we are there; what takes longer to start begins then."""
    warm: asyncio.Event
    """Set once nothing that chat needs has to be made first."""

    @property
    def config(self) -> Config:
        return self.outside.config

    @property
    def clock(self) -> Clock:
        return self.outside.clock

    def around(self, report: Callable[[Status, str], None]) -> Surroundings:
        """What a plug may know and use."""
        return Surroundings(self.config.base_dir, self.data_dir, report, self.offers)

    @property
    def quietly(self) -> Surroundings:
        """For a part that health has no name for: who uses it says how it does."""
        return self.around(lambda _status, _detail: None)

    @property
    def tending(self) -> Tending:
        """How what runs by itself is kept."""
        return Tending(self.health, self.around, self.outside.random.random, self.outside.pulses)


async def lay(outside: Outside, stack: AsyncExitStack) -> Ground:
    """Make it; what has to be closed is entered on the stack. Raises ConfigError."""
    config, clock, data_dir = outside.config, outside.clock, outside.config.data_dir
    if data_dir is None:
        raise ConfigError("data_dir is not set; name a folder in pickled.yaml")
    personas = load_personas([config.personas_dir], wanted=config.persona)
    tables = await asyncio.to_thread(load_tables, config)
    call(names_in(personas))
    settings = Settings(data_dir)
    await asyncio.to_thread(settings.load)
    tap, shared = PublishingTap(), Shared()
    states = States(outside.bus, tap=tap, publish_text=config.mqtt.publish_text)
    events = Events(outside.bus, tap=tap, publish_text=config.mqtt.publish_text)
    health = HealthBoard(states=states, events=events, clock=clock)
    offers = Offers(tap=tap, bus=outside.bus, share=shared, house=RestOfTheHouse(outside.bus))

    models = await stack.enter_async_context(
        start_models(
            config,
            outside.plugs.llm,
            report=health.reporter("llm"),
            dice=outside.random.random,
            offers=offers,
            later=outside.real_time,
        )
    )
    around = Surroundings(config.base_dir, data_dir, health.reporter("tts"), offers)
    voices: Ladder[Synthesizer] = await stack.enter_async_context(
        start_ladder(outside.plugs.tts, around, dice=outside.random.random)
    )
    controls = Controls(
        settings=settings,
        states=states,
        clock=clock,
        personas=personas,
        configured_persona=config.persona,
        voice_in_force=partial(voice_in_force, voices),
        safety=config.safety,
    )
    ask_for(models, lambda: controls.persona)
    return Ground(
        outside=outside,
        data_dir=data_dir,
        tables=tables,
        blocked=BlockedWords(tables.gate.words, settings),
        settings=settings,
        saving=Saving(settings, health),
        states=states,
        events=events,
        health=health,
        models=models,
        voices=voices,
        controls=controls,
        side_tasks=SideTasks(),
        tap=tap,
        shared=shared,
        offers=offers,
        there=asyncio.Event(),
        warm=asyncio.Event(),
    )


def lives(ground: Ground) -> tuple[Life, ...]:
    """The connections, what goes out over them, and who words and speaks."""
    bus, audio, health = ground.outside.bus, ground.outside.audio, ground.health

    refused = ""

    def tell() -> None:
        """How the broker is while we are there."""
        why = bus.rival or audio.rival or refused
        health.report("broker", "degraded" if why else "up", why)

    async def connected() -> None:
        nonlocal refused
        refused = ""
        tell()

    def forbidden(_topic: str, why: str) -> None:
        nonlocal refused
        refused = refused or why
        health.complain("broker", "forbidden", why)
        tell()

    def look() -> None:
        if bus.connected:
            tell()

    def listen() -> None:
        bus.on_connect(connected)
        bus.on_down(lambda why: health.report("broker", "down", why))
        for each in (bus, audio):
            each.on_refused(forbidden)

    async def flush() -> None:
        try:
            async with asyncio.timeout(FLUSH_S):
                await ground.events.flush()
        except TimeoutError:
            log.warning("the broker did not take everything that was left to say")

    async def word() -> None:
        await ground.there.wait()
        await ground.models.run()

    return (
        Life("mqtt", listen=listen, run=bus.run, every_second=look),
        Life("mqtt audio", run=audio.run),
        Life("events", run=ground.events.run, close=flush),
        Life("states", close=ground.states.close),
        Life("settings", run=ground.saving.run, close=ground.saving.close),
        Life("side tasks", close=ground.side_tasks.close),
        Life("shared connections", close=ground.shared.close),
        Life("models", run=word),
        Life("voices", run=ground.voices.run),
    )
