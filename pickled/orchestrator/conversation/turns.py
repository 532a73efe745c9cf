"""Makes turns: the persona in force, the models, the voices and the latencies, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial

from pickled.brain.own_voice import OwnVoice
from pickled.brain.persona import Persona
from pickled.messages.chat import Ids
from pickled.messages.decision import Request
from pickled.messages.response import Outcome
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.conversation.errands import Errand
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.ladder import Ladder
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.turn.answer import Answer
from pickled.orchestrator.turn.manner import Manner
from pickled.orchestrator.turn.opener_sounds import OpenerSounds
from pickled.orchestrator.turn.openers import Openers
from pickled.orchestrator.turn.preparing import Prepared, Preparing
from pickled.orchestrator.turn.speculation import Thrift
from pickled.orchestrator.turn.stages import Latencies, Stages
from pickled.orchestrator.turn.talking import Talker
from pickled.orchestrator.turn.turn import Turn
from pickled.orchestrator.turn.writing import Writer
from pickled.outputs.voice.speaker import Speaker
from pickled.tts import Synthesizer


@dataclass(frozen=True)
class Turns:
    """What every turn is made of."""

    controls: Controls
    states: States
    events: Events
    clock: Clock
    preparing: Preparing
    writer: Writer
    voices: Ladder[Synthesizer]
    speaker: Speaker
    openers: Openers
    opener_sounds: OpenerSounds | None = None
    """None: the voice speaks them when they are wanted."""
    latencies: Latencies = field(default_factory=Latencies)
    thrift: Thrift = field(default_factory=Thrift)
    early: Thrift = field(default_factory=Thrift)
    """For what is asked for before it is sure that it is wanted."""
    own: OwnVoice = field(default_factory=OwnVoice)
    """What sounded lately."""

    def make(
        self,
        errand: Errand,
        *,
        permit: Callable[[Turn], Awaitable[Outcome | None]],
        free: Callable[[], bool],
        whole: bool,
        hold: Callable[[Turn], Awaitable[None]] | None = None,
        early: bool = False,
    ) -> Turn:
        """A turn that has not begun; persona and voice are those in force now.

        One that is `early` is published when it is settled that it is wanted.
        """
        request, persona = errand.request, self.controls.persona
        about = tuple(Ids(each.id, each.user_id) for each in request.messages)
        stages = Stages(arrived=request.arrived, decided=request.decided)
        talker = Talker(
            turn=request.turn,
            voices=self.voices,
            speaker=self.speaker,
            stages=stages,
            now=self.clock.now,
            on_caption=lambda words: self.states.set("caption/state", words),
            on_sound=lambda: self.states.set("speaking/state", True),
            manner=Manner(persona, self.controls.voice),
            target=errand.target,
            priority=request.priority,
            thrift=self.thrift,
            early=self.early,
            on_clause=lambda words: self.own.sounding(words, about=about, now=self.clock.now()),
        )
        if self.opener_sounds is not None:
            talker.held = self.opener_sounds.get
        heard = not whole and bool(self.speaker.nodes.targets(errand.target))
        prepare = self._opened if heard else self.preparing
        return Turn(
            request=request,
            persona=persona,
            prepare=None if errand.script else partial(prepare, persona),
            on_begun=(lambda _opener: None) if errand.script else self.openers.begun,
            script=errand.script,
            answer=Answer(emotion=errand.emotion or "neutral"),
            permit=permit,
            free=free,
            hold=hold,
            early=early,
            whole=whole,
            writer=self.writer,
            talker=talker,
            states=self.states,
            events=self.events,
            clock=self.clock,
            latencies=self.latencies,
            stages=stages,
        )

    async def _opened(self, persona: Persona, request: Request) -> Prepared:
        """The same prompt, with what its answer may begin with."""
        prepared = await self.preparing(persona, request)
        opening = self.openers.opening(persona, request, prepared.said)
        if not opening.listed:
            return prepared
        prompt = prepared.prompt.model_copy(update={"openers": opening.offered})
        return replace(prepared, prompt=prompt, opening=opening)
