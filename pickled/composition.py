"""Makes all parts of the server and joins them: the one place where they are put together."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pickled.brain.chat_command import Manners
from pickled.brain.crowd import Crowd
from pickled.brain.gate import Selection
from pickled.brain.mood import Mood
from pickled.brain.safety import GateRules
from pickled.config import Config
from pickled.errors import ConfigError
from pickled.llm import Model
from pickled.llm.compress import Compressor
from pickled.llm.guard import Guard
from pickled.memory.short_term import ShortTerm
from pickled.mqtt import Bus
from pickled.orchestrator.commands.chat_commands import ChatOrders
from pickled.orchestrator.commands.commands import Commands
from pickled.orchestrator.commands.effects import Effects
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.controls.personas import Personas, load_personas
from pickled.orchestrator.controls.settings import Settings
from pickled.orchestrator.conversation.approval import Approval
from pickled.orchestrator.conversation.cohost import CoHost
from pickled.orchestrator.conversation.decisions import Decisions
from pickled.orchestrator.conversation.hearing import Hearing
from pickled.orchestrator.conversation.requests import Requests
from pickled.orchestrator.conversation.speaking import Speaking
from pickled.orchestrator.conversation.turns import Turns
from pickled.orchestrator.intake.chat_feed import ChatFeed
from pickled.orchestrator.intake.intake import Intake
from pickled.orchestrator.intake.listening import Listening
from pickled.orchestrator.intake.screening import Screening
from pickled.orchestrator.introduction import Introduction
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.ladder import Ladder, start_ladder
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.health import HealthBoard
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.recollection.remembering import Remembering, start_remembering
from pickled.orchestrator.situation.audience import Audience
from pickled.orchestrator.situation.show import Show
from pickled.orchestrator.tables import Tables, load_tables
from pickled.orchestrator.turn.preparing import Preparing
from pickled.orchestrator.turn.talking import all_voices, voice_in_force
from pickled.orchestrator.turn.writing import Writer
from pickled.outputs.voice.nodes import Nodes
from pickled.outputs.voice.speaker import Speaker, StreamNumbers
from pickled.plugins import Plugs, Surroundings
from pickled.tts import Synthesizer

STREAM_SETTING = "stream"


@dataclass(frozen=True)
class Outside:
    """What the server is given from outside."""

    config: Config
    bus: Bus
    """State and commands."""
    audio: Bus
    clock: Clock
    random: random.Random
    plugs: Plugs
    spawn: Callable[[Any], None]
    """Runs a side task that somebody owns."""


@dataclass(frozen=True)
class Base:
    """What nearly every part needs."""

    outside: Outside
    tables: Tables
    settings: Settings
    states: States
    events: Events
    health: HealthBoard
    models: Ladder[Model]
    voices: Ladder[Synthesizer]
    guard: Guard | None
    compressor: Compressor | None
    controls: Controls
    memory: Remembering
    nodes: Nodes
    speaker: Speaker
    session: int


@dataclass(frozen=True)
class Parts:
    """All parts that have something to do by themselves."""

    base: Base
    audience: Audience
    cohost: CoHost
    intake: Intake
    orders: ChatOrders
    effects: Effects
    commands: Commands
    personas: Personas
    introduction: Introduction
    listening: Listening

    async def close(self) -> None:
        """Publish what waits, and begin nothing any more."""
        self.introduction.close()
        self.orders.close()
        self.intake.close()
        await self.audience.close()
        self.cohost.decisions.summarize()
        self.base.states.close()


async def build(outside: Outside, stack: AsyncExitStack) -> Parts:
    """Make all parts; what has to be closed is entered on the stack. Raises ConfigError."""
    base = await _base(outside, stack)
    config, states, events, clock = outside.config, base.states, base.events, outside.clock
    controls, memory = base.controls, base.memory
    canary = f"{outside.random.getrandbits(48):012x}"

    gates = {
        discreet: replace(base.tables.gate, discreet=discreet, canary=canary)
        for discreet in (False, True)
    }

    def rules() -> GateRules:
        """As they are at this moment."""
        return gates[controls.discreet]

    audience = Audience(
        crowd=Crowd(known=controls.persona.triggers),
        mood=Mood(base.tables.emotes),
        states=states,
        events=events,
        clock=clock,
        embed=memory.meaning,
    )
    show = Show(states=states, clock=clock, keys=config.context, delays=config.delays)
    screening = Screening(rules=rules, events=events, clock=clock)
    short_term = ShortTerm()
    selection = Selection(controls.rules, support=audience.crowd.support)
    decisions = Decisions(events=events, clock=clock)
    preparing = Preparing(
        short_term=short_term,
        recall=memory.recall,
        situation=lambda: show.situation(
            discreet=controls.discreet,
            topics=audience.topics(most=3),
            mood=audience.label,
            rate=intake.rate,
        ),
        screen=partial(screening.text, source="memory"),
        screen_name=screening.name,
        on_emptied=memory.count_emptied,
        emotes=base.tables.emotes,
        canary=canary,
        max_recent=int(config.llm.options.get("prompt_messages", 10)),
        compressor=base.compressor,
    )
    requests = Requests(clock, outside.random)
    speaking = Speaking(controls, show, Approval(states, clock), states, clock)
    cohost = CoHost(
        selection=selection,
        short_term=short_term,
        controls=controls,
        decisions=decisions,
        states=states,
        clock=clock,
        show=show,
        turns=Turns(
            controls=controls,
            states=states,
            events=events,
            clock=clock,
            preparing=preparing,
            writer=Writer(
                models=base.models, rules=rules, events=events, clock=clock, guard=base.guard
            ),
            voices=base.voices,
            speaker=base.speaker,
        ),
        speaking=speaking,
        requests=requests,
        dice=outside.random.random,
        on_heard=memory.storing.hear,
    )
    hearing = Hearing(
        speaking=speaking,
        show=show,
        controls=controls,
        requests=requests,
        queue=cohost.queue,
        wake=cohost.wake,
    )
    intake = Intake(
        selection=selection,
        short_term=short_term,
        feed=ChatFeed(events, clock),
        events=events,
        states=states,
        clock=clock,
        screening=screening,
        audience=audience,
        show=show,
        dropped=decisions.dropped,
        obey=lambda message: orders.obey(message),
        hear=hearing.hear,
        on_verdicts=cohost.decided,
        on_stream=cohost.react,
        on_retraction=cohost.retract,
        remember=memory.storing.take,
        forget=memory.storing.retract,
        wake=cohost.wake,
        hold_s=config.safety.chat_hold_s,
    )
    personas = Personas(
        controls=controls,
        dirs=(config.personas_dir,),
        schedule=config.schedule,
        events=events,
        clock=clock,
    )
    effects = Effects(
        bus=outside.bus,
        cohost=cohost,
        controls=controls,
        nodes=base.nodes,
        clock=clock,
        memory=memory,
        show=show,
        screen=partial(screening.text, source="context"),
        take=intake.take,
        reload=lambda: outside.spawn(personas.reload()),
        voices=partial(all_voices, base.voices),
    )
    orders = ChatOrders(
        effects=effects,
        cohost=cohost,
        memory=memory,
        events=events,
        clock=clock,
        take=intake.take,
        manners=Manners(config.chat_commands.prefix, config.chat_commands.aliases),
        enabled=config.chat_commands.enabled,
    )
    return Parts(
        base=base,
        audience=audience,
        cohost=cohost,
        intake=intake,
        orders=orders,
        effects=effects,
        personas=personas,
        commands=Commands(
            bus=outside.bus, effect=effects, controls=controls, events=events, clock=clock
        ),
        introduction=Introduction(
            config=config,
            bus=outside.bus,
            states=states,
            controls=controls,
            voices=partial(all_voices, base.voices),
            session=base.session,
            dice=outside.random.random,
        ),
        listening=Listening(
            plugs=outside.plugs.inputs,
            take=intake.take,
            health=base.health,
            base_dir=config.base_dir,
            data_dir=_data_dir(config),
            dice=outside.random.random,
        ),
    )


async def _base(outside: Outside, stack: AsyncExitStack) -> Base:
    config, clock, plugs = outside.config, outside.clock, outside.plugs
    personas = load_personas([config.personas_dir], wanted=config.persona)
    tables = await asyncio.to_thread(load_tables, config)
    settings = Settings(_data_dir(config))
    await asyncio.to_thread(settings.load)
    states = States(outside.bus, publish_text=config.mqtt.publish_text)
    events = Events(outside.bus, publish_text=config.mqtt.publish_text)
    health = HealthBoard(states=states, events=events, clock=clock)
    around = partial(Surroundings, config.base_dir, _data_dir(config))
    models = await stack.enter_async_context(
        start_ladder(plugs.llm, around(health.reporter("llm")))
    )
    voices = await stack.enter_async_context(
        start_ladder(plugs.tts, around(health.reporter("tts")))
    )
    quiet = around(lambda _status, _detail: None)
    guard = await stack.enter_async_context(plugs.guard.start(quiet)) if plugs.guard else None
    compressor = (
        await stack.enter_async_context(plugs.compressor.start(quiet)) if plugs.compressor else None
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
    nodes = Nodes(outside.bus, wall_ms=clock.wall_ms)
    session = outside.random.getrandbits(32)
    memory = await stack.enter_async_context(
        start_remembering(
            config,
            plugs.embedder,
            controls=controls,
            report=health.reporter("memory"),
            models=models,
            states=states,
            events=events,
            clock=clock,
        )
    )
    return Base(
        outside=outside,
        tables=tables,
        settings=settings,
        states=states,
        events=events,
        health=health,
        models=models,
        voices=voices,
        guard=guard,
        compressor=compressor,
        controls=controls,
        memory=memory,
        nodes=nodes,
        speaker=Speaker(
            bus=outside.audio,
            nodes=nodes,
            session=session,
            numbers=_stream_numbers(settings, outside.spawn),
            wall_ms=clock.wall_ms,
        ),
        session=session,
    )


def _data_dir(config: Config) -> Any:
    if config.data_dir is None:
        raise ConfigError("data_dir is not set; name a folder in pickled.yaml")
    return config.data_dir


def _stream_numbers(settings: Settings, spawn: Callable[[Any], None]) -> StreamNumbers:
    def save(number: int) -> None:
        settings.set(STREAM_SETTING, number, configured=0)
        spawn(settings.save())

    return StreamNumbers(saved=int(settings.get(STREAM_SETTING, 0)), save=save)
