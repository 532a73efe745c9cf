"""It hears the streamer: not itself, not noise, and each question once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from pickled.messages.speech import Speech
from tests.brain.test_own_voice import misheard
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, answer

Play = Callable[..., Rig]

LONG = "This is sentence number one of a story about boats. And this is the second one of them."

OWN = (
    "That is an old water tower, I'd say, with pigeons for tenants.",
    "My name is John and I have no idea what that is.",
    "Noodles, and the cook looks like somebody who means it.",
    "Once a cat walked over the longest roof in town and looked down.",
)


def say(rig: Rig, text: str, kind: str = "final", **more: Any) -> None:
    fields = {"ts": rig.clock.wall(), "event_type": kind, "text": text}
    rig.happen(Speech.model_validate(fields | more))


async def _come_back(rig: Rig, delay: float, dice: random.Random, rate: float) -> None:
    """What it says is recognized as if the streamer had said it, that much later."""
    seen = len(rig.broker.sent("caption/state"))
    async with asyncio.TaskGroup() as recognizing:
        while True:
            captions = rig.broker.sent("caption/state")
            for words in filter(None, captions[seen:]):
                recognizing.create_task(_recognized(rig, words, delay, dice, rate))
            seen = len(captions)
            await asyncio.sleep(0.2)


async def _recognized(rig: Rig, words: str, delay: float, dice: random.Random, rate: float) -> None:
    await asyncio.sleep(delay + 0.3)
    say(rig, "", "started")
    heard = misheard(words, dice, rate=rate)
    await asyncio.sleep(len(words) / 30)
    say(rig, " ".join(heard.split()[: len(heard.split()) // 2 + 1]), "interim")
    await asyncio.sleep(len(words) / 30 + 0.3)
    say(rig, heard)


@pytest.mark.parametrize("delay", [0.0, 0.5, 1.0, 1.5])
def test_its_own_voice_is_never_answered(delay: float, play: Play) -> None:
    """Two minutes of answers to the streamer that come back from the loudspeaker."""

    async def scene(rig: Rig) -> None:
        back = asyncio.create_task(_come_back(rig, delay, random.Random(3), 0.15))
        for number in range(10):
            rig.model.words = lambda _, n=number: answer(OWN[n % len(OWN)])
            say(rig, f"John, what is thing number {number}?")
            await asyncio.sleep(12)
        back.cancel()
        await asyncio.gather(back, return_exceptions=True)

    rig = play(scene, model=ScriptedModel())
    assert len(rig.model.prompts) == 10
    ends = {each.turn: each for each in rig.broker.sent("response/state")}
    assert [each.outcome for each in ends.values()] == ["finished"] * 10


@pytest.mark.prove
@pytest.mark.timeout(300)
def test_its_own_voice_is_never_answered_in_half_an_hour(play: Play) -> None:
    """At any delay up to 1.5 s, with a fifth of the words misheard."""
    dice = random.Random(11)

    async def scene(rig: Rig) -> None:
        rig.model.words = lambda prompt: answer(
            f"{dice.choice(OWN)} {prompt.request.messages[-1].text} {dice.choice(OWN)}"
        )
        for number in range(30):
            delay = dice.uniform(0, 1.5)
            back = asyncio.create_task(_come_back(rig, delay, dice, 0.2))
            for each in range(4):
                say(rig, f"John, what is thing number {4 * number + each}?")
                await asyncio.sleep(15)
            back.cancel()
            await asyncio.gather(back, return_exceptions=True)

    rig = play(scene, model=ScriptedModel())
    assert len(rig.model.prompts) == 120


def test_noise_holds_back_the_next_clause_and_no_more(play: Play) -> None:
    """Where nothing follows it goes on where it was; all of it counts as heard."""
    begun: list[float] = []

    def run(noise: bool) -> Callable[[Rig], Any]:
        async def scene(rig: Rig) -> None:
            rig.model.words = lambda _: answer(LONG)
            rig.model.token_s = 0.1
            rig.chat("John, hello?")
            await rig.until(lambda: rig.state("speaking/state") == "ON")
            await asyncio.sleep(1)
            loop, since = asyncio.get_running_loop(), asyncio.get_running_loop().time()
            if noise:
                say(rig, "", "started")
            await rig.until(lambda: len(rig.events("event/response", "clause")) == 2)
            begun.append(loop.time() - since)
            said = await rig.outcome()
            assert (said.outcome, said.heard) == ("finished", LONG)

        return scene

    for noise in (False, True):
        play(run(noise), model=ScriptedModel(), folder=f"noise {noise}")
    quiet, noisy = begun
    assert quiet < 1.5 - 0.05
    assert noisy == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize("words", ["mhm", "yeah yeah", "haha oh my god", "right, exactly", ""])
def test_sign_of_listening_stops_nothing(words: str, play: Play) -> None:
    """However many words it has."""

    async def scene(rig: Rig) -> None:
        rig.model.words = lambda _: answer(LONG)
        rig.chat("John, hello?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        say(rig, words, "interim" if words else "started")
        await asyncio.sleep(0.4)
        say(rig, words)
        assert (await rig.outcome()).heard == LONG

    play(scene, model=ScriptedModel())


def test_question_that_goes_on_before_it_is_heard_is_asked_as_a_whole(play: Play) -> None:
    """The answer to its first half is stopped before a word of it is heard."""

    async def scene(rig: Rig) -> None:
        say(rig, "John, what do you think?")
        await asyncio.sleep(0.2)
        say(rig, "I mean the", "interim")
        await asyncio.sleep(0.5)
        say(rig, "I mean the green one, not the blue one.")
        await rig.outcome(2)

    rig = play(scene, model=ScriptedModel())
    ends = list({each.turn: each for each in rig.broker.sent("response/state")}.values())
    assert [(each.outcome, bool(each.heard)) for each in ends] == [
        ("interrupted", False), ("finished", True),
    ]  # fmt: skip
    asked = rig.model.prompts[-1].request.messages[-1].text
    assert asked == "John, what do you think? I mean the green one, not the blue one."


def test_answer_that_is_being_worded_stops_when_the_streamer_gives_it(play: Play) -> None:
    """It says so: skipped, answered."""

    async def scene(rig: Rig) -> None:
        rig.model.first_token_s = 3.0
        asked = rig.chat("what is that tower over there?")
        await rig.until(lambda: rig.model.prompts)
        say(rig, "that tower is the old lighthouse.")
        assert (await rig.outcome()).outcome == "skipped"
        (told,) = rig.events("event/decision", "skip")
        assert (told.reason, told.messages) == ("answered", (asked,))
        assert rig.voice.spoken == []

    play(scene, model=ScriptedModel())


def test_follow_up_of_no_seconds_always_wants_the_name(play: Play, tmp_path: Any) -> None:
    """It is the persona's choice."""
    folder = tmp_path / "personas"
    folder.mkdir()
    text = "name: John\npersonality: Short.\nbehavior: {follow_up: 0, spontaneity: 0}\n"
    (folder / "john.yaml").write_text(text)

    async def scene(rig: Rig) -> None:
        say(rig, "John, what do you think?")
        await rig.outcome()
        await asyncio.sleep(1)
        say(rig, "and what else do you think?")
        await asyncio.sleep(5)
        assert len(rig.model.prompts) == 1

    play(scene, options={"persona": "john", "personas_dir": folder})
