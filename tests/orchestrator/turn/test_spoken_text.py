"""The same text is the same words, whichever way it goes to an ear or an eye."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pickled.llm.readout import Options, Readout
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, answer

Play = Callable[..., Rig]

WRITTEN = (
    "John: *waves* What a **view** 🎉, it costs $5.50!\n- Ask [xx_dark_lord_xx] about 7:30 😍."
)
CAPTION = "What a view, it costs $5.50! Ask xx dark lord xx about 7:30."
ALOUD = "What a view, it costs 5 dollars 50! Ask xx dark lord xx about 7 30."


def spoken(*voices: ScriptedVoice) -> str:
    """All that they were given."""
    return " ".join(text for voice in voices for text, _ in voice.spoken)


async def ask(rig: Rig) -> Any:
    """Somebody calls the co-host, and is answered."""
    rig.chat("John?")
    return await rig.outcome()


def test_answer_is_said_without_what_is_no_speech(play: Play) -> None:
    """Voice, caption and state have the same words; each clause tells what was taken out."""

    async def scene(rig: Rig) -> None:
        said = await ask(rig)
        assert said.text == said.heard == CAPTION
        assert said.outcome == "finished"

    rig = play(scene, model=ScriptedModel(lambda _: answer(WRITTEN)))
    assert spoken(rig.voice) == ALOUD
    captions = [words for words in rig.broker.sent("caption/state") if words]
    assert " ".join(captions) == CAPTION
    changed = [each.changed for each in rig.events("event/response", "clause")]
    assert {each for kinds in changed for each in kinds} == {
        "action", "mark", "name", "number", "picture",
    }  # fmt: skip
    assert not rig.events("event/safety")


def test_answer_is_the_same_words_by_the_next_voice(play: Play) -> None:
    """A voice that takes over is given what the first one would have been."""
    spare = ScriptedVoice(name="spare")

    async def scene(rig: Rig) -> None:
        rig.voice.broken = True
        assert (await ask(rig)).heard == CAPTION

    play(scene, model=ScriptedModel(lambda _: answer(WRITTEN)), spare_voices=(spare,))
    assert spoken(spare) == ALOUD


def test_answer_is_the_same_words_as_captions_alone(play: Play) -> None:
    """Without a node nothing sounds, and the captions are the same."""

    async def scene(rig: Rig) -> None:
        assert (await ask(rig)).text == CAPTION

    rig = play(scene, model=ScriptedModel(lambda _: answer(WRITTEN)), node=False)
    assert " ".join(filter(None, rig.broker.sent("caption/state"))) == CAPTION


def test_say_is_the_same_words(play: Play) -> None:
    """What a person has it say goes the same way; the name in front is theirs to leave out."""

    async def scene(rig: Rig) -> None:
        rig.tell("cmd/say", WRITTEN.removeprefix("John: "))
        assert (await rig.outcome()).text == CAPTION

    rig = play(scene)
    assert spoken(rig.voice) == ALOUD


def test_readout_is_the_same_words(play: Play) -> None:
    """Without a model a line is read out, and it is read as speech."""

    async def scene(rig: Rig) -> None:
        rig.chat("John does it cost $5.50 at 7:30 😍 *waves*?")
        assert "oes it cost $5.50 at 7:30?" in (await rig.outcome()).text

    rig = play(scene, model=Readout(Options()))
    assert "oes it cost 5 dollars 50 at 7 30?" in spoken(rig.voice)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("Well... that's Dr. Smith's cafe, they have great cake.", None),
        ("That's J. R. R. Tolkien, e.g. the Hobbit. Good one! And this is too much.",
         "That's J. R. R. Tolkien, e.g. the Hobbit. Good one!"),
        ("いい景色ですね。今日は暑い。明日も来ます。また明日。", "いい景色ですね。 今日は暑い。"),
        ("It is 5.5 km... maybe more. Let us go! No.", "It is 5.5 km... maybe more. Let us go!"),
    ],
)  # fmt: skip
def test_sentence_limit_counts_sentences(play: Play, written: str, heard: str | None) -> None:
    """The persona's two sentences are two, and an answer is cut at the end of one."""

    async def scene(rig: Rig) -> None:
        assert (await ask(rig)).heard == (heard or written)

    play(scene, model=ScriptedModel(lambda _: answer(written)))
