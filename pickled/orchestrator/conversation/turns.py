"""Makes turns: the persona in force, the models, the voices and the latencies, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from pickled.messages.response import Outcome
from pickled.orchestrator.controls.controls import Controls
from pickled.orchestrator.conversation.errands import Errand
from pickled.orchestrator.parts.clock import Clock
from pickled.orchestrator.parts.ladder import Ladder
from pickled.orchestrator.publishing.events import Events
from pickled.orchestrator.publishing.state import States
from pickled.orchestrator.turn.preparing import Preparing
from pickled.orchestrator.turn.speculation import Thrift
from pickled.orchestrator.turn.stages import Latencies, Stages
from pickled.orchestrator.turn.talking import Manner, Talker
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
    latencies: Latencies = field(default_factory=Latencies)
    thrift: Thrift = field(default_factory=Thrift)

    def make(
        self,
        errand: Errand,
        *,
        permit: Callable[[Turn], Awaitable[Outcome | None]],
        free: Callable[[], bool],
        whole: bool,
    ) -> Turn:
        """A turn that has not begun; persona and voice are those in force now."""
        request, persona = errand.request, self.controls.persona
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
        )
        return Turn(
            request=request,
            persona=persona,
            prepare=None if errand.script else partial(self.preparing, persona),
            script=errand.script,
            permit=permit,
            free=free,
            whole=whole,
            writer=self.writer,
            talker=talker,
            states=self.states,
            events=self.events,
            clock=self.clock,
            latencies=self.latencies,
            stages=stages,
        )
