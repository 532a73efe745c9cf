"""Which voice speaks a turn, and what never reaches one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pickled.brain.persona import Persona
from pickled.llm.readout import Options, Readout
from pickled.orchestrator.parts.fenced import FencedVoice
from pickled.orchestrator.parts.ladder import Ladder, Rung
from pickled.orchestrator.parts.pieces import Limits
from pickled.orchestrator.turn.manner import voice_in_force
from pickled.tts import local
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, answer

Play = Callable[..., Rig]

MARKS = ("...", "!!!", "*", "🎉🎉", "?! …", "[[ ]]", "（）", "— –")


def bilingual() -> ScriptedVoice:
    return ScriptedVoice(
        voices=("alto", "bass", "tenor"),
        languages={"alto": "en-us", "bass": "de", "tenor": "de"},
        on_demand=("soprano",),
    )


@pytest.fixture
def personas(tmp_path: Path) -> dict[str, Any]:
    """Options that name a folder with an English and two German personas."""
    folder = tmp_path / "cast"
    folder.mkdir()
    for name, more in (
        ("john", "language: en"),
        ("hans", "language: de-AT"),
        ("otto", "language: de\nvoice: {voice_id: tenor}"),
    ):
        text = f"name: {name.title()}\npersonality: Somebody.\n{more}\n"
        (folder / f"{name}.yaml").write_text(text)
    return {"personas_dir": folder, "persona": "john"}


@pytest.mark.parametrize(
    ("language", "engines", "configured", "voice"),
    [
        ("de", ("flite", "espeak-ng"), None, "espeak-de"),
        ("pt-BR", ("flite", "espeak-ng"), None, "espeak-pt-br"),
        ("en", ("flite", "espeak-ng"), None, "flite-slt"),
        ("en", ("espeak-ng",), None, "espeak-en-us"),
        ("de", ("flite",), None, "flite-slt"),
        ("de", ("flite", "espeak-ng"), "espeak-fr-fr", "espeak-de"),
        ("en", ("flite", "espeak-ng"), "espeak-en-gb", "espeak-en-gb"),
    ],
)
async def test_local_voice_is_of_the_persona_s_language(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    engines: tuple[str, ...],
    configured: str | None,
    voice: str,
) -> None:
    """With nothing configured, or with a voice of another language."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in engines:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    part = FencedVoice(local.LocalVoice(local.Options(voice=configured)), Limits())
    ladder = Ladder([Rung("local", part, works=True)], lambda *_: None)
    persona = Persona(name="P", personality="p", language=language)
    assert voice_in_force(ladder, persona, None) == voice


def test_voice_follows_the_persona_that_is_set(play: Play, personas: dict[str, Any]) -> None:
    """`voice/state` tells it, and the clause is spoken by it; who chose a voice keeps it."""

    async def scene(rig: Rig) -> None:
        for number, (name, wanted) in enumerate(
            (("john", "alto"), ("hans", "bass"), ("otto", "tenor"), ("john", "alto")), 1
        ):
            rig.tell("persona/set", name)
            await rig.until(lambda wanted=wanted: rig.state("voice/state") == wanted, within=3)
            rig.tell("cmd/say", '{"text": "And here we are."}')
            await rig.outcome(turns=number)

    rig = play(scene, voice=bilingual(), options=personas)
    spoken = [voice or rig.voice.voices[0] for _, voice in rig.voice.spoken]
    assert spoken == ["alto", "bass", "tenor", "alto"]


def test_voice_on_demand_can_be_set_and_is_not_offered_before(play: Play) -> None:
    """Home Assistant's list has it from when it is in force."""

    async def scene(rig: Rig) -> None:
        await rig.until(lambda: rig.state("voice/state") == "alto", within=3)
        assert "soprano" not in rig.state("info").voices
        rig.tell("voice/set", "soprano")
        await rig.until(lambda: rig.state("voice/state") == "soprano", within=3)
        await rig.until(lambda: "soprano" in rig.state("info").voices, within=3)
        rig.tell("cmd/say", '{"text": "And here we are."}')
        await rig.outcome()

    rig = play(scene, voice=bilingual())
    assert rig.voice.spoken[-1][1] == "soprano"
    assert rig.answers()[0].event_type == "accepted"


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
