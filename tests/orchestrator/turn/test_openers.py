"""An answer with an opener, from its grammar to the ear."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from pickled.messages.prompt import Prompt
from tests.orchestrator.opens import REST, Opens, clauses, made, until_offered
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, answer

Play = Callable[..., Rig]


def test_opener_sounds_while_the_rest_is_worded(play: Play) -> None:
    """It is the first clause, needs no voice any more, and is heard before the model is done."""

    async def scene(rig: Rig) -> None:
        await made(rig)
        known = len(rig.voice.spoken)
        said = await until_offered(rig)
        opener, *more = clauses(rig, said.turn)
        assert said.outcome == "finished"
        assert said.heard == said.text == " ".join([opener, *more])
        assert opener in [each.text for each in rig.model.prompts[-1].openers]
        assert more[0].startswith("that is the old harbour,")
        assert opener in [text for text, _ in rig.voice.spoken[:known]]
        assert opener not in [text for text, _ in rig.voice.spoken[known:]]
        captions = rig.broker.sent("caption/state")
        assert captions[-3:] == [opener, *more] or captions[-4:-1] == [opener, *more]
        times = rig.events("event/response", "finished")[-1].stages
        assert times.tts_first_byte == 0
        assert times.first_clause <= rig.model.token_s * 1000 * 15

    play(scene, model=Opens(token_s=0.02), prepares_openers=True)


@pytest.mark.parametrize("command", ["cmd/skip", "muted/set"])
def test_opener_is_interrupted_as_any_word(play: Play, command: str) -> None:
    """Within it, or behind it: what was heard is all that is kept, and nothing follows."""

    async def scene(rig: Rig) -> None:
        await made(rig)
        for turn in range(1, 12):
            rig.chat("John, where are we?", user=f"viewer{turn}")
            await rig.until(lambda: rig.state("thinking/state") == "ON")
            await rig.until(lambda: rig.model.prompts)
            if rig.model.prompts[-1].openers and len(rig.model.prompts) == turn:
                await rig.until(lambda: rig.state("speaking/state") == "ON")
                rig.tell(command, "ON" if command == "muted/set" else b"")
                break
            await rig.outcome(turn)
            await asyncio.sleep(0.5)
        said = await rig.outcome(turn)
        opener = clauses(rig, said.turn)[0]
        assert said.outcome == ("skipped" if command == "cmd/skip" else "muted")
        assert said.heard in ("", opener, *[opener[:n] for n in range(len(opener))])
        assert len(clauses(rig, said.turn)) <= 2

    play(scene, model=Opens(token_s=0.2), prepares_openers=True)


def test_model_that_fails_behind_its_opener_is_replaced(play: Play) -> None:
    """Nobody is left with half a word: another one says the rest, with no second opener."""

    class Fails(Opens):
        async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
            self.fails_after = 12 if prompt.openers else None
            async for each in super().stream(prompt):
                yield each

    spare = ScriptedModel(lambda _: answer("Oh, so many questions, and so few of my answers."))

    async def scene(rig: Rig) -> None:
        said = await until_offered(rig)
        opener = rig.model.prompts[-1].openers[0].text
        assert said.outcome == "finished"
        assert clauses(rig, said.turn)[0] == opener
        assert said.heard.startswith(f"{opener} ")
        assert said.heard.endswith("so many questions, and so few of my answers.")

    play(scene, model=Fails(), spare_models=(spare,))


def test_opener_is_no_sentence_of_its_own(play: Play) -> None:
    """A persona that says one sentence says one behind `Boom!`, too."""

    async def scene(rig: Rig) -> None:
        rig.tell("persona/set", "blitz")
        said = await until_offered(rig, text="Blitz, where are we?")
        opener, *more = clauses(rig, said.turn)
        assert opener.endswith(("!", ","))
        assert " ".join(more).endswith("of what I say.")

    play(scene, model=Opens())


def test_repeated_answer_is_one_behind_another_opener(play: Play) -> None:
    """What it begins with makes nothing new of it; once it is in a loop, no opener is offered."""

    async def scene(rig: Rig) -> None:
        heard = []
        for turn in range(1, 7):
            rig.chat("John, where are we?", user=f"viewer{turn}")
            heard.append((await rig.outcome(turn)).heard)
        assert [bool(each) for each in heard] == [True, True, False, False, False, False]
        assert not any(each.openers for each in rig.model.prompts[2:])

    play(scene, model=Opens(rest="That is the old harbour, my friends, and no other."))


@pytest.mark.parametrize("seed", range(4))
def test_opener_is_never_left_alone(play: Play, seed: int) -> None:
    """Once it was heard, what follows is said, even if it is one of the last answers again."""

    def words(prompt: Prompt) -> str:
        odd = int(prompt.request.messages[-1].user.removeprefix("viewer")) % 2
        text = "it is the old harbour, my friends." if odd else "there is the lighthouse, I say."
        fitting = [each.text for each in prompt.openers if not each.emotions]
        return json.dumps({"emotion": "happy", "opener": fitting[0], "text": text} if fitting
                          else {"emotion": "happy", "text": text})  # fmt: skip

    async def scene(rig: Rig) -> None:
        opened = 0
        for turn in range(1, 10):
            rig.chat("John, where are we?", user=f"viewer{turn}")
            said = await rig.outcome(turn)
            own = clauses(rig, said.turn)
            opened += len(own) > 1
            assert own == [] or own[-1].endswith((".", "friends.", "say."))
        assert opened

    play(scene, model=ScriptedModel(words), seed=seed)


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("John, good night, I have to go", False),
        ("John, my grandma passed away", True),
    ],
)
def test_nothing_light_stands_before_what_is_grave(play: Play, text: str, offers: bool) -> None:
    """None before a farewell; before a grief those that are for sad answers."""

    async def scene(rig: Rig) -> None:
        for turn in range(1, 14):
            rig.chat(text, user=f"viewer{turn}")
            await rig.outcome(turn)
        given = [each for prompt in rig.model.prompts for each in prompt.openers]
        assert bool(given) == offers
        assert all("sad" in each.emotions for each in given)

    play(scene, model=Opens())


def test_sad_answer_has_a_fitting_opener_or_none(play: Play) -> None:
    """Also from a model that no grammar holds."""

    def words(prompt: Prompt) -> str:
        texts = [each.text for each in prompt.openers if not each.emotions]
        opener = {"opener": texts[0]} if texts else {}
        return json.dumps({"emotion": "sad", **opener, "text": f"I am sorry. {len(prompts)}"})

    prompts: list[Prompt] = []
    model = ScriptedModel(words)
    model.prompts = prompts

    async def scene(rig: Rig) -> None:
        said = await until_offered(rig)
        assert said.heard.startswith("I am sorry.")

    play(scene, model=model)


def test_person_who_approves_reads_no_opener(play: Play) -> None:
    """All is written before it sounds: it would win nothing."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        for turn in range(1, 7):
            rig.chat("John, where are we?", user=f"viewer{turn}")
            await rig.until(lambda: rig.state("held/state").root)
            held = rig.state("held/state").root[0]
            rig.tell("cmd/approve", held.turn)
            await rig.outcome(turn)
        assert not any(each.openers for each in rig.model.prompts)

    play(scene, model=Opens())


def test_persona_without_openers_asks_as_before(play: Play, tmp_path: Path) -> None:
    """Nothing is made, offered or found."""

    async def scene(rig: Rig) -> None:
        for turn in range(1, 9):
            rig.chat("Bo, where are we?", user=f"viewer{turn}")
            said = await rig.outcome(turn)
            assert said.heard == said.text
            assert len(clauses(rig, said.turn)[0]) > 12
        assert not any(each.openers for each in rig.model.prompts)
        assert not any(len(text) < 12 for text, _ in rig.voice.spoken)

    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "bo.yaml").write_text("name: Bo\npersonality: A host.\n")
    words = iter(range(100))
    model = ScriptedModel(lambda _: answer(f"Oh, {REST.format(next(words))}"))
    play(
        scene, model=model, prepares_openers=True, options={"personas_dir": folder, "persona": "bo"}
    )
