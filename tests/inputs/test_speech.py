"""The ear in the whole daemon: from a microphone's frames to words, on virtual time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pickled.config import PartConfig
from pickled.errors import ConfigError
from pickled.inputs.speech import FORGOTTEN_S
from pickled.orchestrator.intake.recognizing import NOTHING_S
from pickled.plugins import find
from tests.inputs.streamer import EAR, Streamer
from tests.orchestrator.rig import Rig
from tests.stand_ins import microphone as mic
from tests.stand_ins.node import StandInNode
from tests.stand_ins.recognizers import ScriptedEar
from tests.stand_ins.spoken import spoken
from tests.stand_ins.virtual_time import in_virtual_time

Play = Callable[..., None]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """A daemon with an ear and a scripted recognizer."""

    def run(
        scene: Callable[[Streamer], Awaitable[None]], *ears: ScriptedEar, **options: Any
    ) -> None:
        async def work() -> None:
            part = PartConfig.model_validate({"kind": "speech", **options})
            rig = Rig(tmp_path, inputs=(find("inputs", part),), ears=ears)
            rig.nodes.append(StandInNode(rig.broker))
            async with rig.running():
                streamer = Streamer(rig)
                streamer.there()
                await asyncio.sleep(2)
                await scene(streamer)

        in_virtual_time(work)

    return run


def test_question_by_voice_is_answered(play: Play) -> None:
    """From the node's first frame to an answer to what was said."""

    async def scene(it: Streamer) -> None:
        await it.says("john what is the weather like")
        said = await it.rig.outcome()
        assert [(each.source, each.text) for each in said.to] == [
            ("speech", "john what is the weather like")
        ]
        assert said.outcome == "finished"
        assert it.told[0] == ("started", "")
        assert [kind for kind, _ in it.told].count("started") == 1
        assert it.finals == ["john what is the weather like"]
        event = it.rig.events("event/speech", "final")[0]
        assert (event.node, event.confidence) == (EAR, 0.9)
        assert 0 <= time.time() * 1000 - event.start_ms < 60_000

    play(scene, ScriptedEar())


def test_floor_is_the_streamers_before_there_are_words(play: Play) -> None:
    """The node hears a voice: nothing is begun over it, and it ends if it was none."""

    async def scene(it: Streamer) -> None:
        it.send(mic.vad(True), mic.begin(1))
        await it.rig.until(lambda: it.rig.state("listening/state") == "ON")
        it.send(*mic.frames(spoken("hm"), 1), mic.end(1), mic.vad(False))
        await asyncio.sleep(NOTHING_S + 1)
        assert it.told == [("started", ""), ("final", "")]
        await it.rig.until(lambda: it.rig.state("listening/state") == "OFF", within=3)

    play(scene, ScriptedEar(deaf=True))


def test_voice_is_told_again_when_its_words_never_came(play: Play) -> None:
    """The sound was lost on its way: the next voice is one all the same."""

    async def scene(it: Streamer) -> None:
        it.send(mic.vad(True))
        await asyncio.sleep(2)
        it.send(mic.vad(True))
        await asyncio.sleep(FORGOTTEN_S)
        it.send(mic.vad(True))
        await asyncio.sleep(0.1)
        assert it.told == [("started", ""), ("started", "")]

    play(scene, ScriptedEar())


def test_first_node_with_a_microphone_counts(play: Play) -> None:
    """By name; another one is not heard beside it, and takes over when it goes."""

    async def scene(it: Streamer) -> None:
        it.there("desk")
        it.there("alarm", microphone=False)
        await asyncio.sleep(2)
        assert it.health.root["input.speech"].detail == "desk"
        await it.says("one two")
        await it.says("three four", node="desk")
        assert it.finals == ["three four"]
        it.rig.broker.send("node/{node}/availability", "offline", node="desk", retain=True)
        await asyncio.sleep(2)
        await it.says("five six")
        assert it.finals == ["three four", "five six"]

    play(scene, ScriptedEar())


def test_node_that_is_named_counts(play: Play) -> None:
    """And if it is not there, that is said."""

    async def scene(it: Streamer) -> None:
        assert it.health.root["input.speech"].status == "degraded"
        assert "desk is not there" in it.health.root["input.speech"].detail
        await it.says("one two")
        assert it.finals == []
        it.there("desk")
        await it.says("three four", node="desk")
        assert it.finals == ["three four"]

    play(scene, ScriptedEar(), node="desk")


def test_nobody_with_a_microphone_is_said(tmp_path: Path) -> None:
    """With what to do about it."""

    async def work() -> None:
        part = PartConfig.model_validate({"kind": "speech"})
        rig = Rig(tmp_path, inputs=(find("inputs", part),), ears=(ScriptedEar(),))
        async with rig.running():
            await asyncio.sleep(4)
            told = rig.state("health/state").root["input.speech"]
            assert (told.status, "pickled node --input" in told.detail) == ("degraded", True)
            assert rig.state("health/state").root["stt"].status == "up"

    in_virtual_time(work)


def test_nobody_who_recognizes_is_said(play: Play) -> None:
    """The microphone is not even asked for."""

    async def scene(it: Streamer) -> None:
        told = it.health.root["input.speech"]
        assert (told.status, "`stt`" in told.detail) == ("down", True)
        assert "stt" not in it.health.root
        await it.says("one two")
        assert it.told == []

    play(scene)


def test_microphone_comes_only_where_speech_is_an_input(tmp_path: Path) -> None:
    """A recognizer alone hears nothing."""

    async def work() -> None:
        rig = Rig(tmp_path, ears=(ScriptedEar(),))
        async with rig.running():
            buses = rig.broker._buses
            filters = {each for bus in buses for each in bus.subscriptions.filters()}
            assert not any("/mic/" in each or "/vad" in each for each in filters)

    in_virtual_time(work)


def test_muted_microphone_is_not_heard(play: Play) -> None:
    """The node sends nothing; what one sends all the same goes nowhere."""

    async def scene(it: Streamer) -> None:
        it.rig.tell("mic_muted/set", "ON")
        await it.rig.until(lambda: it.rig.state("mic_muted/state") == "ON")
        await it.says("one two")
        assert it.told == []
        it.rig.tell("mic_muted/set", "OFF")
        await it.rig.until(lambda: it.rig.state("mic_muted/state") == "OFF")
        await it.says("three four")
        assert it.finals == ["three four"]

    ear = ScriptedEar()
    play(scene, ear)
    assert ear.given_s < 1


def test_recognizer_that_fails_costs_no_turn(play: Play) -> None:
    """Its fallback hears the same words; the level tells it."""

    async def scene(it: Streamer) -> None:
        await it.says("john what is the weather like")
        await it.rig.until(lambda: it.finals)
        assert it.finals == ["john what is the weather like"]
        assert it.health.root["stt"].detail.startswith("second instead")
        assert it.rig.state("service_level/state") == "reduced"

    play(scene, ScriptedEar("first", fails_after_words=3, lost=False), ScriptedEar("second"))


def test_words_are_not_published_where_they_shall_not(tmp_path: Path) -> None:
    """`publish_text: false` holds for what the streamer says, too."""

    async def work() -> None:
        part = PartConfig.model_validate({"kind": "speech"})
        rig = Rig(
            tmp_path, inputs=(find("inputs", part),), ears=(ScriptedEar(),), publish_text=False
        )
        rig.nodes.append(StandInNode(rig.broker))
        async with rig.running():
            streamer = Streamer(rig)
            streamer.there()
            await asyncio.sleep(2)
            await streamer.says("john what is the weather like")
            await rig.outcome()
            assert {text for _, text in streamer.told} == {""}
            sent = b" ".join(each.payload for each in rig.broker.log)
            assert b"weather" not in sent

    in_virtual_time(work)


@pytest.mark.parametrize("payload", ["", "{}", "nonsense", '{"session": -1, "stream": 0}', "[]"])
def test_garbage_is_passed_over(play: Play, payload: str) -> None:
    """Also in the midst of a stream."""

    async def scene(it: Streamer) -> None:
        it.send(mic.begin(1), *mic.frames(spoken("one"), 1))
        for what in ("mic/begin", "mic/audio", "mic/end", "vad"):
            it.send((f"node/{{node}}/{what}", payload.encode()))
        it.send(*mic.frames(spoken("one two"), 1)[14:], mic.end(1))
        await asyncio.sleep(1)
        assert it.finals == ["one two"]

    play(scene, ScriptedEar())


def test_stream_in_another_form_is_explained(play: Play) -> None:
    """Health names the node, and what would be taken."""

    async def scene(it: Streamer) -> None:
        it.send(mic.begin(1, rate=48_000))
        await it.rig.until(lambda: it.health.root["input.speech"].status == "degraded")
        assert (
            "phone: its microphone sends s16le at 48000 Hz" in it.health.root["input.speech"].detail
        )

    play(scene, ScriptedEar())


def test_source_that_is_not_built_is_refused() -> None:
    """With what there is instead."""
    part = PartConfig.model_validate({"kind": "speech", "source": "srt"})
    with pytest.raises(ConfigError, match="only `node`, the microphone of an audio-node"):
        find("inputs", part)
