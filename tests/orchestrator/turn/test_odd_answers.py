"""What models really write, heard to its end: no more of it than is meant, and no less."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import pytest

from pickled.errors import TornError
from pickled.messages.prompt import Prompt
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, answer

Play = Callable[..., Rig]


class TornModel(ScriptedModel):
    """Comes to its limit with the last piece, and says so."""

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        async for piece in super().stream(prompt):
            yield piece
        raise TornError("the answer ended at its limit")


@pytest.mark.parametrize("rest", ["\n" * 150, " I hope that you like my answer!" * 20])
def test_answer_is_over_when_its_json_is(play: Play, rest: str) -> None:
    """What the model still writes keeps nobody waiting, and nothing was interrupted."""
    text = "Short answer, my friends."
    model = ScriptedModel(lambda _: answer(text) + rest, token_s=0.3)

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.chat("John, and you?", user="ben")
        first = await rig.outcome()
        assert (first.outcome, first.heard) == ("finished", text)
        assert rig.model.stopped == 1
        await rig.until(lambda: len(rig.events("event/response", "started")) == 2, within=1)

    play(scene, model=model)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ('{"emotion":"happy","text":"Nice one. I really think that we should go to the',
         "Nice one."),
        ("Nice one, chat. I really think that we should go to the", "Nice one, chat."),
    ],
)  # fmt: skip
def test_answer_at_its_limit_ends_with_a_whole_sentence(
    play: Play, written: str, heard: str
) -> None:
    """In JSON it shows, in prose the model has to say so; the half sentence is dropped."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert (said.outcome, said.heard) == ("finished", heard)

    play(scene, model=TornModel(lambda _: written))


@pytest.mark.parametrize("written", ["{}", '{{"emotion":"happy","text":"{}"}}'])
def test_answer_does_not_speak_for_a_viewer(play: Play, written: str) -> None:
    """Where a line begins with the name of a viewer in the prompt, the answer has ended."""
    newline = "\\n" if written.startswith("{{") else "\n"
    text = written.format(f"Hello there, everybody.{newline}Ami: who are you?")

    async def scene(rig: Rig) -> None:
        rig.chat("what a day", user="Ami")
        rig.chat("John?")
        assert (await rig.outcome()).heard == "Hello there, everybody."

    play(scene, model=ScriptedModel(lambda _: text))


def test_thoughts_are_not_heard(play: Play) -> None:
    """Only the answer behind them is."""
    thoughts = "Okay, ana asks where we are. I should be {funny} and short.</think>\n\n"

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        assert (await rig.outcome()).heard == "We are at the harbour."

    play(scene, model=ScriptedModel(lambda _: thoughts + "We are at the harbour."))


@pytest.mark.parametrize("tail", ["", " " * 40])
@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("We are at the harbour now.", ""),
        ("We are at the harbour now. It is warm here today.", ""),
        ("We are at the harbour now. It is warm here today. Come and see us.", "sentences"),
        ("Yes. It is warm here today, I would say. Come and see us.", "sentences"),
    ],
)
def test_cut_at_the_number_of_sentences_is_told(play: Play, text: str, cut: str, tail: str) -> None:
    """At the end of the answer; one that is whole says nothing of it."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.outcome()

    rig = play(scene, model=ScriptedModel(lambda _: answer(text) + tail))
    (ended,) = rig.events("event/response", "finished")
    assert ended.cut == cut


def test_cut_at_the_limit_of_tokens_is_told(play: Play) -> None:
    """So that somebody raises it."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.outcome()

    rig = play(scene, model=TornModel(lambda _: "Nice one, chat. I really think that we"))
    (ended,) = rig.events("event/response", "finished")
    assert ended.cut == "tokens"
