"""Wyoming: a text that streams where the service says it can, whole clauses where it can't."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from pickled.errors import VoiceError
from pickled.tts.wyoming import Options, start
from tests.stand_ins.processes import python, started
from tests.stand_ins.wyoming import WyomingStandIn
from tests.tts.hearing import SURROUNDINGS, hear, length_ms

TWO = "Here is the first one. And here is the other, which is longer."


@pytest.fixture
async def piper() -> AsyncIterator[WyomingStandIn]:
    """A service that streams."""
    async with WyomingStandIn(tone=True, streaming=True).serve() as running:
        yield running


async def test_text_is_streamed_where_the_service_can(piper: WyomingStandIn) -> None:
    """Its many ends are none but the last one; asked only once that is known."""
    async with start(Options(url=piper.url), SURROUNDINGS) as voice:
        await hear(voice.synthesize(TWO))
        assert (piper.streamed, piper.stops) == ([], 1)
        await voice.probe()
        piper.sent_ms = 0
        pieces = await hear(voice.synthesize(TWO))
        assert (piper.streamed, piper.stops) == ([TWO], 3)
        assert length_ms(pieces) == pytest.approx(piper.sent_ms, abs=25)
        await hear(voice.synthesize(TWO, voice="en_GB-alba-medium"))
    asked = piper.requests[-1].voice
    assert asked is not None
    assert asked.name == "en_GB-alba-medium"
    assert len(piper.streamed) == 2


async def test_first_sentence_sounds_while_the_second_is_made(piper: WyomingStandIn) -> None:
    """That is what streaming is for."""
    piper.first_byte_ms = 300
    async with start(Options(url=piper.url), SURROUNDINGS) as voice:
        await voice.probe()
        async with aclosing(voice.synthesize(TWO)) as pieces:
            await anext(pieces)
            assert [each.text for each in piper.requests] == [TWO.partition(". ")[0] + "."]


async def test_service_that_streams_nothing_gets_whole_clauses(piper: WyomingStandIn) -> None:
    """One clause is lost to another voice, then it is known, also after the next probe."""
    piper.deaf_to_streams = True
    short = Options(url=piper.url, first_byte_timeout_s=0.2)
    async with start(short, SURROUNDINGS) as voice:
        await voice.probe()
        with pytest.raises(VoiceError, match="took too long"):
            await hear(voice.synthesize(TWO))
        for _ in range(2):
            assert length_ms(await hear(voice.synthesize(TWO))) > 1000
            await voice.probe()
    assert piper.streamed == []


async def test_service_that_breaks_between_two_sentences_fails(piper: WyomingStandIn) -> None:
    """What was heard of it is known; nobody waits for its end."""
    short = Options(url=piper.url, idle_timeout_s=0.2)
    async with start(short, SURROUNDINGS) as voice:
        await voice.probe()
        async with aclosing(voice.synthesize(TWO)) as pieces:
            await anext(pieces)
            piper.failure = "hang"
            with pytest.raises(VoiceError, match="took too long"):
                [each async for each in pieces]
        await asyncio.wait_for(piper.idle.wait(), 10)


@pytest.mark.prove
async def test_published_piper_server_is_a_peer(tmp_path: Path) -> None:
    """wyoming-piper as it is published, its model replaced by a tone: streamed, and whole."""
    folder = os.environ.get("PICKLED_WYOMING_PIPER", "")
    if not folder:
        pytest.skip("PICKLED_WYOMING_PIPER names no folder with wyoming-piper and sentence-stream")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, folder])}
    command = python("tests.stand_ins.piper_peer")
    with started("piper", command, folder=tmp_path, environ=environ) as process:
        log = await asyncio.to_thread(process.until_log, "tcp://")
        url = next(each for each in log.split() if each.startswith("tcp://"))
        async with start(Options(url=url, voice="en_US-lessac-medium"), SURROUNDINGS) as voice:
            whole = await hear(voice.synthesize(TWO))
            await voice.probe()
            streamed = await hear(voice.synthesize(TWO))
            small = await hear(voice.synthesize("all in small letters. and so on"))
    assert length_ms(whole) == pytest.approx(length_ms(streamed), abs=50)
    assert length_ms(small) > 1000
    assert "Text stream stopped" in process.log
