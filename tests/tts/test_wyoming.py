"""Wyoming: speech as it comes, a line that is cut when nobody listens, no failure that hangs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, get_args

import pytest

from pickled.errors import VoiceError
from pickled.tts import on_demand_of
from pickled.tts.wyoming import DEFAULT_VOICE, Options, WyomingVoice, start
from tests.stand_ins.broker import free_port
from tests.stand_ins.wyoming import Failure, WyomingStandIn
from tests.tts.hearing import (
    LONG_TEXT,
    SURROUNDINGS,
    TEXT,
    hear,
    length_ms,
    pitch_hz,
    silent_ms,
)


@pytest.fixture
async def piper() -> AsyncIterator[WyomingStandIn]:
    async with WyomingStandIn(tone=True).serve() as running:
        yield running


def options(piper: WyomingStandIn, **changed: Any) -> Options:
    return Options.model_validate({"url": piper.url, **changed})


def chunk(data: bytes) -> bytes:
    return b'{"type": "audio-chunk", "data": ' + data + b', "payload_length": 2}\nab'


async def test_synthesize_gives_the_sound_at_the_wire_s_rate(piper: WyomingStandIn) -> None:
    """What was sent at 22,050 Hz is heard at 24,000 Hz: as long, and as high."""
    async with start(options(piper), SURROUNDINGS) as voice:
        pieces = await hear(voice.synthesize(TEXT))
    assert piper.requests[0].text == TEXT
    assert length_ms(pieces) == pytest.approx(piper.sent_ms, abs=25)
    assert pitch_hz(pieces) == pytest.approx(330, abs=3)


async def test_synthesize_speaks_before_all_is_said(piper: WyomingStandIn) -> None:
    """The first piece comes while most of the text is still to be spoken."""
    piper.failure = "hang in the middle"
    async with (
        start(options(piper), SURROUNDINGS) as voice,
        aclosing(voice.synthesize(LONG_TEXT)) as pcm,
    ):
        assert await anext(pcm)


async def test_synthesize_leaves_out_the_silence_before(piper: WyomingStandIn) -> None:
    """First sound is at the start of what is given."""
    piper.lead_ms = 400
    async with start(options(piper), SURROUNDINGS) as voice:
        assert silent_ms(await hear(voice.synthesize(TEXT))) < 30


async def test_synthesize_closed_early_cuts_the_line(piper: WyomingStandIn) -> None:
    """The service is told at once that nobody listens."""
    piper.speed = 1.0
    async with start(options(piper), SURROUNDINGS) as voice:
        async with aclosing(voice.synthesize(LONG_TEXT)) as pcm:
            await anext(pcm)
        await asyncio.wait_for(piper.idle.wait(), 10)
    assert piper.aborted == 1


@pytest.mark.parametrize("failure", [None, "hang"])
async def test_synthesize_cancelled_cuts_the_line(
    piper: WyomingStandIn, failure: Failure | None
) -> None:
    """A cancelled task leaves no service at work, also while it waits for the first sound."""
    piper.speed, piper.failure = 1.0, failure
    async with start(options(piper), SURROUNDINGS) as voice:
        hearing = asyncio.create_task(hear(voice.synthesize(LONG_TEXT)))
        await asyncio.wait_for(piper.asked.wait(), 10)
        hearing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hearing
        await asyncio.wait_for(piper.idle.wait(), 10)
    assert piper.aborted == 1


@pytest.mark.parametrize("failure", get_args(Failure))
async def test_synthesize_fails_with_a_reason(piper: WyomingStandIn, failure: Failure) -> None:
    """However the service fails, it is a VoiceError with a text, and the line is cut."""
    piper.failure = failure
    patience = 0.3 if "hang" in failure else 20
    short = options(piper, first_byte_timeout_s=patience, idle_timeout_s=patience)
    async with start(short, SURROUNDINGS) as voice:
        with pytest.raises(VoiceError) as failed:
            await asyncio.wait_for(hear(voice.synthesize(TEXT)), 30)
        await asyncio.wait_for(piper.idle.wait(), 10)
    assert {
        "refuse": "broke off",
        "hang": "took too long",
        "hang in the middle": "took too long",
        "cut": "broke off",
        "error": "the model is gone",
        "garbage": "broke off, or is none",
        "no audio": "no sound",
        "silence": "no sound",
        "odd format": "can't be played",
        "endless": "goes on",
    }[failure] in str(failed.value)


async def test_synthesize_waits_only_while_it_waits(piper: WyomingStandIn) -> None:
    """A slow listener is no slow service."""
    short = options(piper, first_byte_timeout_s=20, idle_timeout_s=0.5)
    async with (
        start(short, SURROUNDINGS) as voice,
        aclosing(voice.synthesize(LONG_TEXT)) as pcm,
    ):
        await anext(pcm)
        await asyncio.sleep(0.8)
        rest = [piece async for piece in pcm]
    assert length_ms(rest) > 1000


async def test_absent_service_names_the_remedy() -> None:
    """Starting without it works; the probe and a text say what to do."""
    away = Options(url=f"tcp://127.0.0.1:{free_port()}")
    async with start(away, SURROUNDINGS) as voice:
        assert voice.voices == (DEFAULT_VOICE,)
        for attempt in (voice.probe(), hear(voice.synthesize(TEXT))):
            with pytest.raises(VoiceError, match="start it"):
                await attempt


async def test_probe_finds_the_voices(piper: WyomingStandIn) -> None:
    """After a probe, each voice of the service can be chosen."""
    async with start(options(piper), SURROUNDINGS) as voice:
        await voice.probe()
        assert voice.voices == (DEFAULT_VOICE, *piper.voices)
        for name in voice.voices:
            await hear(voice.synthesize("Hi.", voice=name))
    chosen = [each.voice.name if each.voice else None for each in piper.requests]
    assert chosen == [None, *piper.voices]


async def test_configured_voice_and_speaker_are_asked_for(piper: WyomingStandIn) -> None:
    """An unknown voice is replaced by the configured one, with its speaker."""
    wanted = options(piper, voice="en_GB-alba-medium", speaker="p1")
    async with start(wanted, SURROUNDINGS) as voice:
        await voice.probe()
        assert voice.voices == ("en_GB-alba-medium", "en_US-amy-medium")
        await hear(voice.synthesize("Hi.", voice="aura-2-thalia-en"))
    (asked,) = piper.requests
    assert asked.voice is not None
    assert (asked.voice.name, asked.voice.speaker) == ("en_GB-alba-medium", "p1")


async def test_probe_misses_the_configured_voice(piper: WyomingStandIn) -> None:
    """A voice that the service does not have is told with those that it has."""
    async with start(options(piper, voice="de_DE-kerstin"), SURROUNDINGS) as voice:
        with pytest.raises(VoiceError, match="en_US-amy-medium"):
            await voice.probe()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"[]\n",
        b"7\n",
        b"{}\n",
        b'{"type": "info", "data": []}\n',
        b'{"type": "info", "data": {"tts": [7]}}\n',
        b'{"type": "info", "data": {"tts": [{"name": "x"}]}}\n',
        b'{"type": "info"}\n',
        b'{"type": "error", "data": {"text": 7}}\n',
        b'{"type": "error"}\n',
        b'{"type": "audio-chunk", "data": {"rate": "x"}, "payload_length": 2}\nab',
        b'{"type": "audio-chunk", "data_length": "x"}\n',
        b'{"type": "audio-chunk", "payload_length": 100000}\nab',
        chunk(b'{"rate": 0, "width": 2, "channels": 1}'),
        chunk(b'{"rate": [], "width": 2, "channels": {}}'),
        chunk(b'{"rate": true, "width": 2, "channels": true}'),
        chunk(b"[]"),
        b"[" * 100_000 + b"\n",
        b"x" * 3_000_000,
    ],
)
async def test_something_else_on_that_port_is_a_voice_error(answer: bytes) -> None:
    """Whatever bytes come, nothing but VoiceError does."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, start(Options(url=f"tcp://127.0.0.1:{port}"), SURROUNDINGS) as voice:
        for attempt in (voice.probe(), hear(voice.synthesize(TEXT))):
            with pytest.raises(VoiceError):
                await attempt


@pytest.mark.integration
async def test_stand_in_speaks_real_words() -> None:
    """With flite installed the stand-in speaks: what end-to-end tests recognize."""
    async with WyomingStandIn().serve() as piper, start(options(piper), SURROUNDINGS) as voice:
        short, longer = await hear(voice.synthesize("Hi.")), await hear(voice.synthesize(TEXT))
    assert length_ms(longer) > length_ms(short)


async def test_probe_offers_what_is_surely_there(piper: WyomingStandIn) -> None:
    """wyoming-piper calls its whole catalogue installed: that can be asked for, not chosen from."""
    piper.catalogue = tuple(f"de_DE-{number}" for number in range(170))
    async with start(options(piper), SURROUNDINGS) as voice:
        await voice.probe()
        assert voice.voices == (DEFAULT_VOICE, *piper.voices)
        assert on_demand_of(voice) == piper.catalogue


async def test_configured_voice_of_the_catalogue_is_offered(piper: WyomingStandIn) -> None:
    """Who writes a name down knows that it is there."""
    piper.catalogue = ("de_DE-thorsten-high",)
    piper.voices += piper.catalogue
    async with start(options(piper, voice="de_DE-thorsten-high"), SURROUNDINGS) as voice:
        await voice.probe()
        assert voice.voices[0] == "de_DE-thorsten-high"
        assert on_demand_of(voice) == ()


async def test_voice_that_has_to_be_fetched_is_replaced_with_a_remedy(
    piper: WyomingStandIn,
) -> None:
    """The clause is spoken all the same, it is said once, and later turns do not ask again."""
    piper.catalogue, told = ("de_DE-thorsten-high",), []
    around = replace(SURROUNDINGS, report=lambda *what: told.append(what))
    async with start(options(piper), around) as voice:
        await voice.probe()
        for _ in range(3):
            assert await hear(voice.synthesize(TEXT, voice="de_DE-thorsten-high"))
        await voice.probe()
        assert on_demand_of(voice) == ()
    ((status, why),) = told
    assert status == "degraded"
    assert "`wyoming-piper --voice de_DE-thorsten-high`" in why
    assert "Temporary failure" in why
    assert [each.voice for each in piper.requests] == [None] * 3


async def test_voice_that_was_fetched_is_offered_from_then_on(piper: WyomingStandIn) -> None:
    """It spoke, so it is there; also after the next probe."""
    piper.catalogue, piper.fetches = ("de_DE-thorsten-high",), True
    async with start(options(piper), SURROUNDINGS) as voice:
        await voice.probe()
        assert await hear(voice.synthesize(TEXT, voice="de_DE-thorsten-high"))
        await voice.probe()
        assert voice.voices[-1] == "de_DE-thorsten-high"
        assert on_demand_of(voice) == ()


async def test_absent_service_blames_no_voice() -> None:
    """Nothing is known of a voice whose service does not answer."""
    async with WyomingStandIn(tone=True, catalogue=("de_DE-thorsten-high",)).serve() as piper:
        voice = WyomingVoice(options(piper))
        await voice.probe()
    with pytest.raises(VoiceError, match="start it"):
        await hear(voice.synthesize(TEXT, voice="de_DE-thorsten-high"))
    assert voice.on_demand == piper.catalogue


@pytest.mark.parametrize(("text", "why"), [("...", "channels"), ("*", "no sound")])
async def test_marks_alone_are_no_speech_for_piper(
    piper: WyomingStandIn, text: str, why: str
) -> None:
    """Why the gate keeps them from every voice."""
    async with start(options(piper), SURROUNDINGS) as voice:
        with pytest.raises(VoiceError, match=why):
            await hear(voice.synthesize(text))
