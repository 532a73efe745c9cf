"""Voices behind OpenAI's speech interface: its own client talks to a strict stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from pickled.errors import VoiceError
from pickled.plugins import Surroundings
from pickled.tts import Expressive, Synthesizer
from pickled.tts.openai import Options, start
from tests.stand_ins.openai_speech import CHARACTERS_PER_S, SpeechStandIn

HELLO = "Hello everybody, good to see you."
LENGTH = len(HELLO) / CHARACTERS_PER_S * 48_000
KEY = "sk-speech-0123456789"


@pytest_asyncio.fixture
async def service() -> AsyncIterator[SpeechStandIn]:
    """As Kokoro-FastAPI answers."""
    async with SpeechStandIn().serve() as running:
        yield running


@asynccontextmanager
async def voice_of(service: SpeechStandIn, **more: Any) -> AsyncIterator[Synthesizer]:
    """A voice with short patience."""
    options: dict[str, Any] = {
        "base_url": service.base_url, "model": "kokoro", "voice": "af_bella",
        "first_byte_timeout_s": 0.4, "idle_timeout_s": 0.3, "connect_timeout_s": 0.5,
    }  # fmt: skip
    around = Surroundings(Path(), Path(), lambda *_: None)
    async with start(Options.model_validate(options | more), around) as voice:
        yield voice


async def spoken(part: Synthesizer, text: str = HELLO, **how: Any) -> int:
    """Bytes of the sound of a text."""
    return sum([len(piece) async for piece in part.synthesize(text, **how)])


async def test_text_becomes_sound(service: SpeechStandIn) -> None:
    """All of it, though its pieces end within samples."""
    async with voice_of(service) as voice:
        await voice.probe()
        assert await spoken(voice) == pytest.approx(LENGTH, abs=2000)
        assert await spoken(voice, "I.") > 0
    assert service.requests[0] == {
        "model": "kokoro", "voice": "af_bella", "input": HELLO, "response_format": "pcm",
    }  # fmt: skip


@pytest.mark.parametrize(("rate", "channels"), [(24_000, 1), (22_050, 1), (44_100, 2)])
async def test_wav_says_itself_what_it_is(service: SpeechStandIn, rate: int, channels: int) -> None:
    """Rate and channels are read from its head, whatever else stands there."""
    service.rate, service.channels = rate, channels
    async with voice_of(service, format="wav") as voice:
        assert await spoken(voice) == pytest.approx(LENGTH, abs=3000)


async def test_plain_samples_have_the_rate_that_was_agreed_on(service: SpeechStandIn) -> None:
    """For servers that speak at another one."""
    service.rate = 16_000
    async with voice_of(service, rate=16_000) as voice:
        assert await spoken(voice) == pytest.approx(LENGTH, abs=3000)


@pytest.mark.parametrize("objects", [False, True])
async def test_voices_of_the_server_can_be_chosen(service: SpeechStandIn, objects: bool) -> None:
    """Those that it lists; an unknown one is the configured one."""
    service.voice_objects = objects
    async with voice_of(service) as voice:
        await voice.probe()
        assert voice.voices == ("af_bella", "am_adam")
        for wanted in ("am_adam", "nobody"):
            await spoken(voice, voice=wanted, speed=9.0)
    assert [(each["voice"], each["speed"]) for each in service.requests] == [
        ("am_adam", 4.0), ("af_bella", 4.0),
    ]  # fmt: skip


async def test_server_without_a_list_has_the_configured_voice(service: SpeechStandIn) -> None:
    """It is asked for its models instead."""
    service.voices = None
    async with voice_of(service) as voice:
        await voice.probe()
        assert voice.voices == ("af_bella",)
        service.refuses = 401
        with pytest.raises(VoiceError, match="wants a key"):
            await voice.probe()


async def test_key_is_sent_and_never_told(service: SpeechStandIn) -> None:
    """Right, wrong and missing."""
    service.key = KEY
    async with voice_of(service, api_key=SecretStr(KEY)) as voice:
        await voice.probe()
        assert await spoken(voice) > 0
    async with voice_of(service, api_key=SecretStr("sk-wrong-1")) as voice:
        with pytest.raises(VoiceError, match="does not take the key") as failed:
            await voice.probe()
        assert "sk-wrong" not in str(failed.value)


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("silent", "took too long"), ("half", "took too long"), ("cut", "was cut|does not speak"),
        ("json", "a text in place of sound"), ("mp3", "sends MP3.*`format: wav`"),
        ("nothing", "gave no sound"), ("endless head", "head that does not end"),
    ],
)  # fmt: skip
async def test_failure_is_told_and_the_next_text_is_spoken(
    service: SpeechStandIn, failure: Any, told: str
) -> None:
    """Another voice takes the clause meanwhile."""
    service.failure = failure
    async with voice_of(service) as voice:
        with pytest.raises(VoiceError, match=told):
            await spoken(voice)
        service.failure = None
        assert await spoken(voice) > 0


@pytest.mark.parametrize(("status", "told"), [(429, "no more requests"), (500, "failed with")])
async def test_refusal_is_told(service: SpeechStandIn, status: int, told: str) -> None:
    """At the probe, and in use."""
    service.refuses = status
    async with voice_of(service) as voice:
        for work in (voice.probe(), spoken(voice)):
            with pytest.raises(VoiceError, match=told):
                await work


async def test_format_that_is_not_known_is_told_in_the_server_s_words(
    service: SpeechStandIn,
) -> None:
    """With what was asked for."""
    service.formats = ("wav",)
    async with voice_of(service) as voice:
        with pytest.raises(VoiceError, match=r"can't be done.*pcm"):
            await spoken(voice)


async def test_server_that_is_not_there() -> None:
    """Named with its address."""
    async with SpeechStandIn().serve() as gone:
        pass
    async with voice_of(gone) as voice:
        with pytest.raises(VoiceError, match="nothing answers at"):
            await voice.probe()


async def test_vendors_voices_are_known_without_asking() -> None:
    """Its reference lists them, its interface does not."""
    async with start(Options(), Surroundings(Path(), Path(), lambda *_: None)) as voice:
        assert voice.voices[0] == "alloy"
        assert "nova" in voice.voices


@pytest.mark.parametrize(
    ("model", "option", "told_of"),
    [
        ("gpt-4o-mini-tts", None, True),
        ("tts-1", None, False),
        ("kokoro", None, False),
        ("gpt-4o-mini-tts", False, False),
    ],
)
async def test_mood_is_told_to_models_that_take_it(
    service: SpeechStandIn, model: str, option: bool | None, told_of: bool
) -> None:
    """A neutral clause is asked for as before."""
    async with voice_of(service, model=model, instructions=option) as voice:
        assert isinstance(voice, Expressive)
        for emotion in ("sad", "neutral"):
            pieces = voice.perform(HELLO, emotion=emotion)  # type: ignore[arg-type]  # two of them
            assert sum([len(piece) async for piece in pieces]) > 0
    first, second = service.requests
    assert ("sadness" in first.get("instructions", "")) == told_of
    assert "instructions" not in second
