"""What never reaches a voice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from pickled.llm.readout import Options, Readout
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, answer

Play = Callable[..., Rig]

MARKS = ("...", "!!!", "*", "🎉🎉", "?! …", "[[ ]]", "（）", "— –")


def _only_words(voice: ScriptedVoice) -> None:
    for text, _ in voice.spoken:
        assert any(map(str.isalnum, text)), text


@pytest.mark.parametrize("marks", MARKS)
def test_marks_of_an_answer_reach_no_voice(play: Play, marks: str) -> None:
    """Before, between and after its clauses, and as all of it."""
    texts = iter((f"{marks} Here we are at last. {marks} And so on we go now. {marks}", marks))
    model = ScriptedModel(lambda _: answer(next(texts, "That is all there is.")))

    async def scene(rig: Rig) -> None:
        rig.chat("John, are we there?")
        said = await rig.outcome()
        assert said.outcome == "finished"
        assert "Here we are at last." in said.text
        assert "And so on we go now." in said.text
        rig.chat("John, and now?", user="bea")
        await rig.outcome(turns=2)

    rig = play(scene, model=model)
    assert len(rig.voice.spoken) == 2
    _only_words(rig.voice)


@pytest.mark.parametrize("marks", MARKS)
def test_marks_that_are_to_be_said_reach_no_voice(play: Play, marks: str) -> None:
    """`cmd/say` of nothing else, and with a sentence."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/say", f'{{"text": "{marks}"}}')
        await asyncio.sleep(5)
        rig.tell("cmd/say", f'{{"text": "Here we are at last, all of us. {marks}"}}')
        await rig.until(lambda: rig.voice.spoken)
        await asyncio.sleep(5)

    rig = play(scene)
    assert "".join(text for text, _ in rig.voice.spoken).startswith("Here we are")
    _only_words(rig.voice)
    assert not rig.events("event/error")


@pytest.mark.parametrize("marks", MARKS)
def test_marks_that_are_read_out_reach_no_voice(play: Play, marks: str) -> None:
    """Chat read without a model."""

    async def scene(rig: Rig) -> None:
        rig.chat(f"John {marks}")
        rig.chat(f"John, are we there? {marks}", user="bea")
        await rig.until(lambda: rig.voice.spoken)
        await asyncio.sleep(15)

    rig = play(scene, model=Readout(Options()))
    assert rig.voice.spoken
    _only_words(rig.voice)
