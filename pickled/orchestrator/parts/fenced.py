"""Models, voices and the like behind the fence: they keep their form, whatever the part does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE
from pickled.errors import EmbedderError, ModelError, VoiceError
from pickled.llm import Gauged, ManyModels, Model
from pickled.llm.compress import Compressor
from pickled.llm.guard import Guard, Judgement
from pickled.memory import Embedder
from pickled.messages.emotion import Emotion
from pickled.messages.prompt import Prompt
from pickled.messages.word_end import WordEnd
from pickled.orchestrator.parts.fence import contained
from pickled.orchestrator.parts.keeping import Kept
from pickled.orchestrator.parts.pieces import SLACK_S, Limits, Pieces
from pickled.services.gauge import Gauge
from pickled.services.streaming import WARMING_S
from pickled.tts import Synthesizer, languages_of, on_demand_of, perform, unheard_percent_of
from pickled.tts.pcm.off_loop import OffLoop

MOST_ANSWER = 100_000
"""Characters of an answer: far more than any model is asked for."""

SOUND_S, SOUND_S_A_CHARACTER = 10.0, 0.6
"""A voice that speaks longer than this of a text, and of each character, speaks for ever: slow
speech has 10 characters a second, and speed goes down to a quarter of that."""

JUDGE_S, EMBED_S = 3.0, 30.0
"""So long a guard or compressor, and an embedder, may take that names no time of its own."""


class FencedModel:
    """A `Model`; what it says of itself is read when it has started and answers a probe."""

    def __init__(self, part: Model, limits: Limits) -> None:
        self._part = part
        self._limits = limits
        self.name, self.bounded = part.name, part.bounded
        gauge = part.gauge if isinstance(part, Gauged) else None
        self.gauge = gauge if isinstance(gauge, Gauge) else None
        self.patience_s = limits.patience_s
        """So long its first word is waited for."""

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """As `Model.stream`."""
        limits = Limits(first_s=WARMING_S + SLACK_S) if prompt.warming else self._limits
        reader = Pieces(self.name, str, limits, ModelError)
        return reader.of(partial(self._part.stream, prompt), most=MOST_ANSWER)

    async def probe(self) -> None:
        """As `Model.probe`."""
        await self._part.probe()
        self.name = self._part.name

    async def probe_model(self, model: str) -> None:
        """As `ManyModels.probe_model`; one that has no other models is not asked."""
        if isinstance(self._part, ManyModels):
            await self._part.probe_model(model)


class FencedVoice:
    """A `Synthesizer`, of which only whole samples come, each clause as loud as the others."""

    def __init__(self, part: Synthesizer, limits: Limits) -> None:
        from pickled.tts.pcm.loudness import Levels  # doctor works without numpy

        self._part = part
        self._limits = limits
        self._levels = Levels()
        self._look()

    def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        """As `Synthesizer.synthesize`."""
        return self.perform(text, voice=voice, speed=speed)

    async def perform(
        self,
        text: str,
        *,
        voice: str | None = None,
        speed: float = 1.0,
        emotion: Emotion = "neutral",
        words: list[WordEnd] | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """As `Expressive.perform`; a part that can't do that speaks all the same."""
        reader = Pieces(self.name, bytes, self._limits, VoiceError)
        longest_s = SOUND_S + SOUND_S_A_CHARACTER * len(text)
        speak = partial(
            perform, self._part, text, voice=voice, speed=speed, emotion=emotion,
            words=[] if words is None else words,
        )  # fmt: skip
        sound = b""
        speaker = voice if voice is not None and voice in self.voices else self.voices[0]
        clause, off_loop = self._levels.clause(speaker), OffLoop()
        async with aclosing(
            reader.of(speak, most=round(longest_s * SPEECH_RATE) * SAMPLE_BYTES)
        ) as pieces:
            async for piece in pieces:
                sound += piece
                whole = len(sound) - len(sound) % SAMPLE_BYTES
                for even in await off_loop.do(clause.feed, sound[:whole]):
                    yield even
                sound = sound[whole:]
        self._levels.learn(speaker, clause)

    async def probe(self) -> None:
        """As `Synthesizer.probe`."""
        await self._part.probe()
        if self._part.voices:
            self._look()

    def _look(self) -> None:
        """What it says of itself, as it is now."""
        self.name, self.voices = self._part.name, self._part.voices
        self.languages, self.on_demand = languages_of(self._part), on_demand_of(self._part)
        self.unheard_percent = unheard_percent_of(self._part)


@dataclass(frozen=True)
class FencedGuard:
    """A `Guard`; while it is away, it does not judge."""

    kept: Kept[Guard]

    @property
    def name(self) -> str:
        return self.kept.part.name if self.kept.part else self.kept.plug.kind

    async def judge(self, clause: str) -> Judgement:
        """As `Guard.judge`."""
        judge = partial(self.kept.there(ModelError).judge, clause)
        return await contained(self.name, judge, limit_s=_patience(self.kept), error=ModelError)

    async def probe(self) -> None:
        """As `Guard.probe`."""
        await self.kept.there(ModelError).probe()


@dataclass(frozen=True)
class FencedCompressor:
    """A `Compressor`; while it is away, it does not compress."""

    kept: Kept[Compressor]

    @property
    def name(self) -> str:
        return self.kept.part.name if self.kept.part else self.kept.plug.kind

    async def compress(self, text: str) -> str:
        """As `Compressor.compress`."""
        compress = partial(self.kept.there(ModelError).compress, text)
        return await contained(self.name, compress, limit_s=_patience(self.kept), error=ModelError)


@dataclass(frozen=True)
class FencedEmbedder:
    """An `Embedder`; while it is away, words alone serve."""

    kept: Kept[Embedder]

    @property
    def name(self) -> str:
        return self.kept.part.name if self.kept.part else self.kept.plug.kind

    @property
    def dimensions(self) -> int:
        return self.kept.part.dimensions if self.kept.part else 0

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        """As `Embedder.embed`."""
        embed = partial(self.kept.there(EmbedderError).embed, texts, urgent=urgent)
        longest_s = EMBED_S + getattr(self.kept.plug.options, "batch_timeout_s", 0.0)
        return await contained(self.name, embed, limit_s=longest_s, error=EmbedderError)

    async def probe(self) -> None:
        """As `Embedder.probe`."""
        await self.kept.there(EmbedderError).probe()


def _patience(kept: Kept[Guard] | Kept[Compressor]) -> float:
    own = getattr(kept.plug.options, "timeout_s", None)
    return JUDGE_S if own is None else float(own) + SLACK_S
