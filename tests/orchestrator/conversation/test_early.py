"""An answer that is begun before the streamer's turn is over: kept, or gone without a trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pickled.messages.speech import Speech
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, answer

Play = Callable[..., Rig]

TEXT = "Hello there, this is the answer."
ASKED = "John, what do you think?"


def model() -> ScriptedModel:
    """200 ms to the first token, then 40 a second."""
    return ScriptedModel(words=lambda _: answer(TEXT), first_token_s=0.2, token_s=0.025)


def say(rig: Rig, text: str, kind: str = "final", *, eager: bool = False) -> None:
    fields = {"ts": rig.clock.wall(), "event_type": kind, "text": text, "eager": eager}
    rig.happen(Speech.model_validate(fields))


def told(rig: Rig, *, since: int = 0) -> list[str]:
    """All that was published but what was heard, and how the node gets ready."""
    left_out = (
        "event/speech", "/tts/", "/played", "/ping", "/pong", "health", "latency", "listening",
        "memory/state",
    )  # fmt: skip
    return [
        f"{each.topic} {each.payload!r}"
        for each in rig.broker.log[since:]
        if not any(part in each.topic for part in left_out)
    ]


def test_early_answer_is_not_seen_before_the_turn_is_over(play: Play) -> None:
    """No event, no thinking, no sound; then it is heard at once, and it was paid for once."""

    async def scene(rig: Rig) -> None:
        await asyncio.sleep(2)
        begun = len(rig.broker.log)
        say(rig, ASKED, "interim", eager=True)
        await asyncio.sleep(1.5)
        assert told(rig, since=begun) == []
        assert [text for text, _ in rig.voice.spoken] == ["Hello there,"]
        assert not rig.nodes[0].played
        over = asyncio.get_running_loop().time()
        say(rig, ASKED)
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        assert asyncio.get_running_loop().time() - over <= 0.1
        assert (await rig.outcome()).heard == TEXT

    rig = play(scene, model=model())
    assert [text for text, _ in rig.voice.spoken] == ["Hello there,", "this is the answer."]
    assert len(rig.model.prompts) == 1
    stages = rig.state("latency/state")
    assert (stages.recall, stages.llm_first_token, stages.total) == (0.0, 0.0, pytest.approx(60, 1))


def _heard(play: Play, lines: Sequence[tuple[float, dict[str, Any]]], folder: str) -> Rig:
    async def scene(rig: Rig) -> None:
        begin = asyncio.get_running_loop().time()
        for at, how in lines:
            await asyncio.sleep(max(0.0, begin + at - asyncio.get_running_loop().time()))
            if "chat" in how:
                rig.chat(how["chat"])
            else:
                say(rig, how["text"], how.get("kind", "final"), eager=how.get("eager", False))
        await asyncio.sleep(25)

    return play(scene, folder=folder, model=model(), options={"personas_dir": Path("personas")})


RESUMED = [
    (0.0, {"text": "John, what do you", "kind": "interim"}),
    (0.5, {"text": ASKED, "kind": "interim", "eager": True}),
    (2.0, {"text": ASKED + " No, chat, listen", "kind": "interim"}),
    (3.0, {"text": "Don, what do you think? No, chat, listen to this."}),
    (6.0, {"chat": "what is that over there?"}),
    (9.0, {"chat": "hm"}),
    (14.0, {"chat": "nothing much"}),
    (18.0, {"text": "John, hello?"}),
]


def test_early_answer_that_is_not_wanted_leaves_no_trace(play: Play) -> None:
    """With and without it the same is published, with the same chances and the same names."""
    with_it = _heard(play, RESUMED, "with")
    without = [(at, how | {"eager": False} if "text" in how else how) for at, how in RESUMED]
    without_it = _heard(play, without, "without")
    assert told(with_it) == told(without_it)
    assert len(with_it.model.prompts) == len(without_it.model.prompts) + 1
    assert with_it.model.stopped == without_it.model.stopped + 1
    assert with_it.voice.spoken[0][0] == "Hello there,"


def test_early_answer_is_dropped_when_nothing_was_said_after_all(play: Play) -> None:
    """The recognizer takes it back: it was a noise."""

    async def scene(rig: Rig) -> None:
        say(rig, ASKED, "interim", eager=True)
        await asyncio.sleep(1)
        say(rig, "")
        await asyncio.sleep(0.1)
        assert rig.model.stopped == 1
        assert rig.events("event/response") == []

    play(scene, model=model())


def test_early_answer_is_dropped_when_nobody_says_that_the_turn_is_over(play: Play) -> None:
    """A recognizer that was lost leaves no model waiting for ever."""

    async def scene(rig: Rig) -> None:
        say(rig, ASKED, "interim", eager=True)
        await asyncio.sleep(15)
        assert rig.model.stopped == 1
        assert told(rig, since=0) == told(rig)
        say(rig, ASKED)
        assert (await rig.outcome()).heard == TEXT

    rig = play(scene, model=model())
    assert len(rig.model.prompts) == 2


@pytest.mark.parametrize("path", ["muted/set", "paused/set", "approval/set"])
def test_nothing_is_begun_early_where_it_would_not_be_said(path: str, play: Play) -> None:
    """Nor what a person has to read first."""

    async def scene(rig: Rig) -> None:
        rig.tell(path, "ON")
        await asyncio.sleep(0.2)
        say(rig, ASKED, "interim", eager=True)
        await asyncio.sleep(1)
        assert rig.model.prompts == []
        assert rig.voice.spoken == []

    play(scene, model=model())


def test_mute_drops_what_was_begun_early(play: Play) -> None:
    """And nothing of it is heard when the turn is over."""

    async def scene(rig: Rig) -> None:
        say(rig, ASKED, "interim", eager=True)
        await asyncio.sleep(0.6)
        rig.tell("muted/set", "ON")
        await asyncio.sleep(0.2)
        say(rig, ASKED)
        await asyncio.sleep(2)
        assert rig.events("event/response") == []
        assert rig.model.stopped == 1

    play(scene, model=model())


def test_voices_are_asked_in_vain_for_a_few_early_answers_only(play: Play) -> None:
    """A recognizer that is wrong each time costs a voice one clause, and then nothing more."""

    async def scene(rig: Rig) -> None:
        for number in range(6):
            say(rig, f"John, what do you think of number {number}?", "interim", eager=True)
            await asyncio.sleep(1)
            say(rig, "John, what do you think of number", "interim")
            await asyncio.sleep(1)

    rig = play(scene, model=model())
    assert len(rig.model.prompts) == 6
    assert len(rig.voice.spoken) == 1


def test_voice_that_is_never_asked_in_vain_is_asked_when_it_is_sure(play: Play) -> None:
    """`unheard_percent: 0`: the text is there, its sound comes after the end of the turn."""

    async def scene(rig: Rig) -> None:
        say(rig, ASKED, "interim", eager=True)
        await asyncio.sleep(1)
        assert rig.voice.spoken == []
        say(rig, ASKED)
        assert (await rig.outcome()).heard == TEXT

    play(scene, model=model(), voice=ScriptedVoice(unheard_percent=0.0))


def first_sound_ms(play: Play, *, eager: bool) -> float:
    """From the end of the streamer's speech; the recognizer says so 450 ms later."""
    found: list[float] = []

    async def scene(rig: Rig) -> None:
        end = asyncio.get_running_loop().time()
        await asyncio.sleep(0.2)
        say(rig, ASKED, "interim", eager=eager)
        await asyncio.sleep(0.25)
        say(rig, ASKED)
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        found.append((asyncio.get_running_loop().time() - end) * 1000)
        await rig.outcome()

    play(scene, model=model(), folder=f"eager {eager}")
    return found[0]


def test_early_answer_saves_the_time_until_the_turn_is_surely_over(play: Play) -> None:
    """250 ms before the end of the turn is known, 250 ms sooner to the first sound."""
    before, after = (first_sound_ms(play, eager=eager) for eager in (False, True))
    assert before - after == pytest.approx(250, abs=25), (before, after)


@pytest.mark.parametrize(("path", "value"), [("approval/set", "ON"), ("discreet/set", "ON")])
def test_early_answer_is_worded_anew_under_other_rules(path: str, value: str, play: Play) -> None:
    """What a person has to read, or must not tell a place, was not begun so."""

    async def scene(rig: Rig) -> None:
        say(rig, ASKED, "interim", eager=True)
        await asyncio.sleep(0.8)
        rig.tell(path, value)
        await asyncio.sleep(0.2)
        say(rig, ASKED)
        await rig.until(lambda: len(rig.model.prompts) == 2)
        await asyncio.sleep(3)
        spoke = [each for each in rig.broker.sent("speaking/state") if each == "ON"]
        assert bool(spoke) is (path != "approval/set")

    play(scene, model=model())


def test_recognizer_that_foresaw_the_end_is_trusted(play: Play) -> None:
    """What is told, and asks nothing, may go on otherwise: then it is waited for."""
    waits = []

    def run(eager: bool) -> Callable[[Rig], Any]:
        async def scene(rig: Rig) -> None:
            say(rig, "John, that is a fine hat.", "interim", eager=True)
            await asyncio.sleep(1.2)
            if not eager:
                say(rig, "John, that is a fine hat.", "interim")
            over = asyncio.get_running_loop().time()
            say(rig, "John, that is a fine hat.")
            await rig.until(lambda: rig.state("speaking/state") == "ON")
            waits.append(asyncio.get_running_loop().time() - over)
            await rig.outcome()

        return scene

    for eager in (True, False):
        play(run(eager), model=model(), folder=f"eager {eager}")
    assert waits == [pytest.approx(0.06, abs=0.03), pytest.approx(0.76, abs=0.05)]
