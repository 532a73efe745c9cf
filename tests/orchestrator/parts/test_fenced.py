"""Models, voices, guards and embedders keep their form whatever the part does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE
from pickled.errors import EmbedderError, ModelError, VoiceError
from pickled.llm.guard import Judgement
from pickled.orchestrator.parts.fenced import (
    EMBED_S,
    JUDGE_S,
    SOUND_S,
    FencedCompressor,
    FencedEmbedder,
    FencedGuard,
    FencedVoice,
)
from pickled.orchestrator.parts.pieces import Limits
from pickled.tts.pcm.loudness import loudness_db
from tests.stand_ins.virtual_time import in_virtual_time


class Voice:
    """Gives what it is told to."""

    name = "beeps"
    voices: tuple[str, ...] = ("beep",)

    def __init__(self, *pieces: bytes, endless: bool = False) -> None:
        self.pieces = pieces
        self.endless = endless

    async def synthesize(
        self, text: str, *, voice: str | None = None, speed: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        for piece in self.pieces:
            yield piece
        while self.endless:
            await asyncio.sleep(0.1)
            yield bytes(SPEECH_RATE * SAMPLE_BYTES)

    async def probe(self) -> None:
        return


async def _sound(voice: Voice) -> list[bytes]:
    return [piece async for piece in FencedVoice(voice, Limits()).synthesize("hello")]


async def test_voice_gives_whole_samples() -> None:
    """Half a sample waits for its other half; the last one is dropped."""
    pieces = await _sound(Voice(b"abc", b"d", b"efgh", b"i"))
    assert list(map(len, pieces)) == [2, 2, 4]


async def test_voices_of_any_package_are_as_loud_as_each_other() -> None:
    """Evened where all sound passes; the clauses of one voice teach what the next begins with."""
    wave = np.sin(2 * np.pi * 440 * np.arange(SPEECH_RATE) / SPEECH_RATE)
    levels = []
    for height in (1000, 5000, 32767):
        voice = FencedVoice(Voice((wave * height).astype("<i2").tobytes()), Limits())
        for _ in range(2):
            pieces = [piece async for piece in voice.synthesize("hello")]
        levels.append(loudness_db(np.frombuffer(b"".join(pieces), "<i2").astype(float)))
    assert levels[0] == pytest.approx(levels[1] - 3, abs=1.5)  # nothing is lifted by more than 9 dB
    assert levels[1] == pytest.approx(levels[2], abs=0.5)


async def test_voice_tells_its_languages_through_the_fence() -> None:
    """Whatever it has there; nonsense is as good as nothing."""
    part: Any = Voice(b"ab")
    voice = FencedVoice(part, Limits())
    assert (voice.languages, voice.on_demand) == ({}, ())
    part.languages, part.on_demand = {"beep": "de", "boop": 7}, ("bop", None)
    voice = FencedVoice(part, Limits())
    assert (voice.languages, voice.on_demand) == ({"beep": "de"}, ("bop",))
    part.languages, part.on_demand = "de", 7
    await voice.probe()
    assert (voice.languages, voice.on_demand) == ({}, ())


def test_voice_that_never_ends_is_stopped() -> None:
    """What it says is far longer than the text."""

    got: list[bytes] = []

    async def listen() -> None:
        async for piece in FencedVoice(Voice(endless=True), Limits()).synthesize("hello"):
            got.append(piece)  # noqa: PERF401  # what came before it failed counts

    async def work() -> None:
        with pytest.raises(VoiceError, match="beeps does not come to an end"):
            await listen()

    in_virtual_time(work)
    assert SOUND_S <= len(b"".join(got)) / SPEECH_RATE / SAMPLE_BYTES <= 2 * SOUND_S


async def test_voice_keeps_its_voices_where_a_probe_finds_none() -> None:
    """The list is never empty for who chooses from it."""
    voice = Voice()
    fenced = FencedVoice(voice, Limits())
    voice.voices = ()
    await fenced.probe()
    assert fenced.voices == ("beep",)
    voice.voices = ("boop",)
    await fenced.probe()
    assert fenced.voices == ("boop",)


def _kept(part: Any, **options: Any) -> Any:
    def there(error: Any) -> Any:
        if part is None:
            raise error("oracle: it is starting")
        return part

    plug = SimpleNamespace(kind="oracle", options=SimpleNamespace(**options))
    return SimpleNamespace(part=part, plug=plug, there=there)


class Hanging:
    """Takes an hour for everything."""

    name = "slow"
    dimensions = 3

    async def judge(self, clause: str) -> Judgement:
        await asyncio.sleep(3600)
        return Judgement(True)

    async def compress(self, text: str) -> str:
        await asyncio.sleep(3600)
        return text

    async def embed(self, texts: Sequence[str], *, urgent: bool = False) -> list[bytes | None]:
        await asyncio.sleep(3600)
        return [None for _ in texts]


def test_guard_compressor_and_embedder_have_their_time() -> None:
    """That of their options where they have one."""

    async def work() -> list[float]:
        loop, waits = asyncio.get_running_loop(), []
        for ask, error in (
            (FencedGuard(_kept(Hanging())).judge("x"), ModelError),
            (FencedGuard(_kept(Hanging(), timeout_s=20.0)).judge("x"), ModelError),
            (FencedCompressor(_kept(Hanging())).compress("x"), ModelError),
            (FencedEmbedder(_kept(Hanging())).embed(["x"]), EmbedderError),
        ):
            began = loop.time()
            with pytest.raises(error, match="no answer within"):
                await cast("Any", ask)
            waits.append(round(loop.time() - began, 1))
        return waits

    assert in_virtual_time(work) == [JUDGE_S, 21.0, JUDGE_S, EMBED_S]


async def test_guard_that_is_not_there_does_not_judge() -> None:
    """Nothing passes because a guard is away."""
    guard = FencedGuard(_kept(None))
    assert guard.name == "oracle"
    with pytest.raises(ModelError, match="it is starting"):
        await guard.judge("x")
    embedder = FencedEmbedder(_kept(None))
    assert embedder.dimensions == 0
    with pytest.raises(EmbedderError):
        await embedder.embed(["x"])
