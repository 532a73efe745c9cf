"""Deepgram's ears: its own client talks to a strict stand-in of its interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr, ValidationError

from pickled.errors import RecognizerError
from pickled.services import deepgram_listening
from pickled.stt import Recognizer, replay_of
from pickled.stt.deepgram import DeepgramEar, Options, start
from tests.stand_ins.deepgram_listen import KEY, DeepgramEarStandIn, Failure
from tests.stand_ins.spoken import silence, spoken
from tests.stt.listening import SURROUNDINGS, Heard, LiveSound, listening

NOVA, FLUX = "nova-3", "flux-general-en"
BOTH = pytest.mark.parametrize("model", [FLUX, NOVA])


@pytest_asyncio.fixture
async def service() -> AsyncIterator[DeepgramEarStandIn]:
    """The service, without faults; its clients keep to the rules."""
    async with DeepgramEarStandIn().serve() as running:
        yield running
    assert not running.faults


@asynccontextmanager
async def ear_of(
    service: DeepgramEarStandIn, model: str = FLUX, *, key: str = KEY, **options: Any
) -> AsyncIterator[Recognizer]:
    """A recognizer with short patience."""
    chosen = Options(
        base_url=service.url, api_key=SecretStr(key) if key else None, model=model,
        **{"connect_timeout_s": 1, **options},
    )  # fmt: skip
    async with start(chosen, SURROUNDINGS) as ear:
        yield ear


@asynccontextmanager
async def hearing(
    service: DeepgramEarStandIn, model: str = FLUX, **options: Any
) -> AsyncIterator[tuple[LiveSound, Heard]]:
    """Somebody speaks, and somebody listens."""
    sound = LiveSound()
    async with ear_of(service, model, **options) as ear, listening(ear.recognize(sound)) as heard:
        yield sound, heard


@BOTH
async def test_turn_is_told_while_it_is_spoken(service: DeepgramEarStandIn, model: str) -> None:
    """It began, words so far, and all of them once; each word has its place in the sound."""
    async with hearing(service, model) as (sound, heard):
        await sound.live(silence(200) + spoken("john what is the weather like today", pause_ms=200))
        await heard.until_finals(1)
    states = [each.state for each in heard.all]
    assert (states[0], states[-1]) == ("started", "final")
    assert "interim" in states
    assert heard.finals == ["john what is the weather like today"]
    final = heard.all[-1]
    assert [each.text for each in final.words] == final.text.split()
    assert final.start_ms == pytest.approx(200, abs=60)
    assert final.words[1].start_ms == pytest.approx(480, abs=60)
    assert final.confidence == pytest.approx(0.9, abs=0.06)
    assert service.heard == heard.finals


async def test_flux_tells_an_eager_end_and_that_the_turn_goes_on(
    service: DeepgramEarStandIn,
) -> None:
    """An answer may begin at the pause, and is taken back when the streamer goes on."""
    async with hearing(service) as (sound, heard):
        talk = spoken("what is the weather", pause_ms=250) + spoken("in here", pause_ms=250)
        await sound.live(talk)
        await heard.until_finals(1)
    told = [(each.text, each.eager) for each in heard.all if each.state == "interim"]
    begun = told.index(("what is the weather", True))
    assert ("what is the weather", False) in told[begun + 1 :]
    assert told[-1] == ("what is the weather in here", True)
    assert heard.finals == ["what is the weather in here"]


async def test_flux_without_an_eager_end_tells_none(service: DeepgramEarStandIn) -> None:
    """Who wants no speculation asks for none."""
    async with hearing(service, eager_eot_threshold=None) as (sound, heard):
        await sound.live(spoken("yes we are"))
        assert await heard.until_finals(1) == ["yes we are"]
    assert not any(each.eager for each in heard.all)
    assert "eager_eot_threshold" not in service.queries[0]


async def test_nova_ends_a_turn_once(service: DeepgramEarStandIn) -> None:
    """After `speech_final` the UtteranceEnd that follows says nothing new."""
    async with hearing(service, NOVA) as (sound, heard):
        await sound.live(spoken("one two three", pause_ms=1400))
        await sound.live(spoken("four five", pause_ms=200))
        assert await heard.until_finals(2) == ["one two three", "four five"]


async def test_nova_ends_a_turn_in_noise_by_utterance_end(service: DeepgramEarStandIn) -> None:
    """Where no `speech_final` comes, the words are not lost."""
    service.never_final = True
    async with hearing(service, NOVA) as (sound, heard):
        await sound.live(spoken("one two three", pause_ms=1200))
        assert await heard.until_finals(1) == ["one two three"]


@BOTH
async def test_turns_share_a_connection_that_is_kept_alive(
    service: DeepgramEarStandIn, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two stretches of speech it is not closed for idleness, nor sent much."""
    service.idle_s = 0.9
    monkeypatch.setattr(deepgram_listening, "KEEP_ALIVE_S", 0.3)
    async with hearing(service, model, eot_timeout_ms=500) as (sound, heard):
        await sound.live(spoken("yes we are"))
        await heard.until_finals(1)
        await asyncio.sleep(1.5)
        await sound.live(spoken("no that is it"))
        assert await heard.until_finals(2) == ["yes we are", "no that is it"]
    assert len(service.queries) == 1
    assert service.idle_closed == 0
    assert heard.all[-1].start_ms == pytest.approx(840, abs=60)


@BOTH
async def test_connection_is_left_when_nobody_speaks(
    service: DeepgramEarStandIn, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs money while it is open; the next word opens another one."""
    monkeypatch.setattr(deepgram_listening, "KEEP_ALIVE_S", 0.3)
    async with hearing(service, model, leave_after_s=1.5, eot_timeout_ms=500) as (sound, heard):
        await sound.live(spoken("yes we are"))
        await heard.until_finals(1)
        async with asyncio.timeout(8):
            while service.open:
                await asyncio.sleep(0.05)
        await sound.live(spoken("no that is it"))
        assert await heard.until_finals(2) == ["yes we are", "no that is it"]
    assert len(service.queries) == 2


@BOTH
@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("abort", "was cut"),
        ("close 1000", "was cut"),
        ("close 1011", "was cut"),
        ("error", "something broke"),
        ("silent", "says nothing for 0.5 s"),
    ],
)
async def test_connection_that_fails_is_told(
    service: DeepgramEarStandIn, model: str, failure: Failure, told: str
) -> None:
    """Whatever code it is closed with, nobody asked for that; and silence is no answer."""
    service.failure = failure
    async with hearing(service, model, silence_timeout_s=0.5) as (sound, heard):
        talk = asyncio.create_task(
            sound.live(spoken("one two three four five six seven eight") * 2)
        )
        failed = await heard.until_failure()
        talk.cancel()
        assert isinstance(failed, RecognizerError)
        assert failed.lost
        assert told in str(failed)


@BOTH
async def test_garbage_is_passed_over(service: DeepgramEarStandIn, model: str) -> None:
    """What is no message of its kind says nothing."""
    service.failure = "garbage"
    async with hearing(service, model) as (sound, heard):
        await sound.live(spoken("yes we are going to see"))
        assert await heard.until_finals(1) == ["yes we are going to see"]


@BOTH
async def test_silent_server_is_left_at_once(service: DeepgramEarStandIn, model: str) -> None:
    """Its client would wait 30 s for it."""
    service.failure, service.fails_at_ms = "silent", 0
    loop = asyncio.get_running_loop()
    async with hearing(service, model) as (sound, heard):
        sound.at_once(spoken("one two"))
        await sound.live(silence(300))
        assert not heard.all
        begun = loop.time()
    assert loop.time() - begun < 2


@pytest.mark.parametrize(
    ("status", "key", "told"),
    [
        (0, "", "wants a key: DEEPGRAM_API_KEY"),
        (0, "wrong", "does not take the key"),
        (402, KEY, "no credit left"),
        (429, KEY, "no more requests for now"),
        (500, KEY, "failed with status 500"),
    ],
)
async def test_refusal_names_the_remedy(
    service: DeepgramEarStandIn, status: int, key: str, told: str
) -> None:
    """At the probe and in use alike; that is no connection that was lost."""
    service.refuses = status
    async with ear_of(service, key=key) as ear:
        with pytest.raises(RecognizerError, match=told):
            await ear.probe()
        sound = LiveSound()
        sound.at_once(spoken("yes"))
        with pytest.raises(RecognizerError, match=told) as refused:
            [each async for each in ear.recognize(sound)]
        assert not refused.value.lost


async def test_bad_key_is_not_tried_again_and_again(service: DeepgramEarStandIn) -> None:
    """Only a person can mend it: for a while the answer is known."""
    async with ear_of(service, key="wrong") as ear:
        for _ in range(5):
            with pytest.raises(RecognizerError, match="does not take the key"):
                await ear.probe()
    assert service.listed == 1


async def test_busy_service_is_left_alone_as_long_as_it_asks(service: DeepgramEarStandIn) -> None:
    """A refused connection says so; its client's own error does not have it."""
    service.refuses, service.retry_after_s = 429, 100
    async with ear_of(service) as ear:
        sound = LiveSound()
        sound.at_once(spoken("yes"))
        with pytest.raises(RecognizerError, match="no more requests"):
            [each async for each in ear.recognize(sound)]
        assert isinstance(ear, DeepgramEar)
        left = ear._refused_until - asyncio.get_running_loop().time()
        assert 90 < left <= 100


async def test_probe_knows_which_models_there_are(service: DeepgramEarStandIn) -> None:
    """A model of Nova that isn't there is named with those that are."""
    async with ear_of(service, "nova-9") as ear:
        with pytest.raises(RecognizerError, match="no model nova-9; there is nova-2, nova-3"):
            await ear.probe()
    async with ear_of(service, NOVA) as ear:
        await ear.probe()
        await ear.probe()
        assert ear.name == "deepgram nova-3"
        assert replay_of(ear) == 2
    assert service.listed == 2


async def test_model_that_is_refused_is_told(service: DeepgramEarStandIn) -> None:
    """What a server does not know in this form it says with a status."""
    async with ear_of(service, "flux-general-xx") as ear:
        sound = LiveSound()
        sound.at_once(spoken("yes"))
        with pytest.raises(RecognizerError, match=r"has no the model flux-general-xx"):
            [each async for each in ear.recognize(sound)]


async def test_nothing_there_is_told() -> None:
    """With the address."""
    service = DeepgramEarStandIn(port=9)
    async with ear_of(service) as ear:
        with pytest.raises(RecognizerError, match=r"nothing answers .* at http://127.0.0.1:9"):
            await ear.probe()


async def test_options_are_sent(service: DeepgramEarStandIn) -> None:
    """Names that it would else not know, and a language."""
    options = {"keyterms": ("pickled", "Wren"), "language": "de"}
    for model in ("flux-general-multi", NOVA):
        async with hearing(service, model, **options) as (sound, heard):
            await sound.live(spoken("yes we are"))
            await heard.until_finals(1)
    flux, nova = service.queries
    assert flux["language_hint"] == nova["language"] == "de"
    assert flux["keyterm"] == nova["keyterm"] == "pickled"


def test_eager_end_may_not_come_behind_the_end() -> None:
    """Deepgram would refuse that at each connection."""
    with pytest.raises(ValidationError, match="may not be above"):
        Options(eager_eot_threshold=0.9, eot_threshold=0.6)
