"""Ears behind OpenAI's interface: its own client talks to a strict stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest

from pickled.errors import RecognizerError
from pickled.messages.recognized import Recognized
from pickled.stt.openai import Options, start
from tests.stand_ins.openai_ear import Failure, TranscriptionStandIn
from tests.stand_ins.spoken import silence, spoken
from tests.stt.listening import SURROUNDINGS, LiveSound


@pytest.fixture
async def server() -> AsyncIterator[TranscriptionStandIn]:
    """The server, without faults."""
    async with TranscriptionStandIn().serve() as running:
        yield running


async def heard(server: TranscriptionStandIn, *sounds: bytes, **options: Any) -> list[Recognized]:
    """What is recognized of those stretches."""
    sound = LiveSound()
    for each in sounds:
        sound.at_once(each)
    sound.close()
    chosen = Options.model_validate(
        {"base_url": server.base_url, "answer_timeout_s": 0.5, "connect_timeout_s": 0.5, **options}
    )
    async with start(chosen, SURROUNDINGS) as ear:
        return [each async for each in ear.recognize(sound)]


async def test_stretch_is_a_request(server: TranscriptionStandIn) -> None:
    """As a WAV file; a crackle is not even sent."""
    told = await heard(server, spoken("what is that"), silence(100), spoken("yes"), hint="Wren")
    assert [(each.state, each.text, each.start_ms) for each in told] == [
        ("final", "what is that", 0), ("final", "", 840), ("final", "yes", 940),
    ]  # fmt: skip
    assert server.requests == 2 * [
        {"model": "gpt-4o-mini-transcribe", "response_format": "json", "prompt": "Wren"}
    ]


@pytest.mark.parametrize("failure", get_args(Failure))
async def test_failure_is_told(server: TranscriptionStandIn, failure: Failure) -> None:
    """In time, and with the address."""
    server.failure = failure
    with pytest.raises(RecognizerError, match=server.base_url):
        await heard(server, spoken("yes"))


@pytest.mark.parametrize(
    ("status", "told"),
    [(401, "wants a key"), (404, "no such interface"), (429, "no more requests for now")],
)
async def test_refusal_names_the_remedy(
    server: TranscriptionStandIn, status: int, told: str
) -> None:
    """Whoever reads it knows what to do."""
    server.refuses = status
    with pytest.raises(RecognizerError, match=told):
        await heard(server, spoken("yes"))


async def test_probe_asks_for_the_models() -> None:
    """It costs nothing; a server without a list is there when it answers."""
    for has_list in (True, False):
        async with TranscriptionStandIn(has_list=has_list, key="sk-test-1").serve() as server:
            options = {"base_url": server.base_url, "api_key": "sk-test-1"}
            async with start(Options.model_validate(options), SURROUNDINGS) as ear:
                await ear.probe()
    async with start(Options(base_url=server.base_url), SURROUNDINGS) as ear:
        with pytest.raises(RecognizerError, match="nothing answers"):
            await ear.probe()
