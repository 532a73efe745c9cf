"""Recognizers in use: one takes another's place, and no turn is lost or ends twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from pickled.messages.recognized import Recognized
from pickled.messages.state import Status
from pickled.orchestrator.intake.recognizing import LATE_S, NOTHING_S, STALE_S, Recognizing
from pickled.orchestrator.parts.fenced import FencedRecognizer
from pickled.orchestrator.parts.ladder import Ladder, Rung
from pickled.orchestrator.parts.pieces import Limits
from pickled.stt import Recognizer
from tests.stand_ins.recognizers import ScriptedEar
from tests.stand_ins.spoken import silence, spoken
from tests.stand_ins.virtual_time import in_virtual_time
from tests.stt.listening import Heard, LiveSound, listening

LONG = "what is the weather like today and tomorrow in here we are going to see"
NAMES = ("john",)


class Scene:
    """Recognizers that are probed, somebody who speaks, and what is heard."""

    def __init__(self, *ears: ScriptedEar) -> None:
        self.told: list[tuple[Status, str]] = []
        parts = [FencedRecognizer(each, Limits()) for each in ears]
        rungs: list[Rung[Recognizer]] = [Rung(each.name, each) for each in parts]
        self.ladder = Ladder(rungs, lambda *told: self.told.append(told))
        self.sound = LiveSound()
        self.heard = Heard()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        probing = asyncio.create_task(self.ladder.run())
        await self.ladder.ready()
        turns = Recognizing(self.ladder, lambda: NAMES).recognize(self.sound)
        try:
            async with listening(turns) as self.heard:
                yield
        finally:
            probing.cancel()
            await asyncio.gather(probing, return_exceptions=True)


def play(*ears: ScriptedEar, scene: Callable[[Scene], Awaitable[None]]) -> Scene:
    """Play it on virtual time."""

    async def work() -> Scene:
        played = Scene(*ears)
        async with played.running():
            await scene(played)
        return played

    return in_virtual_time(work)


def states(heard: Heard) -> str:
    """s, i and f for each turn's events."""
    return "".join(each.state[0] for each in heard.all)


def test_turns_come_in_order() -> None:
    """Each with its words, and where it begins in all sound."""

    async def scene(it: Scene) -> None:
        await it.sound.live(silence(80) + spoken("yes we are"))
        await it.sound.live(spoken("stop that"))
        assert await it.heard.until_finals(2) == ["yes we are", "stop that"]

    played = play(ScriptedEar(), scene=scene)
    assert states(played.heard) == "siiifsiif"
    assert set(played.told) == {("up", "scripted ear")}


@pytest.mark.parametrize("failure", ["raises", "returns", "gives text", "crashes"])
def test_recognizer_that_fails_leaves_the_turn_to_the_next(failure: str) -> None:
    """The turn is whole and ends once; health says who hears instead of whom."""
    first = ScriptedEar("first", fails_after_words=4, lost=False)
    first.failure = failure  # type: ignore[assignment]

    async def scene(it: Scene) -> None:
        await it.sound.live(spoken(LONG))
        assert await it.heard.until_finals(1) == [LONG]

    played = play(first, ScriptedEar("second"), scene=scene)
    assert (played.told[1][0], played.told[1][1][:14]) == ("degraded", "second instead")
    assert states(played.heard).count("s") == 1


def test_connection_that_was_lost_is_used_again_at_once() -> None:
    """Two seconds are replayed: what had been heard before them is kept."""
    ear = ScriptedEar(replay_s=2.0, fails_after_words=13)

    async def scene(it: Scene) -> None:
        await asyncio.sleep(6)
        await it.sound.live(spoken(LONG))
        assert await it.heard.until_finals(1) == [LONG]

    played = play(ear, scene=scene)
    assert ear.uses == 2
    assert set(played.told) == {("up", "scripted ear")}
    assert ear.given_s < len(LONG.split()) * 0.28 + 2.1


def test_recognizer_that_is_lost_again_and_again_is_left_alone() -> None:
    """It is not hammered: it is asked by its probe, and the turn waits for it."""
    ear = ScriptedEar(fails_after_words=2, failures=3)

    async def scene(it: Scene) -> None:
        await it.sound.live(spoken("yes we are going"))
        assert await it.heard.until_finals(1, within=60) == ["yes we are going"]

    played = play(ear, scene=scene)
    assert ("down", "scripted ear: the connection was cut") in played.told
    assert ear.uses == 4


def test_first_choice_is_back_at_the_next_stretch() -> None:
    """A turn is never torn for it."""
    first = ScriptedEar("first", broken=True)

    async def scene(it: Scene) -> None:
        talk = asyncio.create_task(it.sound.live(spoken(LONG + " " + LONG)))
        await asyncio.sleep(1)
        first.broken = False
        await talk
        await it.heard.until_finals(1)
        assert first.uses == 0
        await it.sound.live(spoken("yes we are"))
        assert await it.heard.until_finals(2) == [LONG + " " + LONG, "yes we are"]

    played = play(first, ScriptedEar("second"), scene=scene)
    assert first.uses == 1
    assert played.told[-1] == ("up", "first")


def test_nobody_who_works_yet_loses_nothing() -> None:
    """What is said meanwhile waits, up to half a minute of it."""
    ear = ScriptedEar(broken=True)

    async def scene(it: Scene) -> None:
        await it.sound.live(spoken("yes we are"))
        ear.broken = False
        assert await it.heard.until_finals(1) == ["yes we are"]

    play(ear, scene=scene)


def test_what_was_said_long_ago_is_not_answered() -> None:
    """Nobody waits for it any more when a recognizer is back."""
    ear = ScriptedEar(broken=True)

    async def scene(it: Scene) -> None:
        await it.sound.live(spoken("yes we are"))
        await asyncio.sleep(LATE_S + 1)
        ear.broken = False
        await it.ladder.probe()
        await it.sound.live(spoken("stop that"))
        await it.heard.until(lambda: "stop that" in it.heard.finals)
        assert "yes we are" not in it.heard.finals

    play(ear, scene=scene)


def test_turn_that_nobody_ends_is_taken_as_it_stands() -> None:
    """Once, and the next one is heard as ever."""
    ear = ScriptedEar(ends=False)

    async def scene(it: Scene) -> None:
        await it.sound.live(spoken("yes we are"))
        begun = asyncio.get_running_loop().time()
        assert await it.heard.until_finals(1, within=60) == ["yes we are"]
        assert STALE_S <= asyncio.get_running_loop().time() - begun < STALE_S + 1
        ear.ends = True
        await it.sound.live(spoken("stop that"))
        assert await it.heard.until_finals(2) == ["yes we are", "stop that"]

    play(ear, scene=scene)


def test_speech_that_was_none_ends_without_words() -> None:
    """Whoever was told that somebody speaks need not wait for it any longer."""

    async def scene(it: Scene) -> None:
        await it.sound.live(spoken("hm"))
        begun = asyncio.get_running_loop().time()
        assert await it.heard.until_finals(1) == [""]
        assert NOTHING_S <= asyncio.get_running_loop().time() - begun < NOTHING_S + 1
        await asyncio.sleep(30)
        assert it.heard.finals == [""]

    play(ScriptedEar(deaf=True), scene=scene)


def test_short_sound_is_no_turn() -> None:
    """A "hm" has no words; a stop word, an answer and the co-host's name do."""

    async def scene(it: Scene) -> None:
        for text in ("hm", "stop", "yes", "john", "we are"):
            await it.sound.live(spoken(text))
        assert await it.heard.until_finals(5) == ["", "stop", "yes", "john", "we are"]

    play(ScriptedEar(), scene=scene)


def test_noise_of_a_model_is_no_text() -> None:
    """Characters that nobody can read go, and lines are one."""
    ear = ScriptedEar(says="good \x10\ufffd day\nto\u200b  you")

    async def scene(it: Scene) -> None:
        await it.sound.live(spoken("yes we are"))
        assert await it.heard.until_finals(1) == ["good day to you"]

    play(ear, scene=scene)


def test_recognizer_is_closed_with_who_listens() -> None:
    """Nothing goes on behind it, in the midst of a turn either."""
    ear = ScriptedEar()

    async def scene(it: Scene) -> None:
        await it.sound.live(spoken("yes we are"), pause=False)
        await it.heard.until(lambda: it.heard.all)

    played = play(ear, scene=scene)
    assert all(isinstance(each, Recognized) for each in played.heard.all)
    assert "f" not in states(played.heard)
