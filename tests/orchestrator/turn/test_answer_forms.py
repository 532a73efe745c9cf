"""Answers in other forms than an object, heard to their end: only what is meant to be said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

import pytest

from pickled.messages.prompt import Prompt
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel

Play = Callable[..., Rig]

SAID = "Short answer, my friends."


class InPieces(ScriptedModel):
    """Writes those pieces, and then takes its time."""

    def __init__(self, pieces: Sequence[str]) -> None:
        super().__init__()
        self._pieces = pieces

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        for piece in self._pieces:
            yield piece
            await asyncio.sleep(0.1)
        await asyncio.sleep(10)


@pytest.mark.parametrize(
    "written",
    [
        f'"happy {SAID}"',
        f'{{"happy": "{SAID}"}}',
        f'["happy", "{SAID}"]',
        f"[happy] {SAID}",
        f"happy {SAID}",
        f'```json\n"happy {SAID}"\n```',
    ],
)
def test_answer_in_any_form_is_heard_alike(play: Play, written: str) -> None:
    """The emotion is shown, and no word of it is spoken."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert (said.outcome, said.text, said.heard) == ("finished", SAID, SAID)
        assert (said.emotion, rig.state("emotion/state")) == ("happy", "happy")

    play(scene, model=ScriptedModel(lambda _: written))


@pytest.mark.parametrize(
    "pieces",
    [
        ('"happy', " Short", " answer", ", my", " friends", '."'),
        ('"happy', " Short", " answer", ", my", " friends", '. "'),
        ('{"happy":', ' "Short', " answer, my friends", '."'),
        ('{"emotion":"happy","text":"', "Short answer, my friends", '."}'),
        ('{"emotion":"happy","text":"', "Short answer, my friends", '. "'),
    ],
)
def test_last_clause_leaves_with_the_piece_that_holds_stop_and_quote(
    play: Play, pieces: tuple[str, ...]
) -> None:
    """No token is waited for behind it: it sounds while the model still takes its time."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.state("speaking/state") == "ON", within=5)
        said = await rig.outcome()
        assert said.heard == SAID

    play(scene, model=InPieces(pieces))
