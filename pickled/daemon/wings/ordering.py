"""Commands, over MQTT and in chat; the personas that they choose from; and who we say we are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.daemon.wings.answering import Backdrop
from pickled.daemon.wings.voicing import Voicing
from pickled.orchestrator.commands.chat_commands import ChatCommands
from pickled.orchestrator.commands.commands import Commands
from pickled.orchestrator.commands.effects import Effects
from pickled.orchestrator.commands.moderating import Moderating
from pickled.orchestrator.controls.mutes import Mutes
from pickled.orchestrator.controls.personas import Personas
from pickled.orchestrator.conversation.acting import Acting
from pickled.orchestrator.conversation.cohost import CoHost
from pickled.orchestrator.conversation.manners import Notice
from pickled.orchestrator.intake.inlet import Inlet
from pickled.orchestrator.intake.other_platforms import OtherPlatforms
from pickled.orchestrator.introduction.announced import SETTING, Announced
from pickled.orchestrator.introduction.introduction import Introduction
from pickled.orchestrator.recollection.remembering import Remembering
from pickled.orchestrator.turn.manner import all_takeable, all_voices, voice_in_force


@dataclass(frozen=True)
class Ordering:
    """Who obeys."""

    chat: ChatCommands
    commands: tuple[Life, ...]
    """Obeyed and answered also while everything else ends."""
    lives: tuple[Life, ...]


def ordering(
    ground: Ground,
    backdrop: Backdrop,
    memory: Remembering,
    voice: Voicing,
    cohost: CoHost,
    acting: Acting,
    inlet: Inlet,
) -> Ordering:
    """Make them; what a command takes back comes in by the inlet, as from any input."""
    clock, controls = ground.clock, ground.controls
    personas = Personas(
        controls=controls,
        dirs=(ground.config.personas_dir,),
        schedule=ground.config.schedule,
        events=ground.events,
        clock=clock,
    )

    def reload() -> None:
        ground.side_tasks.start(personas.reload(), name="reload")

    mutes = _mutes(ground, voice, cohost)
    effects = Effects(
        cohost=cohost,
        controls=controls,
        mutes=mutes,
        clock=clock,
        memory=memory,
        short_term=backdrop.short_term,
        show=backdrop.show,
        screen=partial(backdrop.screening.text, source="context"),
        platforms=OtherPlatforms(clock, ground.config.chat_commands.moderators_from),
        answerable=backdrop.answerable,
        take=inlet.emit,
        reload=reload,
        voices=partial(all_takeable, ground.voices),
    )
    commands = _commands(ground, effects, mutes)
    chat = _chat(ground, backdrop, memory, effects, inlet, commands, acting)
    return Ordering(
        chat,
        (
            Life("mutes", listen=mutes.listen, every_second=mutes.tick, close=mutes.close),
            Life("commands", listen=commands.listen, run=commands.run, close=commands.close),
        ),
        (
            Life("chat commands", close=chat.close),
            _manners(ground, backdrop, cohost, acting),
            Life("personas", run=personas.run),
            _introduction(ground, voice),
        ),
    )


def _chat(
    ground: Ground,
    backdrop: Backdrop,
    memory: Remembering,
    effects: Effects,
    inlet: Inlet,
    commands: Commands,
    acting: Acting,
) -> ChatCommands:
    return ChatCommands(
        effects=effects,
        cohost=effects.cohost,
        memory=memory,
        events=ground.events,
        clock=ground.clock,
        take=inlet.emit,
        answer_saved=commands.answer,
        prefix=ground.config.chat_commands.prefix,
        moderating=Moderating(effects, ground.blocked, backdrop.ignored),
        acting=acting,
    )


def _manners(ground: Ground, backdrop: Backdrop, cohost: CoHost, acting: Acting) -> Life:
    notice = Notice(
        controls=ground.controls,
        settings=ground.settings,
        show=backdrop.show,
        acting=acting,
        clock=ground.clock,
        prefix=ground.config.chat_commands.prefix,
        spoke_at=lambda: cohost.speaking.quiet_since,
    )
    wanted = ground.config.chat_commands.notice
    return Life("manners", every_second=notice.look if wanted else None)


def _commands(ground: Ground, effects: Effects, mutes: Mutes) -> Commands:
    return Commands(
        bus=ground.outside.bus,
        effect=effects,
        retained=effects.retained,
        is_ours=mutes.is_ours,
        save=ground.saving.now,
        events=ground.events,
        clock=ground.clock,
    )


def _mutes(ground: Ground, voice: Voicing, cohost: CoHost) -> Mutes:
    return Mutes(
        bus=ground.outside.bus,
        controls=ground.controls,
        nodes=voice.nodes,
        clock=ground.clock,
        session=voice.session,
        on_silenced=lambda: cohost.speaking.stop("muted"),
        on_released=cohost.wake,
    )


def _introduction(ground: Ground, voice: Voicing) -> Life:
    def voices() -> tuple[str, ...]:
        controls = ground.controls
        speaks = voice_in_force(ground.voices, controls.persona, controls.voice)
        return all_voices(ground.voices, speaks)

    def keep(told: Any) -> None:
        ground.settings.set(SETTING, told, configured=None)

    introduction = Introduction(
        config=ground.config,
        bus=ground.outside.bus,
        states=ground.states,
        controls=ground.controls,
        announced=Announced(ground.settings.get(SETTING, None), keep),
        voices=voices,
        session=voice.session,
        dice=ground.outside.random.random,
    )

    def listen() -> None:
        voice.nodes.on_change.append(introduction.node_changed)
        introduction.listen()
        introduction.publish()

    return Life(
        "introduction",
        listen=listen,
        every_second=introduction.publish,
        close=introduction.close,
    )
