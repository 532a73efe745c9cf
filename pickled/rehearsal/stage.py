"""Plays a recording to the whole daemon on virtual time, and follows what it makes of it."""

from __future__ import annotations

import asyncio
import copy
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pickled.brain.persona import Persona
from pickled.config import Config, HomeAssistantConfig, MemoryConfig, MqttConfig
from pickled.daemon.daemon import Daemon
from pickled.mqtt.in_process import MemoryBroker
from pickled.orchestrator.controls.personas import load_personas
from pickled.orchestrator.parts.clock import Clock
from pickled.plugins import Plug, Plugs, Surroundings
from pickled.rehearsal.node import VirtualNode
from pickled.rehearsal.parts import (
    Dice,
    ReadoutModel,
    RecordedEmbedder,
    RecordedModel,
    RecordedVoice,
    plug,
)
from pickled.rehearsal.player import Player
from pickled.rehearsal.real_model import RealModel
from pickled.rehearsal.recorded import Recorded
from pickled.rehearsal.story import Story
from pickled.rehearsal.virtual_time import BEGIN, VirtualTimeLoop, virtual_clock

SEED = 1
"""Of every chance that is not recorded."""

AFTER_S = 40.0
"""After the last line what still waits is answered, or expires, within so long a time."""

_NODE = "rehearsal"


@dataclass(frozen=True)
class Casting:
    """What a recording is played with."""

    label: str
    persona: str | None = None
    """None: who it was when it was recorded, else the configured one."""
    model: Plug | None = None
    """A real model."""
    recorded_answers: bool = True
    """Without a model: what was said then, where that is known; else it is read out."""


def rehearse(recorded: Recorded, config: Config, casting: Casting) -> Story:
    """Play all of it; the same recording and casting give the same story.

    Nothing of the user's data is touched. Raises ConfigError, and ModelError if a real model can't
    be started.
    """
    with tempfile.TemporaryDirectory(prefix="pickled-replay-") as folder:
        rehearsal = _Rehearsal(copy.deepcopy(recorded), config, casting, Path(folder))
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            return runner.run(rehearsal.play())


def personas_of(config: Config) -> dict[str, Persona]:
    """All that could play, by name."""
    return load_personas([config.personas_dir], wanted=config.persona)


class _Rehearsal:
    """One run."""

    def __init__(self, recorded: Recorded, config: Config, casting: Casting, folder: Path) -> None:
        self._recorded = recorded
        self._casting = casting
        self._folder = folder
        self.story = Story(casting.label)
        self._exact = casting.recorded_answers and casting.model is None
        self._config = config.model_copy(
            update={
                "persona": self._persona(config),
                "data_dir": folder,
                "inputs": (),
                "outputs": (),
                "mqtt": MqttConfig(),
                "memory": MemoryConfig(embedder=None),
                "home_assistant": HomeAssistantConfig(enabled=False),
            }
        )

    def _persona(self, config: Config) -> str:
        wanted = self._casting.persona or self._recorded.persona or config.persona
        if wanted == self._casting.persona or wanted in personas_of(config):
            return wanted
        self.story.notes.append(f"the persona {wanted} is not here: {config.persona} plays it")
        return config.persona

    async def play(self) -> Story:
        """From the first line until nothing waits any more."""
        clock = virtual_clock(self._recorded.began or BEGIN)
        broker = MemoryBroker()
        node = VirtualNode(broker, self._recorded.node or _NODE)
        keep = self._casting.persona is not None
        player = Player(self._recorded, broker, clock, self.story, keep_persona=keep)
        model = self._model(player)
        daemon = self._daemon(broker, clock, player, node, model)
        stop = asyncio.Event()
        playing = asyncio.create_task(node.run())
        serving = asyncio.create_task(daemon.run(stop))
        try:
            await self._follow(broker, player, serving)
        finally:
            stop.set()
            await asyncio.wait([serving])
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
            if isinstance(model, RealModel):
                model.close()
        serving.result()
        self._drain(broker, player)
        return self._finish(model)

    def _daemon(
        self,
        broker: MemoryBroker,
        clock: Clock,
        player: Player,
        node: VirtualNode,
        model: RecordedModel | ReadoutModel | RealModel,
    ) -> Daemon:
        def on_device(first_sound_ms: float | None) -> None:
            if first_sound_ms is not None:
                node.prebuffer_s = first_sound_ms / 1000

        dice = self._recorded if self._exact else None
        voice = RecordedVoice(self._recorded, on_device, voices=self._recorded.voices or ("alto",))
        return Daemon(
            config=self._config,
            bus=broker.bus(),
            audio=broker.bus(announce=False),
            clock=clock,
            random=Dice(dice, seed=SEED, now=player.now),
            plugs=Plugs(
                inputs=(plug("inputs", player, kind="rehearsal"),),
                llm=(plug("llm", model, kind="rehearsal"),),
                tts=(plug("tts", voice, kind="rehearsal"),),
                embedder=self._embedder(),
            ),
        )

    def _embedder(self) -> Plug | None:
        """What was known by its meaning then; memory itself begins empty."""
        if not self._recorded.meanings:
            return None
        embedder = RecordedEmbedder(self._recorded.meanings)
        return plug("memory.embed", embedder, kind="rehearsal")

    def _model(self, player: Player) -> RecordedModel | ReadoutModel | RealModel:
        if self._casting.model is not None:
            around = Surroundings(self._config.base_dir, self._folder, lambda _status, _why: None)
            real = RealModel(self._casting.model, around)
            real.start()
            self.story.absent = real.absent
            return real
        if self._exact and self._recorded.answers:
            model = RecordedModel(self._recorded, player.now)
            player.turns = model.turns
            return model
        return ReadoutModel()

    async def _follow(
        self, broker: MemoryBroker, player: Player, serving: asyncio.Task[None]
    ) -> None:
        """Until nothing waits any more after the last line; a daemon that fails ends it."""
        quiet = 0
        while not serving.done() and quiet < 3:
            await asyncio.sleep(1)
            self._drain(broker, player)
            over = player.over.is_set()
            if over and player.now() > self._recorded.length + AFTER_S:
                return
            quiet = quiet + 1 if over and self.story.idle else 0

    def _drain(self, broker: MemoryBroker, player: Player) -> None:
        """What was published is read and let go: an evening's sound would fill the memory."""
        self.story.take(broker.log, root=broker.root, origin=player.origin)
        broker.log.clear()

    def _finish(self, model: object) -> Story:
        story = self.story
        ends = [each.ended_at for each in story.turns.values()]
        story.length = max([self._recorded.length, *ends])
        if isinstance(model, RecordedModel) and model.unknown:
            story.notes.append(
                f"{model.unknown} answers are not in the recording: they were read out"
            )
        failed = sum(each.outcome == "failed" for each in story.turns.values())
        if isinstance(model, RealModel) and failed:
            story.notes.append(f"{failed} turns could not be worded: {model.why or 'no reason'}")
        if self._recorded.torn:
            story.notes.append(self._recorded.torn)
        if self._recorded.unheard:
            story.notes.append(
                f"{self._recorded.unheard} pieces of speech are there as sound alone: "
                "they were passed over"
            )
        if self._exact:
            story.recorded = len(self._recorded.decisions)
            story.as_recorded = self._same()
        return story

    def _same(self) -> int:
        """How many decisions are those of the recording: the same kind, reason and messages."""
        recorded = Counter(self._recorded.decisions)
        now = Counter(each.key for each in self.story.decisions)
        return (recorded & now).total()
