"""From a chat line to words that an ear understands, through every real part."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

from pickled.audio import SPEECH_RATE
from pickled.messages.state import LatencyState
from pickled.tts.local import LocalVoice, Options
from tests.e2e import hearing
from tests.e2e.house import house, model_at
from tests.stand_ins.broker import Broker, free_port
from tests.stand_ins.pulse import RATE, NullSink

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.timeout(60)]

VOICE = "flite-rms"
ANSWER = (
    "This is a good day for a long walk. "
    "I think that we should go to the water and look at the boats."
)
AS_GOOD_AS_DIRECT = 0.10
"""What the way to the ear may add to the word error rate."""
DAMAGED = 0.3
"""The share of the sound that may be torn or click: what a few underruns of a busy machine take."""


async def spoken(clauses: list[str]) -> hearing.Samples:
    """The clauses as the voice gives them, one after the other."""
    voice = LocalVoice(Options(engine="flite"))
    pcm = b"".join([p for each in clauses async for p in voice.synthesize(each, voice=VOICE)])
    return np.frombuffer(pcm, dtype="<i2")


def recording_of_a_question(folder: Path) -> str:
    """A chat in which the co-host is asked something after two seconds."""
    line = {"t": 2.0, "type": "chat", "id": "m1", "user": "ann", "user_id": "7", "badges": []}
    path = folder / "chat.jsonl"
    path.write_text(json.dumps(line | {"text": "John, where are we?"}) + "\n")
    return str(path)


async def test_words_come_back_from_a_chat_line(
    tmp_path: Path, broker: Broker, sink: NullSink
) -> None:
    """A chat line becomes words at the sound card, whole and clean, and all states tell so."""
    port = free_port()
    inputs = [{"kind": "replay", "file": recording_of_a_question(tmp_path)}]
    async with house(tmp_path, broker, sink=sink, inputs=inputs, llm=model_at(port)) as at_home:
        await at_home.model(port, ANSWER)
        await at_home.node()
        with sink.recording() as recording:
            await at_home.daemon()
            started = await at_home.until("event/response", lambda text: '"started"' in text)
            turn = json.loads(started.payload)["turn"]
            on = await at_home.until("speaking/state", "ON")
            off = await at_home.until("speaking/state", "OFF", after=on.at)
            response = await at_home.outcome(turn)
            await asyncio.to_thread(recording.wait_for_samples, len(recording) + RATE)
            begun = at_home.now - len(recording) / RATE
        await at_home.until("latency/state", lambda text: '"total":null' not in text, after=on.at)
        latency = LatencyState.model_validate_json(at_home.state("latency/state") or "")
        clauses = [
            json.loads(each)["text"]
            for each in at_home.watcher.payloads(at_home.root("event/response"))
            if '"clause"' in each
        ]

    assert (response.text, response.heard, response.outcome) == (ANSWER, ANSWER, "finished")
    assert [each.text for each in response.to] == ["John, where are we?"]
    stages = latency.model_dump(exclude={"recall"})
    assert all(value is not None for value in stages.values()), stages
    assert latency.llm_first_token is not None
    assert latency.llm_first_token >= 200

    heard, wanted = hearing.of_recording(recording.samples()), await spoken(clauses)
    sound = hearing.sounding(heard)
    assert sound is not None
    begin, end = (begun + each / RATE for each in sound)
    assert -0.2 < on.at - begin < 0.5
    assert -0.1 < off.at - end < 1.0

    direct = hearing.word_error_rate(ANSWER, hearing.recognized(wanted, SPEECH_RATE))
    there = hearing.recognized(heard[sound[0] - RATE // 5 : sound[1] + RATE // 5], RATE)
    assert hearing.word_error_rate(ANSWER, there) <= direct + AS_GOOD_AS_DIRECT, there
    assert hearing.damaged(heard, wanted) <= DAMAGED
