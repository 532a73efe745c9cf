"""A voice that fails in an answer: the next one goes on, and no word is said or kept twice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from pickled.audio import SPEECH_RATE
from pickled.messages.word_end import WordEnd
from pickled.outputs.voice.utterance import Utterance, rest_of
from tests.orchestrator.rig import Rig
from tests.stand_ins.parts import ScriptedModel, ScriptedVoice, answer

Play = Callable[..., Rig]

TEXT = "One two three four five six seven eight nine ten eleven twelve. And that was all there is."


def counted(text: str) -> list[str]:
    return [word.strip(".,").lower() for word in text.split()]


@pytest.mark.parametrize("after_s", [0.1, 0.5, 1.0, 2.5, 4.0])
def test_voice_that_breaks_in_a_clause_is_gone_on_for(play: Play, after_s: float) -> None:
    """The next one speaks what is left of it, and the rest; nothing is said twice."""
    voice, spare = ScriptedVoice(breaks_after_s=after_s), ScriptedVoice(name="spare")

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert said.outcome == "finished"
        begun = TEXT[: int(after_s * 15)]
        told = counted(begun)[:-1] + counted(" ".join(text for text, _ in spare.spoken))
        assert len(told) == len(set(told)), told
        heard = counted(said.heard)
        assert len(heard) == len(set(heard))
        assert set(heard) <= set(told)
        assert len(counted(TEXT)) - len(heard) <= 4, said.heard
        told_of = [each.to for each in rig.events("event/health") if each.component == "tts"]
        assert "degraded" in told_of

    play(
        scene, voice=voice, spare_voices=(spare,),
        model=ScriptedModel(lambda _: answer(TEXT)),
    )  # fmt: skip


def test_one_voice_speaks_an_answer_to_its_end(play: Play) -> None:
    """The first choice is back meanwhile, and speaks the next answer."""
    voice, spare = ScriptedVoice(hangs=True), ScriptedVoice(name="spare")
    text = "One clause takes its time to be said, so long that the other is back by now. " * 4

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: spare.spoken, within=20)
        voice.hangs = False
        said = await rig.outcome()
        assert said.outcome == "finished"
        assert rig.state("health/state").root["tts"].status == "up"
        before = len(voice.spoken)
        rig.chat("John?", user="bea")
        await rig.outcome(turns=2)
        assert len(voice.spoken) > before

    rig = play(
        scene, voice=voice, spare_voices=(spare,),
        model=ScriptedModel(lambda _: answer(text)),
    )  # fmt: skip
    assert next(text for text, _ in rig.voice.spoken).startswith("One clause")


def test_answer_ends_where_the_last_voice_breaks(play: Play) -> None:
    """What was not spoken is not remembered as said."""
    voice = ScriptedVoice(breaks_after_s=1.0)

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        said = await rig.outcome()
        assert said.outcome == "interrupted"
        assert said.heard == "One two"
        await asyncio.sleep(1)

    play(scene, voice=voice, model=ScriptedModel(lambda _: answer(TEXT)))


def test_clause_that_is_still_coming_is_heard_by_its_pace() -> None:
    """Of 4 s of text, of which 1 s is there and was played, a quarter was heard; not all of it."""
    text = "One two three four five six seven eight nine ten eleven twelve."
    clause = Utterance(0, "a.0", text, 0, SPEECH_RATE)
    assert clause.heard(SPEECH_RATE) == "One two three"
    clause.complete = True
    assert clause.heard(SPEECH_RATE) == text


def test_words_ends_tell_exactly_what_was_heard() -> None:
    """A pause in the middle misleads nobody."""
    text = "Well, that took a while."
    ends = [WordEnd(5, 0.4), WordEnd(10, 2.0), WordEnd(15, 2.2), WordEnd(17, 2.4), WordEnd(24, 3)]
    clause = Utterance(0, "a.0", text, 0, 3 * SPEECH_RATE, complete=True, words=ends)
    assert clause.heard(1.9 * SPEECH_RATE) == "Well,"
    assert clause.heard(2.3 * SPEECH_RATE) == "Well, that took"
    assert clause.heard(3 * SPEECH_RATE) == text
    torn = Utterance(0, "a.0", text, 0, int(2.1 * SPEECH_RATE), words=ends)
    assert torn.tear(15) == pytest.approx(10 / 24)
    assert (torn.text, rest_of(text, 10 / 24)) == ("Well, that", "took a while.")


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.5, 0.99, 1, 1.0])
def test_rest_of_a_text_has_whole_words(share: float) -> None:
    """And none of them was begun."""
    rest = rest_of(TEXT, share)
    assert TEXT.endswith(rest)
    assert not rest or rest == TEXT or TEXT[-len(rest) - 1] == " "
    assert len(rest) <= len(TEXT) * (1 - share)


class WordedVoice(ScriptedVoice):
    """Tells its words: the first one takes 3 s, all others come in the last second."""

    async def perform(
        self, text: str, *, words: list[WordEnd], emotion: str, **how: Any
    ) -> AsyncGenerator[bytes, None]:
        """As `Expressive.perform`."""
        self.emotions = [*getattr(self, "emotions", ()), emotion]
        ends = [each.end() for each in re.finditer(r"\S+", text)]
        words += [WordEnd(end, 3 + at / len(ends)) for at, end in enumerate(ends)]
        async for piece in self.synthesize("x" * 60, **how):  # 4 s
            yield piece


def test_words_that_a_voice_tells_decide_what_was_heard(play: Play) -> None:
    """Skipped after 2 s of 4, half of the text would be taken for heard by proportion."""
    voice = WordedVoice()

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        await asyncio.sleep(2)
        rig.tell("cmd/skip")
        assert (await rig.outcome()).heard == ""
        rig.chat("John?", user="bea")
        await rig.until(lambda: rig.state("speaking/state") == "ON")
        await asyncio.sleep(3.3)
        rig.tell("cmd/skip")
        assert (await rig.outcome(turns=2)).heard == "One two three four"

    play(scene, voice=voice, model=ScriptedModel(lambda _: answer(TEXT, "sad")))
    assert set(voice.emotions) == {"sad"}
