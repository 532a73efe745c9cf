"""Wyoming's ears: a stretch of speech goes there while it is spoken, and no failure hangs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest

from pickled.errors import RecognizerError
from pickled.messages.recognized import Recognized
from pickled.stt.wyoming import Options, start
from tests.stand_ins.broker import free_port
from tests.stand_ins.spoken import spoken
from tests.stand_ins.wyoming import WyomingStandIn
from tests.stand_ins.wyoming_ear import Failure, WyomingEarStandIn
from tests.stt.listening import SURROUNDINGS, LiveSound


@pytest.fixture
async def whisper() -> AsyncIterator[WyomingEarStandIn]:
    """The service, without faults."""
    async with WyomingEarStandIn().serve() as running:
        yield running


async def heard(service: WyomingEarStandIn, *texts: str, **options: Any) -> list[Recognized]:
    """What is recognized of those stretches."""
    sound = LiveSound()
    for text in texts:
        sound.at_once(spoken(text))
    sound.close()
    chosen = Options.model_validate({"url": service.url, "answer_timeout_s": 0.5, **options})
    async with start(chosen, SURROUNDINGS) as ear:
        return [each async for each in ear.recognize(sound)]


async def test_stretch_is_a_turn(whisper: WyomingEarStandIn) -> None:
    """Its words, and where in the sound it begins."""
    first, second = await heard(whisper, "what is the weather like", "yes we are")
    assert (first.state, first.text, first.start_ms) == ("final", "what is the weather like", 0)
    assert (second.text, second.start_ms) == ("yes we are", 1400)


async def test_words_that_are_streamed_are_interim(whisper: WyomingEarStandIn) -> None:
    """All of them so far, and at the end what the service takes for all."""
    whisper.streams = True
    told = await heard(whisper, "yes we are")
    assert [(each.state, each.text) for each in told] == [
        ("interim", "yes"), ("interim", "yes we"), ("interim", "yes we are"),
        ("final", "yes we are"),
    ]  # fmt: skip


async def test_service_is_told_what_to_expect(whisper: WyomingEarStandIn) -> None:
    """Model, language, and names that it would else not know."""
    await heard(whisper, "yes", model="base-int8", language="de", keyterms=("Wren",))
    (asked,) = whisper.asked
    assert (asked.name, asked.language, asked.transcript_terms) == ("base-int8", "de", ["Wren"])


async def test_endless_speech_is_cut(whisper: WyomingEarStandIn) -> None:
    """After half a minute the words so far are a turn, and none is lost."""
    words = "one two three four five six seven eight nine ten " * 12
    told = await heard(whisper, words, answer_timeout_s=10)
    assert len(told) == 2
    assert " ".join(each.text for each in told).split() == words.split()


@pytest.mark.parametrize("failure", get_args(Failure))
async def test_failure_is_told(whisper: WyomingEarStandIn, failure: Failure) -> None:
    """In time, and it is a RecognizerError: then a fallback hears."""
    whisper.failure = failure
    with pytest.raises(RecognizerError, match="Wyoming"):
        await heard(whisper, "yes we are")


async def test_probe_asks_what_the_service_can(whisper: WyomingEarStandIn) -> None:
    """A model that isn't there is named with those that are."""
    async with start(Options(url=whisper.url, model="base-int8"), SURROUNDINGS) as ear:
        await ear.probe()
    async with start(Options(url=whisper.url, model="huge"), SURROUNDINGS) as ear:
        with pytest.raises(RecognizerError, match="no model huge; there is tiny-int8, base-int8"):
            await ear.probe()


async def test_probe_knows_a_voice_from_an_ear() -> None:
    """Piper is a Wyoming service, too."""
    async with (
        WyomingStandIn(tone=True).serve() as piper,
        start(Options(url=piper.url), SURROUNDINGS) as ear,
    ):
        with pytest.raises(RecognizerError, match="is it wyoming-faster-whisper"):
            await ear.probe()


async def test_nothing_there_is_told() -> None:
    """With what to start."""
    async with start(Options(url=f"tcp://127.0.0.1:{free_port()}"), SURROUNDINGS) as ear:
        with pytest.raises(RecognizerError, match="for instance wyoming-faster-whisper"):
            await ear.probe()
