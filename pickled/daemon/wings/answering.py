"""From what was heard and read to an answer: who decides, who writes, who has the floor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial

from pickled.brain.crowd import Crowd
from pickled.brain.mood import Mood
from pickled.brain.safety import GateRules
from pickled.brain.selection import Selection
from pickled.daemon.ground import Ground
from pickled.daemon.life import Life
from pickled.daemon.wings.voicing import Voicing
from pickled.llm.compress import Compressor
from pickled.llm.guard import Guard
from pickled.memory.short_term import ShortTerm
from pickled.orchestrator.controls.blocking import Ignored
from pickled.orchestrator.conversation.acting import Acting
from pickled.orchestrator.conversation.approval import Approval
from pickled.orchestrator.conversation.cohost import CoHost
from pickled.orchestrator.conversation.decisions import Decisions
from pickled.orchestrator.conversation.requests import Requests
from pickled.orchestrator.conversation.speaking import Speaking
from pickled.orchestrator.conversation.turns import Turns
from pickled.orchestrator.intake.answerable import Answerable
from pickled.orchestrator.intake.screening import Screening
from pickled.orchestrator.parts.fenced import FencedCompressor, FencedGuard
from pickled.orchestrator.parts.keeping import Kept, keeping
from pickled.orchestrator.parts.warming import Warming
from pickled.orchestrator.recollection.remembering import Remembering
from pickled.orchestrator.situation.audience import Audience
from pickled.orchestrator.situation.pace import Pace
from pickled.orchestrator.situation.show import Show
from pickled.orchestrator.situation.sights import Sights
from pickled.orchestrator.turn.asked import recipients
from pickled.orchestrator.turn.compressing import Compressing
from pickled.orchestrator.turn.opener_sounds import OpenerSounds
from pickled.orchestrator.turn.openers import Openers
from pickled.orchestrator.turn.preparing import Preparing
from pickled.orchestrator.turn.sound_shelf import SoundShelf
from pickled.orchestrator.turn.turn import Turn
from pickled.orchestrator.turn.writing import Writer
from pickled.plugins import Plug


@dataclass(frozen=True)
class Backdrop:
    """What is known of the show, and the rules by which it may be shown."""

    audience: Audience
    show: Show
    sights: Sights
    pace: Pace
    screening: Screening
    short_term: ShortTerm
    answerable: Answerable
    ignored: Ignored
    rules: Callable[[], GateRules]
    """The gate's, as they are at this moment."""
    canary: str


def backdrop(ground: Ground, memory: Remembering) -> Backdrop:
    """Chat as a whole, and what goes on around it."""
    states, events, clock, controls = ground.states, ground.events, ground.clock, ground.controls
    canary = f"{ground.outside.random.getrandbits(48):012x}"
    gates: dict[bool, GateRules] = {}

    def rules() -> GateRules:
        """The same object as long as nothing of it changes."""
        words, discreet = ground.blocked.list, controls.discreet
        known = gates.get(discreet)
        if known is None or known.words is not words:
            gate = ground.tables.gate
            known = replace(gate, words=words, discreet=discreet, canary=canary)
            gates[discreet] = known
        return known

    show = Show(states=states, clock=clock, keys=ground.config.context, delays=ground.config.delays)
    return Backdrop(
        audience=Audience(
            crowd=Crowd(known=controls.persona.triggers),
            mood=Mood(ground.tables.emotes),
            states=states,
            events=events,
            clock=clock,
            embed=memory.meaning,
        ),
        show=show,
        sights=Sights(
            show=show,
            states=states,
            is_discreet=lambda: controls.discreet,
            clock=clock,
            bus=ground.outside.bus,
            report=ground.health.reporter("vision"),
        ),
        pace=Pace(clock),
        screening=Screening(rules=rules, events=events, clock=clock),
        short_term=ShortTerm(),
        answerable=Answerable(),
        ignored=Ignored(ground.config.ignore, ground.settings),
        rules=rules,
        canary=canary,
    )


@dataclass(frozen=True)
class Answering:
    """Who decides and speaks."""

    cohost: CoHost
    acting: Acting
    lives: tuple[Life, ...]


async def answering(
    ground: Ground, backdrop: Backdrop, memory: Remembering, voice: Voicing, stack: AsyncExitStack
) -> Answering:
    """Make them; what has to be closed is entered on the stack."""
    states, events, clock, controls = ground.states, ground.events, ground.clock, ground.controls
    guard, compressor = await _helpers(ground, stack)
    writer = Writer(
        models=ground.models, rules=backdrop.rules, events=events, clock=clock, guard=guard
    )
    approval = Approval(states, ground.tap, clock)
    requests = Requests(clock, ground.outside.random)
    acting = Acting(approval, controls, events, requests, clock, backdrop.rules)
    warming = Warming(ground.models, lambda: controls.persona, backdrop.canary, acting.spoken_of)
    sounds = _opener_sounds(ground, backdrop)
    cohost = CoHost(
        selection=Selection(controls.rules, support=backdrop.audience.crowd.support),
        short_term=backdrop.short_term,
        controls=controls,
        decisions=Decisions(events=events, clock=clock),
        states=states,
        clock=clock,
        show=backdrop.show,
        turns=Turns(
            controls=controls,
            states=states,
            events=events,
            clock=clock,
            preparing=_preparing(ground, backdrop, memory, compressor, warming, acting),
            writer=writer,
            voices=ground.voices,
            speaker=voice.speaker,
            openers=Openers(sounds.ready) if sounds else Openers(),
            opener_sounds=sounds,
        ),
        speaking=Speaking(controls, backdrop.show, approval, states, clock),
        requests=requests,
        dice=ground.outside.random.random,
        on_heard=memory.storing.hear,
        on_taken_back=memory.storing.unsay,
        on_action=partial(_act, acting),
    )
    warm = Life("warming", every_second=warming.look, close=warming.close)
    making = (_making(ground, sounds, cohost, backdrop.pace),) if sounds else ()
    return Answering(cohost, acting, (warm, *_lives(ground, backdrop, cohost, approval), *making))


def _act(acting: Acting, turn: Turn, action: str) -> None:
    """What the model wants done; where a person read the answer first, they agreed to both."""
    asked = turn.request.messages[-1] if turn.request.messages else None
    args = {"user": asked.user, "user_id": asked.user_id} if asked and asked.user_id else {}
    acting.ask(
        action,
        by="model",
        turn=turn.request.turn,
        args=args,
        to=recipients(turn.request),
        who=asked,
        agreed=turn.whole,
    )


def _lives(
    ground: Ground, backdrop: Backdrop, cohost: CoHost, approval: Approval
) -> tuple[Life, ...]:
    states, decisions = ground.states, cohost.decisions

    def listen() -> None:
        for path in ("thinking/state", "speaking/state"):
            states.set(path, False)
        states.set("caption/state", "")
        states.set("emotion/state", "neutral")
        ground.controls.publish()
        approval.listen()
        approval.publish()

    return (
        Life("audience", close=backdrop.audience.close),
        Life("decisions", every_second=decisions.summarize, close=decisions.summarize),
        Life("cohost", listen=listen, run=cohost.run, every_second=ground.controls.publish),
    )


def _opener_sounds(ground: Ground, backdrop: Backdrop) -> OpenerSounds | None:
    if not ground.outside.prepares_openers:
        return None
    configured = (each.options.model_dump_json() for each in ground.outside.plugs.tts)
    return OpenerSounds(
        voices=ground.voices,
        controls=ground.controls,
        shelf=SoundShelf(ground.data_dir / "openers"),
        about=dict(enumerate(configured)),
        rules=backdrop.rules,
    )


def _making(ground: Ground, sounds: OpenerSounds, cohost: CoHost, pace: Pace) -> Life:
    """Once chat is served, and whenever nobody speaks or is about to."""

    def is_quiet() -> bool:
        return cohost.speaking.turn is None and not cohost.selection.waiting and pace.is_calm

    async def run() -> None:
        await ground.warm.wait()
        await sounds.run(is_quiet)

    return Life("openers", listen=sounds.listen, run=run)


def _preparing(
    ground: Ground,
    backdrop: Backdrop,
    memory: Remembering,
    compressor: Compressor | None,
    warming: Warming,
    acting: Acting,
) -> Preparing:
    return Preparing(
        short_term=backdrop.short_term,
        recall=memory.recall,
        situation=lambda: backdrop.show.situation(
            discreet=ground.controls.discreet,
            topics=backdrop.audience.topics(most=3),
            mood=backdrop.audience.label,
            rate=backdrop.pace.rate,
        ),
        screen=partial(backdrop.screening.text, source="memory"),
        screen_name=backdrop.screening.name,
        on_emptied=memory.count_emptied,
        emotes=ground.tables.emotes,
        actions=acting.spoken_of,
        canary=backdrop.canary,
        max_recent=int(ground.config.llm.options.get("prompt_messages", 10)),
        room=_room(ground.outside.plugs.llm),
        compressing=Compressing(compressor) if compressor else None,
        warming=warming,
        look=backdrop.sights.look,
    )


def _room(models: Sequence[Plug]) -> int | None:
    """Tokens that a prompt may take, so that an answer has room, too, with each of these models."""
    rooms = [
        plug.options.num_ctx - plug.options.max_tokens
        for plug in models
        if hasattr(plug.options, "num_ctx") and hasattr(plug.options, "max_tokens")
    ]
    return min(rooms, default=None)


async def _helpers(ground: Ground, stack: AsyncExitStack) -> tuple[Guard | None, Compressor | None]:
    """Who judges clauses, and who shortens prompts, where somebody shall."""
    plugs, quiet = ground.outside.plugs, ground.quietly
    dice = ground.outside.random.random
    guard: FencedGuard | None = None
    compressor: FencedCompressor | None = None
    if plugs.guard is not None:
        guard = FencedGuard(Kept(plugs.guard, quiet, dice))
        await stack.enter_async_context(keeping([guard.kept]))
    if plugs.compressor is not None:
        compressor = FencedCompressor(Kept(plugs.compressor, quiet, dice))
        await stack.enter_async_context(keeping([compressor.kept]))
    return guard, compressor
