"""From a spoken question to an answer, through every real part but the microphone."""

from __future__ import annotations

import asyncio
import json
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pickled.messages.response import ResponseState
from pickled.messages.speech import Speech
from pickled.stt.stretches import as_wav
from tests.e2e.hearing import recognized, word_error_rate
from tests.e2e.house import House, house
from tests.stand_ins import pulse
from tests.stand_ins.broker import Broker
from tests.stand_ins.deepgram_listen import KEY, DeepgramEarStandIn
from tests.stand_ins.microphone import microphone
from tests.stand_ins.processes import python
from tests.stand_ins.pulse import NullSink
from tests.stand_ins.spoken import RATE
from tests.stt.speaking import needs_flite, said

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60), needs_flite]

QUESTION = "john what is the weather like"
INPUTS = [{"kind": "speech"}]
MIC = "usb_mic"


@lru_cache(maxsize=8)
def words(pcm: bytes) -> list[tuple[str, float, float]]:
    """What a real recognizer makes of the sound of a turn."""
    found = recognized(np.frombuffer(pcm, "<i2"), RATE).split()
    return [(word, 0.0, len(pcm) / 2 / RATE) for word in found]


def speech(at_home: House) -> list[Speech]:
    """What was told of the streamer's speech."""
    payloads = at_home.watcher.payloads(at_home.root("event/speech"))
    return [Speech.model_validate_json(each) for each in payloads]


async def ask(at_home: House, broker: Broker) -> ResponseState:
    """Speak the question into a node's microphone; the answer to it."""
    async with microphone(broker) as ear:
        await at_home.until("health/state", _hears)
        await ear.speak(said(QUESTION))
        final = await at_home.until("event/speech", lambda text: '"final"' in text)
        heard = Speech.model_validate_json(final.payload)
        assert word_error_rate(QUESTION, heard.text) <= 0.35
        assert heard.node == "ear"
        answered = await at_home.until("response/state", lambda text: '"speech"' in text)
    return ResponseState.model_validate_json(answered.payload)


def _hears(text: str, ear: str = "ear") -> bool:
    health: dict[str, Any] = json.loads(text)
    return health.get("stt", {}).get("status") == "up" and (
        health.get("input.speech", {}).get("detail") == ear
    )


async def test_spoken_question_is_answered(tmp_path: Path, broker: Broker) -> None:
    """Deepgram's interface hears it turn by turn; the answer is heard to its end."""
    async with DeepgramEarStandIn(words=words, tells_while_spoken=False).serve() as deepgram:
        stt = {"kind": "deepgram", "base_url": deepgram.url, "api_key": KEY}
        async with house(tmp_path, broker, inputs=INPUTS, stt=stt) as at_home:
            await at_home.node()
            process = await at_home.daemon()
            answer = await ask(at_home, broker)
            ended = await at_home.outcome(answer.turn)
            assert (ended.outcome, ended.heard) == ("finished", ended.text)
            told = [each.event_type for each in speech(at_home)]
            assert (told[0], told[-1]) == ("started", "final")
            assert any(each.eager for each in speech(at_home))
            assert KEY not in process.log
            assert "weather" not in process.log
    assert not deepgram.faults
    assert deepgram.heard == [each.text for each in speech(at_home) if each.event_type == "final"]


@pytest.mark.prove
async def test_question_is_heard_by_the_fallback_while_the_cloud_is_away(
    tmp_path: Path, broker: Broker
) -> None:
    """A recognizer of this machine takes its place within the turn, and health says why."""
    async with DeepgramEarStandIn(failure="abort", failures=99).serve() as deepgram:
        stt = {
            "kind": "deepgram", "base_url": deepgram.url, "api_key": KEY,
            "fallback": [{"kind": "local", "engine": "pocketsphinx"}],
        }  # fmt: skip
        async with house(tmp_path, broker, inputs=INPUTS, stt=stt) as at_home:
            await at_home.node()
            await at_home.daemon()
            await ask(at_home, broker)
            assert [each.event_type for each in speech(at_home)].count("final") == 1
            told = at_home.watcher.payloads(at_home.root("health/state"))
            assert any("local pocketsphinx instead" in each for each in told)


@pytest.mark.prove
@pytest.mark.alone
async def test_question_goes_in_by_a_real_microphone(
    tmp_path: Path, broker: Broker, sink: NullSink
) -> None:
    """A node captures it, finds the voice in it, and plays the answer."""
    sink.load(MIC, channels=1)
    async with DeepgramEarStandIn(words=words, tells_while_spoken=False).serve() as deepgram:
        stt = {"kind": "deepgram", "base_url": deepgram.url, "api_key": KEY}
        async with house(tmp_path, broker, sink=sink, inputs=INPUTS, stt=stt) as at_home:
            where = ("--broker", broker.url, "--output", pulse.DEVICE, "--input", f"{MIC}.monitor")
            node = python("pickled", "node", "--name", "laptop", *where, "--echo", "no")
            at_home.start("node", node)
            await at_home.until("node/laptop/availability", "online")
            await at_home.daemon()
            await at_home.until("health/state", partial(_hears, ear="laptop"))
            recording = tmp_path / "question.wav"
            recording.write_bytes(as_wav(said(QUESTION)))
            await asyncio.to_thread(sink.say, recording, MIC)
            answered = await at_home.until("response/state", lambda text: '"finished"' in text)
            assert '"speech"' in answered.text
            finals = [each for each in speech(at_home) if each.event_type == "final" and each.text]
            assert [each.node for each in finals] == ["laptop"]
            assert word_error_rate(QUESTION, finals[0].text) <= 0.35
    assert not deepgram.faults
