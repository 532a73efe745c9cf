"""ElevenLabs' voices: our client talks to a strict stand-in of its interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr, ValidationError

from pickled.errors import VoiceError
from pickled.messages.emotion import EMOTIONS
from pickled.messages.word_end import WordEnd
from pickled.orchestrator.parts.fenced import FencedVoice
from pickled.orchestrator.parts.pieces import Limits
from pickled.plugins import Surroundings
from pickled.tts.elevenlabs import ElevenLabsVoice, Options, start
from pickled.tts.moods import told
from tests.stand_ins.deepgram import CHARACTERS_PER_S
from tests.stand_ins.elevenlabs import KEY, OTHER, VOICE, ElevenLabsStandIn

HELLO = "Hello everybody, good to see you."
BYTES_A_S = 48_000


@pytest_asyncio.fixture
async def service() -> AsyncIterator[ElevenLabsStandIn]:
    """The service, without faults."""
    async with ElevenLabsStandIn().serve() as running:
        yield running


@asynccontextmanager
async def voice_of(
    service: ElevenLabsStandIn, key: str = KEY, **more: Any
) -> AsyncIterator[ElevenLabsVoice]:
    """A voice with short patience."""
    options = Options.model_validate(
        {"base_url": service.url, "api_key": SecretStr(key) if key else None,
         "first_byte_timeout_s": 0.5, "idle_timeout_s": 0.3, "connect_timeout_s": 1} | more
    )  # fmt: skip
    async with start(options, Surroundings(Path(), Path(), lambda *_: None)) as voice:
        assert isinstance(voice, ElevenLabsVoice)
        yield voice


async def spoken(part: ElevenLabsVoice, text: str, **how: Any) -> int:
    """Bytes of the sound of a text."""
    return sum([len(piece) async for piece in part.perform(text, **how)])


def length(text: str) -> float:
    return len(text) / CHARACTERS_PER_S * BYTES_A_S


async def test_clauses_are_whole_and_the_next_connection_is_ready(
    service: ElevenLabsStandIn,
) -> None:
    """Each has its own, made while the one before is spoken."""
    async with voice_of(service) as voice:
        await voice.probe()
        assert service.open == 1
        for text in (HELLO, "And you?", HELLO):
            assert await spoken(voice, text) == pytest.approx(length(text), abs=2000)
    assert service.spoken == [HELLO, "And you?", HELLO]
    assert len(service.connections) <= 4
    voice_id, query = service.connections[0]
    assert voice_id == VOICE
    assert query["model_id"] == "eleven_flash_v2_5"


async def test_clauses_side_by_side_keep_apart(service: ElevenLabsStandIn) -> None:
    """A guess and the clause before it."""
    async with voice_of(service) as voice:
        texts = (HELLO, "Two.", "Three and a half.")
        lengths = await asyncio.gather(*(spoken(voice, each) for each in texts))
    for text, found in zip(texts, lengths, strict=True):
        assert found == pytest.approx(length(text), abs=2000)


@pytest.mark.parametrize("lead_s", [0.0, 0.2])
async def test_words_ends_are_told_as_they_sound(service: ElevenLabsStandIn, lead_s: float) -> None:
    """In the text that was given, and from its first sample: silence before it is left out."""
    service.lead_s = lead_s
    words: list[WordEnd] = []
    async with voice_of(service) as voice:
        fenced = FencedVoice(voice, Limits())
        async with aclosing(fenced.perform(HELLO, words=words)) as pieces:
            sound = b"".join([piece async for piece in pieces])
    assert [HELLO[: each.chars].split()[-1] for each in words] == HELLO.split()
    assert [each.chars for each in words] == [5, 16, 21, 24, 28, 33]
    kept = 0.015 if lead_s else 0
    for each in words:
        assert each.seconds == pytest.approx(each.chars / CHARACTERS_PER_S + kept, abs=0.01)
    assert words[-1].seconds == pytest.approx(len(sound) / BYTES_A_S, abs=0.02)


async def test_voice_without_alignment_is_heard_all_the_same(service: ElevenLabsStandIn) -> None:
    """What was heard goes by proportion then."""
    service.aligned = False
    words: list[WordEnd] = []
    async with voice_of(service) as voice:
        assert await spoken(voice, HELLO, words=words) > 0
    assert words == []


async def test_voices_by_name_and_settings(service: ElevenLabsStandIn) -> None:
    """Speed and mood stay within what the service takes; an unknown voice is the configured one."""
    async with voice_of(service, stability=0.1, style=0.9) as voice:
        await voice.probe()
        assert voice.voices == (VOICE, "Domi")
        assert voice.languages["Domi"] == "de"
        await spoken(voice, "Hallo.", voice="Domi", speed=9)
        await spoken(voice, "Who?", voice="nobody", speed=0.1, emotion="excited")
        await spoken(voice, "Plain.")
    asked = [(id_, service.settings[at]) for at, id_ in enumerate((OTHER, VOICE, VOICE))]
    assert {id_ for id_, _ in service.connections} == {OTHER, VOICE}
    assert asked[0][1] == {"stability": 0.1, "similarity_boost": 0.75, "style": 0.9, "speed": 1.2}
    assert asked[1][1] == {"stability": 0, "similarity_boost": 0.75, "style": 1, "speed": 0.7}
    assert asked[2][1]["style"] == 0.9


@pytest.mark.parametrize("kind", ["elevenlabs", "openai"])
def test_moods_are_of_the_contract(kind: str) -> None:
    """Every line of the table is an emotion that an answer can have, with something to tell."""
    from pickled.tts.moods import _table

    assert set(_table(kind)) < set(EMOTIONS)
    assert all(told(kind, each) for each in EMOTIONS if each in _table(kind))
    assert told(kind, "neutral") == ""
    if kind == "elevenlabs":
        for each in _table(kind).values():
            assert all(-0.5 <= float(part) <= 0.5 for part in each.split())


async def test_clause_that_nobody_wants_ends_its_connection(service: ElevenLabsStandIn) -> None:
    """The next one is whole."""
    async with voice_of(service) as voice:
        unwanted = voice.synthesize(HELLO * 10)
        await anext(unwanted)
        await unwanted.aclose()
        assert await spoken(voice, "Next.") == pytest.approx(length("Next."), abs=2000)
    assert service.open == 0


async def test_connection_that_waited_too_long_is_replaced(service: ElevenLabsStandIn) -> None:
    """The service lets it go; the clause is spoken once, on a new one."""
    service.idle_s = 0.05
    async with voice_of(service) as voice:
        await voice.probe()
        await asyncio.sleep(0.1)
        service.idle_s = 20
        assert await spoken(voice, HELLO) == pytest.approx(length(HELLO), abs=2000)
    assert service.spoken == [HELLO]
    assert len(service.connections) >= 2


@pytest.mark.parametrize(
    ("failure", "told_"),
    [
        ("deaf", "took too long"),
        ("mute", "took too long"),
        ("abort", "was cut"),
        ("close 1000", "was cut"),
        ("close 1008", "failed: Unusual activity detected"),
        ("quota", "no credits left.*subscription"),
        ("no voice", "no such voice; `pickled voices`"),
        ("half", "took too long"),
        ("garbage", "does not speak as ElevenLabs does"),
    ],
)
async def test_failure_names_the_remedy_and_the_next_clause_is_spoken(
    service: ElevenLabsStandIn, failure: str, told_: str
) -> None:
    """A clause that failed is another voice's; nothing of it stays behind."""
    service.failure = failure  # type: ignore[assignment]  # one of them
    async with voice_of(service) as voice:
        with pytest.raises(VoiceError, match=told_):
            await spoken(voice, HELLO)
        service.failure = None
        assert await spoken(voice, "Next.") == pytest.approx(length("Next."), abs=2000)


@pytest.mark.parametrize(
    ("status", "told_"),
    [
        (402, "no credits left"), (403, f"may not use voice {VOICE}"), (404, "has no voice"),
        (429, "takes no more requests"), (500, "failed with status 500"),
    ],
)  # fmt: skip
async def test_refusal_names_the_remedy(
    service: ElevenLabsStandIn, status: int, told_: str
) -> None:
    """At the probe, and in use."""
    service.refuses = status
    async with voice_of(service) as voice:
        with pytest.raises(VoiceError, match=told_):
            await voice.probe()
        with pytest.raises(VoiceError, match=told_):
            await spoken(voice, HELLO)


@pytest.mark.parametrize(
    ("key", "told_"), [("", "wants a key: ELEVENLABS_API_KEY"), ("wrong", "does not take the key")]
)
async def test_key_that_is_missing_or_wrong(
    service: ElevenLabsStandIn, key: str, told_: str
) -> None:
    """Said as such; the key itself is told to nobody."""
    async with voice_of(service, key) as voice:
        with pytest.raises(VoiceError, match=told_) as failed:
            await voice.probe()
    assert key != "wrong" or "wrong" not in str(failed.value)


async def test_server_that_is_not_there() -> None:
    """Named with its address."""
    async with ElevenLabsStandIn().serve() as gone:
        pass
    async with voice_of(gone) as voice:
        with pytest.raises(VoiceError, match="nothing answers as ElevenLabs does at http"):
            await voice.probe()


def test_key_does_not_go_out_in_clear_text() -> None:
    """To a server outside it wants https."""
    with pytest.raises(ValidationError, match="clear text"):
        Options(base_url="http://api.example.com", api_key=SecretStr("k"))
