"""Deepgram's voices: its own client talks to a strict stand-in of its interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from pickled.errors import VoiceError
from pickled.plugins import Surroundings
from pickled.tts import Synthesizer
from pickled.tts.deepgram import DeepgramVoice, Options, start
from tests.stand_ins.deepgram import CHARACTERS_PER_S, KEY, DeepgramStandIn

HELLO = "Hello everybody, good to see you."
BYTES_A_S = 48_000


@pytest_asyncio.fixture
async def service() -> AsyncIterator[DeepgramStandIn]:
    """The service, without faults."""
    async with DeepgramStandIn().serve() as running:
        yield running


@asynccontextmanager
async def voice_of(service: DeepgramStandIn, key: str = KEY) -> AsyncIterator[Synthesizer]:
    """A voice with short patience."""
    options = Options(
        base_url=service.url, api_key=SecretStr(key) if key else None,
        first_byte_timeout_s=0.5, idle_timeout_s=0.3, connect_timeout_s=1,
    )  # fmt: skip
    async with start(options, Surroundings(Path(), Path(), lambda *_: None)) as voice:
        yield voice


async def spoken(voice: Synthesizer, text: str, *, of: str | None = None, speed: float = 1) -> int:
    """Bytes of the sound of a text."""
    return sum([len(piece) async for piece in voice.synthesize(text, voice=of, speed=speed)])


def seconds(text: str) -> float:
    """How long the stand-in speaks."""
    return len(text) / CHARACTERS_PER_S


async def test_clauses_use_one_connection(service: DeepgramStandIn) -> None:
    """It is open before the first one, and each clause is whole."""
    async with voice_of(service) as voice:
        await voice.probe()
        assert service.open == 1
        for text in (HELLO, "And you?", HELLO):
            assert await spoken(voice, text) == pytest.approx(seconds(text) * BYTES_A_S, abs=2000)
    assert len(service.connections) == 1
    assert service.spoken == [HELLO, "And you?", HELLO]


async def test_clauses_that_are_asked_for_together_keep_apart(service: DeepgramStandIn) -> None:
    """The second one waits for the first one's end, and none gets the other's sound."""
    async with voice_of(service) as voice:
        texts = (HELLO, "Two.", "Three and a half.")
        lengths = await asyncio.gather(*(spoken(voice, each) for each in texts))
    for text, length in zip(texts, lengths, strict=True):
        assert length == pytest.approx(seconds(text) * BYTES_A_S, abs=2000)
    assert service.spoken == list(texts)


async def test_clause_that_nobody_wants_is_cleared(service: DeepgramStandIn) -> None:
    """The server stops, and the next one is whole on the same connection."""
    service.piece_ms = 20
    async with voice_of(service) as voice:
        unwanted = voice.synthesize(HELLO * 3)
        await anext(unwanted)
        await unwanted.aclose()
        assert await spoken(voice, "Next.") == pytest.approx(seconds("Next.") * BYTES_A_S, abs=2000)
    assert service.cleared == 1
    assert len(service.connections) == 1


async def test_unwanted_clause_does_not_take_the_one_behind_it_along(
    service: DeepgramStandIn,
) -> None:
    """Clear would drop both: its sound is passed over instead."""
    service.piece_ms = 5
    async with voice_of(service) as voice:
        unwanted = voice.synthesize(HELLO)
        await anext(unwanted)
        behind = asyncio.create_task(spoken(voice, "Behind."))
        await asyncio.sleep(0)
        while len(service.spoken) < 1:
            await asyncio.sleep(0.01)
        await unwanted.aclose()
        assert await behind == pytest.approx(seconds("Behind.") * BYTES_A_S, abs=2000)


async def test_voice_and_pace_have_connections_of_their_own(service: DeepgramStandIn) -> None:
    """The one before is left once its clauses are spoken; the pace stays within what is taken."""
    async with voice_of(service) as voice:
        await voice.probe()
        assert "aura-2-celeste-es" in voice.voices
        await spoken(voice, "Hola.", of="aura-2-celeste-es")
        await spoken(voice, "Fast.", speed=9)
        await spoken(voice, "Who?", of="no-such-voice")
    asked = [(each["model"], each.get("speed")) for each in service.connections]
    assert asked == [
        ("aura-2-thalia-en", None), ("aura-2-celeste-es", None),
        ("aura-2-thalia-en", "1.5"), ("aura-2-thalia-en", None),
    ]  # fmt: skip


async def test_languages_are_known(service: DeepgramStandIn) -> None:
    """A persona that names no voice gets one of its own language."""
    async with voice_of(service) as voice:
        await voice.probe()
        assert getattr(voice, "languages")["aura-2-celeste-es"] == "es"  # noqa: B009


async def test_flood_of_clauses_goes_by_single_requests(service: DeepgramStandIn) -> None:
    """Deepgram takes twenty flushes a minute: the others are spoken too, and none is refused."""
    texts = [f"Number {each}." for each in range(24)]
    async with voice_of(service) as voice:
        for text in texts:
            assert await spoken(voice, text) > 0
    assert service.spoken == texts
    assert len(service.by_rest) == 24 - 20
    assert service.refused_flushes == 0


@given(st.lists(st.floats(0, 12), max_size=120))
def test_flushes_never_pass_the_limit_of_any_minute(pauses: list[float]) -> None:
    """However they come, and not many fewer than are allowed."""
    options = Options(base_url="http://127.0.0.1:1")
    voice = DeepgramVoice(options, None)
    now, done = 1000.0, []
    for pause in pauses:
        now += pause
        if voice._may_flush(now):
            done.append(now)
    for at in done:
        assert sum(at - 60 < each <= at for each in done) <= 20
    if now - 1000 < 60:
        assert len(done) == min(20, len(pauses))


async def test_flush_that_is_refused_all_the_same_is_made_up_for(service: DeepgramStandIn) -> None:
    """Somebody else uses the key: the words are not spoken twice, nor with the next ones."""
    service.flushes = 1
    async with voice_of(service) as voice:
        assert [await spoken(voice, each) > 0 for each in ("One.", "Two.", "Three.")] == [True] * 3
    assert service.spoken == ["One.", "Two.", "Three."]
    assert "Two." in service.by_rest


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("deaf", "took too long"),
        ("mute", "gave no sound for 0.[45]"),
        ("error", "failed: out of voices"),
        ("abort at once", "was cut"),
        ("close 1000 at once", "was closed"),
        ("close 1011 at once", "was cut"),
        ("abort", "was cut"),
        ("close 1000", "was closed"),
        ("close 1011", "was cut"),
        ("half", "gave no sound for 0.3 s"),
    ],
)
async def test_connection_that_fails_is_told_and_opened_anew(
    service: DeepgramStandIn, failure: str, told: str
) -> None:
    """A clause that was begun fails, so that another voice takes it; the next one is spoken."""
    service.failure = failure  # type: ignore[assignment]  # one of them
    async with voice_of(service) as voice:
        with pytest.raises(VoiceError, match=told):
            await spoken(voice, HELLO)
        service.failure = None
        assert await spoken(voice, HELLO) > 0


async def test_messages_that_nobody_knows_are_passed_over(service: DeepgramStandIn) -> None:
    """An unknown type, and what is no JSON."""
    service.failure = "garbage"
    async with voice_of(service) as voice:
        assert await spoken(voice, HELLO) == pytest.approx(seconds(HELLO) * BYTES_A_S, abs=2000)


async def test_silent_server_is_left_at_once(service: DeepgramStandIn) -> None:
    """Neither a clause that is given up nor the end waits for its goodbye (30 s in the client)."""
    service.failure = "silent"
    loop = asyncio.get_running_loop()
    async with voice_of(service) as voice:
        asked = asyncio.create_task(spoken(voice, HELLO))
        while not service.connections:
            await asyncio.sleep(0.01)
        began = loop.time()
        asked.cancel()
        await asyncio.wait({asked})
    assert asked.cancelled()
    assert loop.time() - began < 5


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (402, "no credit left"), (403, "may not use the voice aura-2-thalia-en"),
        (429, "takes no more requests"), (500, "failed with status 500"),
    ],
)  # fmt: skip
async def test_refusal_names_the_remedy(service: DeepgramStandIn, status: int, told: str) -> None:
    """At the probe, and in use."""
    service.refuses = status
    async with voice_of(service) as voice:
        with pytest.raises(VoiceError, match=told):
            await voice.probe()
        with pytest.raises(VoiceError, match=told):
            await spoken(voice, HELLO)


@pytest.mark.parametrize(("key", "told"), [("", "wants a key"), ("wrong", "does not take the key")])
async def test_key_that_is_missing_or_wrong(service: DeepgramStandIn, key: str, told: str) -> None:
    """Said as such; the key itself is told to nobody."""
    async with voice_of(service, key) as voice:
        with pytest.raises(VoiceError, match=told) as failed:
            await voice.probe()
    assert key != "wrong" or "wrong" not in str(failed.value)


async def test_server_that_is_not_there() -> None:
    """Named with its address."""
    async with DeepgramStandIn().serve() as gone:
        pass
    async with voice_of(gone) as voice:
        with pytest.raises(VoiceError, match="nothing answers as Deepgram does"):
            await voice.probe()


def test_key_does_not_go_out_in_clear_text() -> None:
    """To a server outside it wants https."""
    with pytest.raises(ValidationError, match="clear text"):
        Options(base_url="http://api.example.com", api_key=SecretStr("k"))
