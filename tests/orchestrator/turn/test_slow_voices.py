"""A voice that takes its time: the next clause is asked of it while the one before is spoken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from pickled.audio import SPEECH_RATE, Frame
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, answer

Play = Callable[..., Rig]

TEXT = "Here is a first sentence, which takes some four seconds to say. And here is another one."


def gaps(rig: Rig, *, after: float) -> list[float]:
    """In which the node had nothing to play, between the clauses of what came since, s."""
    topic = rig.broker.root("node/{node}/tts/audio", node="laptop")
    found, until = [], 0.0
    for each in rig.broker.log:
        if each.topic == topic and each.at >= after:
            if until and each.at - until > 0.01:
                found.append(each.at - until)
            until = max(each.at, until) + len(Frame.decode(each.payload).data) / 2 / SPEECH_RATE
    return found


async def spoken(rig: Rig, turn: int) -> tuple[str, str, float]:
    """One more answer: its text, what was heard, and when it was asked for."""
    moment = asyncio.get_running_loop().time()
    rig.chat("John?", user=f"viewer{turn}")
    said = await rig.outcome(turns=turn)
    assert said.outcome == "finished"
    return said.text, said.heard, moment


@pytest.mark.parametrize("first_byte_s", [1.0, 1.5])
def test_slow_voice_leaves_no_gap_between_clauses(play: Play, first_byte_s: float) -> None:
    """Once it is known to be slow; the clauses come in order, each asked for once."""
    voice = ScriptedVoice(first_byte_s=first_byte_s)

    async def scene(rig: Rig) -> None:
        await spoken(rig, 1)
        before = len(voice.spoken)
        text, heard, moment = await spoken(rig, 2)
        assert heard == text
        assert gaps(rig, after=moment) == []
        assert " ".join(each for each, _ in voice.spoken[before:]) == text

    play(scene, voice=voice, model=ScriptedModel(lambda _: answer(TEXT)))


def test_quick_voice_is_asked_when_its_turn_comes(play: Play) -> None:
    """What might be skipped is not paid for."""
    voice = ScriptedVoice()

    async def scene(rig: Rig) -> None:
        await spoken(rig, 1)
        before = len(voice.spoken)
        rig.chat("John?", user="zoe")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.tell("cmd/skip")
        await asyncio.sleep(0.5)
        rig.tell("cmd/skip")
        await rig.outcome(turns=2)
        assert len(voice.spoken) - before == 1

    play(scene, voice=voice, model=ScriptedModel(lambda _: answer(TEXT)))


@pytest.mark.parametrize("how", ["skip", "panic", "breaks"])
def test_clause_that_was_prepared_goes_with_its_answer(play: Play, how: str) -> None:
    """Skipped, or the voice breaks meanwhile: nothing of it is left, and the next turn is whole."""
    voice = ScriptedVoice(first_byte_s=1.5)

    async def scene(rig: Rig) -> None:
        await spoken(rig, 1)
        if how == "breaks":
            voice.breaks_after_s = 0.2
        rig.chat("John?", user="zoe")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        if how != "breaks":
            await asyncio.sleep(0.5)
            rig.tell(f"cmd/{how}")
        said = await rig.outcome(turns=2)
        assert said.heard != said.text
        voice.breaks_after_s = None
        rig.tell("muted/set", "OFF")
        await rig.until(lambda: rig.state("service_level/state") == "full", within=10)
        text, heard, _ = await spoken(rig, 3)
        assert heard == text

    play(scene, voice=voice, model=ScriptedModel(lambda _: answer(TEXT)))
