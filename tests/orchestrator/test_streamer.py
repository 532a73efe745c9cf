"""The streamer's voice comes first: it waits for it, and stops for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import answer

Play = Callable[..., Rig]

FIRST = "This is sentence number one of a story."
SECOND = "This is sentence number two of a story."


def test_mention_waits_until_the_streamer_has_finished(play: Play) -> None:
    """It never starts into the streamer's sentence, and says why it waits."""

    async def scene(rig: Rig) -> None:
        rig.streamer("", "started")
        rig.chat("John, hello?")
        await asyncio.sleep(3)
        assert rig.voice.spoken == []
        assert rig.state("listening/state") == "ON"
        assert rig.events("event/decision", "hold")[0].reason == "streamer"
        rig.streamer("and that was the bridge")
        assert (await rig.outcome()).outcome == "finished"
        assert rig.state("listening/state") == "OFF"

    play(scene)


def test_answer_that_is_ready_while_the_streamer_talks_waits_or_expires(play: Play) -> None:
    """The streamer began while it was written: it is said in the pause, or never."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?")
        await asyncio.sleep(0.1)
        rig.streamer("", "started")
        await asyncio.sleep(2)
        assert rig.voice.spoken == []
        rig.streamer("look at that")
        assert (await rig.outcome()).outcome == "finished"
        rig.chat("John, and now?")
        await asyncio.sleep(0.1)
        for _ in range(6):
            rig.streamer("on and on", "interim")
            await asyncio.sleep(5)
        assert (await rig.outcome(2)).outcome == "expired"

    play(scene)


def test_two_words_of_the_streamer_stop_it(play: Play) -> None:
    """It yields when it is spoken over, and only what was heard counts as said."""

    async def scene(rig: Rig) -> None:
        rig.model.words = lambda _: (
            '{"emotion": "happy", "text": "This is a rather long story about a cat on a roof. '
            'It goes on for quite a while, as you can hear."}'
        )
        rig.chat("John, tell a story")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        await asyncio.sleep(1)
        rig.streamer("hm", "interim")
        await asyncio.sleep(0.5)
        assert rig.state("speaking/state") == "ON"
        rig.streamer("hold on", "interim")
        said = await rig.outcome()
        assert said.outcome == "interrupted"
        assert said.heard
        assert len(said.heard) < len(said.text)

    play(scene)


def test_stop_word_stops_it_at_once(play: Play) -> None:
    """One word is enough if it is the right one."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.streamer("stop", "interim")
        assert (await rig.outcome()).outcome == "interrupted"

    play(scene)


def test_its_own_voice_in_the_microphone_is_not_the_streamer(play: Play) -> None:
    """It does not hear itself, does not stop for itself, and does not publish itself."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.streamer("hello ana this is the answer", "interim")
        assert (await rig.outcome()).outcome == "finished"
        assert rig.events("event/speech") == []

    play(scene)


def test_streamer_who_says_its_name_is_answered(play: Play) -> None:
    """Named aloud it answers at once, cooldown or not, as if asked."""

    async def scene(rig: Rig) -> None:
        rig.streamer("John, what do you think?")
        said = await rig.outcome()
        assert said.outcome == "finished"
        assert said.to[0].user == "streamer"
        prompt = rig.model.prompts[-1]
        assert (prompt.request.origin, prompt.request.reason) == ("speech", "streamer")

    play(scene)


def test_streamer_who_tells_it_to_stop_is_obeyed_without_a_word(play: Play) -> None:
    """Being told to be quiet is no reason to say something."""

    async def scene(rig: Rig) -> None:
        rig.chat("John, hello?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.streamer("John, be quiet please")
        assert (await rig.outcome()).outcome == "interrupted"
        await asyncio.sleep(10)
        assert len(rig.model.prompts) == 1

    play(scene)


def test_what_the_streamer_says_is_part_of_the_prompt(play: Play) -> None:
    """It has heard the conversation that it joins."""

    async def scene(rig: Rig) -> None:
        rig.streamer("we are looking for the blue door")
        await asyncio.sleep(1)
        rig.chat("John, which colour?")
        await rig.outcome()
        assert "blue door" in rig.model.prompts[-1].messages[1].content
        assert rig.events("event/speech", "final")[0].text.endswith("blue door")

    play(scene)


def test_lease_ends_the_answer_after_its_clause(play: Play) -> None:
    """Something else must be heard: it does not begin another clause."""

    async def scene(rig: Rig) -> None:
        rig.model.words = lambda _: answer(f"{FIRST} {SECOND}")
        rig.model.token_s = 0.3
        rig.chat("John, hello?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.tell("cmd/inhibit", "10")
        said = await rig.outcome()
        assert said.outcome == "interrupted"
        assert said.heard == FIRST

    play(scene)


def test_critical_words_cut_and_high_ones_shorten(play: Play) -> None:
    """Priorities: high lets the clause end, critical does not."""

    async def scene(rig: Rig) -> None:
        rig.model.words = lambda _: answer(f"{FIRST} {SECOND}")
        rig.model.token_s = 0.3
        rig.chat("John, hello?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        rig.tell("cmd/say", '{"text": "The bus is here.", "priority": "high"}')
        await rig.outcome(2)
        first, second = rig.broker.sent("response/state")[-2:]
        assert (first.outcome, second.heard) == ("interrupted", "The bus is here.")
        assert first.heard == FIRST
        rig.chat("John, again?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        await asyncio.sleep(0.3)
        rig.tell("cmd/say", '{"text": "Watch out!", "priority": "critical"}')
        await rig.outcome(4)
        cut, last = rig.broker.sent("response/state")[-2:]
        assert cut.outcome == "interrupted"
        assert len(cut.heard) < len(FIRST)
        assert last.heard == "Watch out!"

    play(scene)
