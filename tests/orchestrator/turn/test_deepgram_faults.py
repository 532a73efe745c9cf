"""Deepgram's own client meets every fault of a strict stand-in, in the whole daemon, in real time.

Each fault has a daemon of its own; all of them run side by side, so that it takes as long as one.
"""

from __future__ import annotations

import asyncio
import itertools
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from pickled.audio import SPEECH_RATE, Frame
from pickled.plugins import Plug
from pickled.tts import deepgram
from tests.orchestrator.rig import Rig
from tests.stand_ins.deepgram import CHARACTERS_PER_S, FLUSHES, KEY, DeepgramStandIn
from tests.stand_ins.node import StandInNode
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, answer

pytestmark = [pytest.mark.alone, pytest.mark.timeout(60)]

TEXT = "One two three four five six seven eight."
NEXT = "Here it is again."
DEAD_AIR_S = 3.0
RECOVERED_S = 10.0
FAULTS: dict[str, dict[str, Any]] = {
    "401": {"refuses": 401},
    "402": {"refuses": 402},
    "429": {"refuses": 429},
    "500": {"refuses": 500},
    "deaf": {"failure": "deaf"},
    "silent": {"failure": "silent"},
    "mute": {"failure": "mute"},
    "slow first byte": {"first_byte_ms": 6_000.0},
    "abort": {"failure": "abort"},
    "abort at once": {"failure": "abort at once"},
    "close 1000": {"failure": "close 1000"},
    "close 1000 at once": {"failure": "close 1000 at once"},
    "close 1011": {"failure": "close 1011"},
    "close 1011 at once": {"failure": "close 1011 at once"},
    "half": {"failure": "half"},
    "error": {"failure": "error"},
    "garbage": {"failure": "garbage"},
    "flush limit": {"flushes": 0},
}
UNNOTICED = {"garbage", "flush limit"}
"""Nothing of them is heard, and no other voice is wanted."""
AT_CONNECTING = {"401", "402", "429", "500", "deaf", "silent"}
"""They show where a connection is made: there from the start, in the others later."""


@dataclass
class Told:
    """What became of a fault."""

    dead_air_s: float
    said: list[str]
    """Words whose sound went out, of both voices."""
    heard: list[str]
    outcome: str
    reason: str
    recovered_s: float


async def told_of(fault: str, folder: Path) -> Told:
    """Say a sentence while that fault is there, then another one when it is gone."""
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(DeepgramStandIn().serve())
        options = deepgram.Options(base_url=service.url, api_key=SecretStr(KEY))
        spare = ScriptedVoice(name="spare")
        rig = Rig(
            folder, voice=Plug("tts", "deepgram", options, deepgram), spare_voices=(spare,),
            options={"memory": {"embedder": None}},
        )  # fmt: skip
        rig.nodes.append(StandInNode(rig.broker))
        if fault in AT_CONNECTING:
            _set(service, fault)
        await stack.enter_async_context(rig.running())
        await rig.until(lambda: rig.state("service_level/state") in ("full", "reduced"))
        _set(service, fault)
        loop = asyncio.get_running_loop()
        asked = loop.time()
        rig.tell("cmd/say", TEXT)
        ended = await rig.outcome()
        said = _sounded(service, TEXT) + _words(" ".join(text for text, _ in spare.spoken))
        reason = "; ".join(
            each.detail for each in rig.events("event/health") if each.component == "tts"
        )
        dead = _dead_air_s(rig, asked)
        for name, value in vars(DeepgramStandIn()).items():
            if name in FAULTS[fault]:
                setattr(service, name, value)
        returned, turns = loop.time(), 1
        while NEXT not in service.spoken and loop.time() - returned < 2 * RECOVERED_S:
            turns += 1
            rig.tell("cmd/say", NEXT)
            await rig.outcome(turns=turns)
        recovered = loop.time() - returned - len(NEXT) / CHARACTERS_PER_S
        return Told(dead, said, _words(ended.heard), ended.outcome, reason, recovered)


def _set(service: DeepgramStandIn, fault: str) -> None:
    for name, value in FAULTS[fault].items():
        setattr(service, name, value)


def _words(text: str) -> list[str]:
    return [word.strip(".,").lower() for word in text.split()]


def _sounded(service: DeepgramStandIn, text: str) -> list[str]:
    """The words of a text of which all the sound went out."""
    if text in service.by_rest:
        return _words(text)
    chars = int(service.sent.get(text, 0) / 2 / SPEECH_RATE * CHARACTERS_PER_S + 1e-6)
    return _words(text if chars >= len(text) - 1 else text[:chars].rpartition(" ")[0])


def _dead_air_s(rig: Rig, asked: float) -> float:
    """The longest time in which the node had nothing to play, from the command to the end."""
    topic = rig.broker.root("node/{node}/tts/audio", node="laptop")
    frames = [
        (each.at, Frame.decode(each.payload)) for each in rig.broker.log if each.topic == topic
    ]
    dead, until = 0.0, asked
    for at, frame in frames:
        dead = max(dead, at - until)
        until = max(at, until) + len(frame.data) / 2 / SPEECH_RATE
    return dead


async def test_every_fault_is_bridged_told_and_got_over(tmp_path: Path) -> None:
    """No dead air over 3 s, no word twice, none remembered that was not spoken, back in 10 s."""
    async with asyncio.TaskGroup() as group:
        running = {
            name: group.create_task(told_of(name, tmp_path / name.replace(" ", "-")))
            for name in FAULTS
        }
    found = {name: task.result() for name, task in running.items()}
    for name, told in found.items():
        assert told.outcome == "finished", (name, told)
        assert told.dead_air_s <= DEAD_AIR_S, (name, told)
        assert len(told.said) == len(set(told.said)), (name, told)
        assert set(told.heard) <= set(told.said), (name, told)
        assert len(told.heard) >= len(_words(TEXT)) - 3, (name, told)
        assert (name in UNNOTICED) or "Deepgram" in told.reason, (name, told)
        assert told.recovered_s <= RECOVERED_S, (name, told)


async def test_flushes_stay_within_the_limit_with_openers_and_guesses(tmp_path: Path) -> None:
    """A burst of answers, each skipped once it is heard, while openers are made: none refused."""
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(DeepgramStandIn().serve())
        options = deepgram.Options(base_url=service.url, api_key=SecretStr(KEY))
        spare = ScriptedVoice(name="spare")
        numbers = itertools.count(1)
        model = ScriptedModel(lambda _: answer(f"Number {next(numbers)} it is. And then it ends."))
        rig = Rig(
            tmp_path, voice=Plug("tts", "deepgram", options, deepgram), spare_voices=(spare,),
            model=model, prepares_openers=True, options={"memory": {"embedder": None}},
        )  # fmt: skip
        rig.nodes.append(StandInNode(rig.broker))
        await stack.enter_async_context(rig.running())
        await rig.until(lambda: rig.state("service_level/state") == "full")
        await rig.until(lambda: len(service.spoken) >= 14)  # of the openers
        for turn in range(1, 11):
            rig.chat("John, and now?", user=f"viewer{turn}")
            await rig.until(lambda: rig.state("speaking/state") == "ON")
            await asyncio.sleep(0.4)
            rig.tell("cmd/skip")
            await rig.outcome(turns=turn)
    assert service.refused_flushes == 0
    assert len(service.flushed) <= FLUSHES
    assert service.by_rest  # what was above it
    assert spare.spoken == []
