"""A model that says the same again and again is asked for something else, and then not heard."""

from __future__ import annotations

from collections.abc import Callable

from pickled.brain.repeats import SAY_SOMETHING_ELSE
from pickled.messages.prompt import Prompt
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, answer

Play = Callable[..., Rig]
SAME = "What a lovely day at the old harbour, my friends."


def outcomes(play: Play, model: ScriptedModel) -> tuple[list[tuple[str, str]], Rig]:
    """Outcome and words of four answers in a row."""
    found: list[tuple[str, str]] = []

    async def scene(rig: Rig) -> None:
        for turn in range(1, 5):
            rig.chat("John, what do you say?", user=f"viewer{turn}")
            said = await rig.outcome(turn)
            found.append((said.outcome, said.heard))

    rig = play(scene, model=model)
    return found, rig


def test_loop_is_asked_for_something_else(play: Play) -> None:
    """A model that can say something else is heard with that, in the same turn."""

    def words(prompt: Prompt) -> str:
        again = prompt.messages[-1].content.endswith(SAY_SOMETHING_ELSE)
        return answer("Let us talk about pigeons instead." if again else SAME)

    found, rig = outcomes(play, ScriptedModel(words))
    other = ("finished", "Let us talk about pigeons instead.")
    assert found == [("finished", SAME)] * 2 + [other] * 2
    assert len(rig.model.prompts) == 6


def test_loop_that_goes_on_is_silent(play: Play) -> None:
    """Nobody hears the same a third time; it is told why."""
    found, rig = outcomes(play, ScriptedModel(lambda _: answer(SAME)))
    assert found == [("finished", SAME)] * 2 + [("blocked", "")] * 2
    assert [each.rule for each in rig.events("event/safety", "blocked")] == ["repeated"] * 2
    assert rig.state("health/state").root["llm"].status == "up"
