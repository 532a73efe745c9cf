"""Everything that comes in: the inputs, and the one door through which it comes."""

from __future__ import annotations

from functools import partial

from pickled.brain.chat_command import ChatCommand, Manners, parse
from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.daemon.wings.answering import Backdrop
from pickled.messages.chat import ChatMessage
from pickled.messages.stream import StreamEvent
from pickled.orchestrator.commands.chat_commands import ChatCommands
from pickled.orchestrator.conversation.acting import SHOUT_OUT, Acting
from pickled.orchestrator.conversation.cohost import CoHost
from pickled.orchestrator.conversation.hearing import Hearing
from pickled.orchestrator.conversation.reacting import Reacting
from pickled.orchestrator.conversation.redeeming import Redeeming
from pickled.orchestrator.intake.chat_feed import ChatFeed
from pickled.orchestrator.intake.inlet import Inlet
from pickled.orchestrator.intake.intake import Intake
from pickled.orchestrator.intake.listening import Listening
from pickled.orchestrator.recollection.storing import Storing


def hearing(
    ground: Ground,
    backdrop: Backdrop,
    storing: Storing,
    cohost: CoHost,
    acting: Acting,
    chat: ChatCommands,
    inlet: Inlet,
) -> tuple[Life, ...]:
    """Make them, and open the inlet."""
    ear = _ear(ground, backdrop, cohost)
    redeeming = Redeeming(ground.config.redemptions, cohost, acting, ground.events)
    redeeming.check()
    reacting = Reacting(cohost, redeeming.obeyed, partial(_shout_out, acting))
    cohost.on_begun, cohost.on_ended = ear.begun, ear.ended
    intake = Intake(
        selection=cohost.selection,
        short_term=backdrop.short_term,
        feed=ChatFeed(ground.events, ground.clock),
        events=ground.events,
        states=ground.states,
        clock=ground.clock,
        screening=backdrop.screening,
        audience=backdrop.audience,
        show=backdrop.show,
        sights=backdrop.sights,
        pace=backdrop.pace,
        answerable=backdrop.answerable,
        is_ignored=backdrop.ignored.covers,
        dropped=cohost.decisions.dropped,
        recognize=partial(_recognize, ground),
        do=chat.do,
        hear=ear.hear,
        on_verdicts=cohost.decided,
        on_stream=reacting.react,
        cheer=reacting.cheer,
        remember=storing.take,
        expect=storing.questions.begin,
        wake=cohost.wake,
        cut=cohost.cut,
        beyond={"voice": cohost, "actions": acting, "memory": storing},
        hold_s=ground.config.safety.chat_hold_s,
    )
    sights = backdrop.sights
    sights.may_remark, sights.remark = partial(_may_remark, ground, cohost), cohost.remark
    inlet.open(intake.take)
    listening = Listening(
        plugs=ground.outside.plugs.inputs, emit=inlet.emit, tending=ground.tending
    )
    ready = (ground.models.asked, ground.voices.asked, ground.warm)
    return (
        Life("sights", listen=sights.listen),
        Life("intake", listen=intake.publish, every_second=intake.publish, close=intake.close),
        Life("redemptions", close=redeeming.close),
        Life("inputs", run=partial(listening.run, *ready), ends=True),
    )


def _ear(ground: Ground, backdrop: Backdrop, cohost: CoHost) -> Hearing:
    """What hears the streamer."""
    return Hearing(
        speaking=cohost.speaking,
        show=backdrop.show,
        controls=ground.controls,
        requests=cohost.requests,
        clock=ground.clock,
        early=cohost.early,
        own=cohost.turns.own,
        queue=cohost.queue,
        pending=cohost.pending,
        withdraw=cohost.withdraw,
        told=cohost.told_aloud.add,
        wake=cohost.wake,
    )


def _shout_out(acting: Acting, raid: StreamEvent) -> None:
    """After a raid, where the persona may do that, and somebody can."""
    if acting.may(SHOUT_OUT):
        args = {"user": raid.user, "user_id": raid.user_id}
        acting.ask(SHOUT_OUT, by=raid.user, args=args)


def _may_remark(ground: Ground, cohost: CoHost) -> bool:
    """Is it wanted that it speaks up about what it sees, and is this nobody else's moment?"""
    vision, controls = ground.config.vision, ground.controls
    if vision is None or not vision.remarks or controls.muted or controls.paused:
        return False
    return controls.spontaneity > 0 and cohost.is_free()


def _recognize(ground: Ground, message: ChatMessage) -> ChatCommand | None:
    """The command that a line of chat is, if it is one to us."""
    wanted = ground.config.chat_commands
    if not wanted.enabled:
        return None
    return parse(message, manners=Manners(wanted.prefix, wanted.aliases))
