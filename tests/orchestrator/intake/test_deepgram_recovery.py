"""Deepgram's own client through all that may happen to it: no turn is lost or ends twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from pickled.orchestrator.intake.recognizing import Recognizing
from pickled.orchestrator.parts.fenced import FencedRecognizer
from pickled.orchestrator.parts.ladder import Ladder, Rung
from pickled.orchestrator.parts.pieces import Limits
from pickled.stt import Recognizer
from pickled.stt.deepgram import Options, start
from tests.stand_ins.deepgram_listen import KEY, DeepgramEarStandIn, Failure
from tests.stand_ins.spoken import spoken
from tests.stt.listening import SURROUNDINGS, Heard, LiveSound, listening

TALK = "what is the weather like today and tomorrow in here"
BACK_S = 10.0
"""Within this time after a failure of a cloud all is in service again."""


@asynccontextmanager
async def recognizing(
    service: DeepgramEarStandIn, model: str, **options: Any
) -> AsyncIterator[tuple[LiveSound, Heard, Ladder[Recognizer]]]:
    """As the daemon does it, with Deepgram alone."""
    chosen = Options(base_url=service.url, api_key=SecretStr(KEY), model=model, **options)
    sound = LiveSound()
    async with start(chosen, SURROUNDINGS) as ear:
        fenced: Recognizer = FencedRecognizer(ear, Limits())
        ladder = Ladder([Rung("deepgram", fenced)], lambda *_: None)
        looking = asyncio.create_task(ladder.run())
        try:
            async with listening(Recognizing(ladder, tuple).recognize(sound)) as heard:
                yield sound, heard, ladder
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


@pytest.mark.parametrize(
    ("model", "failure"),
    [
        ("flux-general-en", "silent"),
        ("nova-3", "close 1011"),
        pytest.param("flux-general-en", "abort", marks=pytest.mark.prove),
        pytest.param("flux-general-en", "close 1000", marks=pytest.mark.prove),
        pytest.param("nova-3", "error", marks=pytest.mark.prove),
        pytest.param("nova-3", "silent", marks=pytest.mark.prove),
    ],
)
async def test_turn_goes_on_over_a_connection_that_fails(model: str, failure: Failure) -> None:
    """All of its words are there, once, and soon."""
    service = DeepgramEarStandIn(failure=failure, fails_at_ms=1500, fastest=1.25)
    async with service.serve(), recognizing(service, model) as (sound, heard, _):
        await sound.live(spoken(TALK))
        assert await heard.until_finals(1, within=BACK_S) == [TALK]
        await sound.live(spoken("yes we are"))
        assert await heard.until_finals(2, within=BACK_S) == [TALK, "yes we are"]
    assert [each.state for each in heard.all].count("started") == 2
    assert len(service.queries) == 2
    assert not service.faults


async def test_turn_waits_for_a_service_that_refuses() -> None:
    """It is busy for a moment; what was said meanwhile is heard then."""
    service = DeepgramEarStandIn(refuses=429)
    async with service.serve(), recognizing(service, "flux-general-en") as (sound, heard, ladder):
        await ladder.asked.wait()
        await sound.live(spoken("yes we are"))
        service.refuses = 0
        await heard.until(lambda: "yes we are" in heard.finals, within=BACK_S)
    assert not service.faults
