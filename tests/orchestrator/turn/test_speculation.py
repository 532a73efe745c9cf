"""The voice is asked before a clause is sure; nobody hears, sees or keeps what then is none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from pickled.messages.base import Message, Strict
from pickled.messages.node import StreamEnd, TtsBegin
from pickled.orchestrator.turn.speculation import MOST_SPARE, Thrift
from tests.orchestrator.rig import Rig
from tests.orchestrator.turn.guessing import TOKEN_S, answered, asked, model, unheard
from tests.orchestrator.turn.test_guard import ScriptedGuard
from tests.stand_ins.parts import ScriptedVoice

Play = Callable[..., Rig]
Told = TypeVar("Told", bound=Message | Strict)


def test_voice_is_asked_before_the_next_token_shows_that_the_clause_is_over(play: Play) -> None:
    """Its sound is there when the token is: not even the voice's own time is waited for."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: asked(rig) == ["Hello everybody,"])
        assert rig.events("event/response", "clause") == []
        assert (await rig.outcome()).heard == "Hello everybody, it is good."
        assert rig.state("latency/state").tts_first_byte < 1

    rig = play(scene, model=model("Hello everybody", ",", " it", " is good."))
    assert asked(rig) == ["Hello everybody,", "it is good."]
    assert (unheard(rig), rig.voice.stopped) == (0, 0)


def test_clause_that_goes_on_is_dropped_unheard_and_counted(play: Play) -> None:
    """`it?` was likely; `it?!` came: the voice is stopped, and nobody was told of the first."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.voice.spoken)
        said = await rig.outcome()
        assert said.heard == "Did you really see it?! I did not."
        await asyncio.sleep(1)

    rig = play(scene, model=model("Did you really see it", "?", "!", " I did not.", token_s=0.1))
    assert asked(rig) == ["Did you really see it?", "Did you really see it?!", "I did not."]
    assert (unheard(rig), rig.voice.stopped) == (1, 1)
    clauses = [each.text for each in rig.events("event/response", "clause")]
    assert clauses == ["Did you really see it?!", "I did not."]
    captions = [each for each in rig.broker.sent("caption/state") if each]
    assert captions == clauses
    begun = {each.stream for each in _begins(rig)}
    assert (len(begun), _cleared(rig)) == (2, [min(begun)])
    assert {each.stream for each in rig.nodes[0].played if each.state != "cleared"} == {max(begun)}


@pytest.mark.parametrize(
    ("pieces", "heard"),
    [
        (("He said ", "“it is good", ".", "”", " And then he went."),
         "He said “it is good.” And then he went."),
        (("That was close", ",", "\\\"", " he said", " to me."),
         'That was close," he said to me.'),
    ],
)  # fmt: skip
def test_closing_quote_makes_no_other_clause(
    play: Play, pieces: tuple[str, ...], heard: str
) -> None:
    """The voice reads no quotes: what it was asked for is heard, and captions have the quote."""

    async def scene(rig: Rig) -> None:
        assert (await answered(rig)).heard == heard

    rig = play(scene, model=model(*pieces))
    assert len(asked(rig)) == 2
    assert (unheard(rig), rig.voice.stopped) == (0, 0)
    clauses = [each.text for each in rig.events("event/response", "clause")]
    assert " ".join(clauses) == heard


def test_guard_judges_before_any_voice_is_asked(play: Play) -> None:
    """Where a model judges what clauses mean, nothing is asked for before its verdict."""
    guard, order = ScriptedGuard(), []

    @dataclass
    class Voice(ScriptedVoice):
        judged: list[list[str]] = field(default_factory=list)

        def synthesize(self, text: str, **how: Any) -> Any:
            order.append((text, list(guard.judged)))
            return super().synthesize(text, **how)

    async def scene(rig: Rig) -> None:
        await answered(rig)

    play(scene, model=model("Hello everybody", ",", " it", " is good."), voice=Voice(), guard=guard)
    assert [text for text, _ in order] == ["Hello everybody,", "it is good."]
    assert all(judged[-1] == text for text, judged in order)


def test_nothing_is_asked_for_before_a_person_approved(play: Play) -> None:
    """In approval mode an answer may never be heard: no voice is asked for any of it."""

    async def scene(rig: Rig) -> None:
        rig.tell("approval/set", "ON")
        await asyncio.sleep(0.1)
        rig.chat("John?")
        await rig.until(lambda: (held := rig.state("held/state")) and held.root)
        assert asked(rig) == []
        rig.tell("cmd/reject", rig.state("held/state").root[0].turn)
        await rig.outcome()

    rig = play(scene, model=model("Hello everybody", ",", " it", " is good."))
    assert (asked(rig), unheard(rig)) == ([], 0)


def test_nothing_is_asked_for_while_the_streamer_talks(play: Play) -> None:
    """The first clause would have to wait, and may not be heard at all."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.model.prompts)
        rig.streamer("well, you see", "interim")
        await asyncio.sleep(0.2 + 3 * TOKEN_S)
        assert asked(rig) == []
        rig.streamer("well, you see, that was it")
        assert (await rig.outcome()).heard == "Hello everybody, it is good."

    play(scene, model=model("Hello everybody", ",", " it", " is good."))


def test_streamer_who_begins_meanwhile_is_waited_for_with_the_sound_in_hand(play: Play) -> None:
    """It is heard in a stream of its own afterwards: the nodes forget one that begins too late."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.voice.spoken)
        rig.streamer("well, you see", "interim")
        for _ in range(4):
            await asyncio.sleep(1)
            rig.streamer("well, you see", "interim")
        rig.streamer("well, you see, that was it")
        assert (await rig.outcome()).heard == "Hello everybody, it is good."

    rig = play(scene, model=model("Hello everybody", ",", " it", " is good."))
    assert (asked(rig), unheard(rig)) == (["Hello everybody,", "it is good."], 0)
    begun = [each.stream for each in _begins(rig) if each.utterance.endswith(".0")]
    assert len(begun) == 2
    assert begun[0] < begun[1]


def _sent(rig: Rig, path: str, kind: type[Told]) -> list[Told]:
    topic = rig.broker.root(path, node="laptop")
    return [
        kind.model_validate_json(each.payload) for each in rig.broker.log if each.topic == topic
    ]


def _begins(rig: Rig) -> list[TtsBegin]:
    return _sent(rig, "node/{node}/tts/begin", TtsBegin)


def _cleared(rig: Rig) -> list[int]:
    return [each.stream for each in _sent(rig, "node/{node}/tts/clear", StreamEnd)]


def test_skip_lets_go_of_what_is_held(play: Play) -> None:
    """The voice is stopped, and the node forgets the stream that was begun for it."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await rig.until(lambda: rig.voice.spoken)
        await asyncio.sleep(0.05)
        rig.tell("cmd/skip")
        said = await rig.outcome()
        assert (said.outcome, said.heard) == ("skipped", "")

    rig = play(scene, model=model("Hello everybody", ",", " it", " is good."))
    assert (unheard(rig), rig.voice.stopped) == (1, 1)
    (begin,) = _begins(rig)
    assert begin.stream in _cleared(rig)


def test_voice_that_fails_before_the_clause_is_sure_is_replaced_then(play: Play) -> None:
    """The fallback speaks; that a guess failed is nobody's business before."""
    spare = ScriptedVoice(name="spare")

    async def scene(rig: Rig) -> None:
        rig.voice.broken = True
        assert (await answered(rig)).heard == "Hello everybody, it is good."

    play(scene, model=model("Hello everybody", ",", " it", " is good."), spare_voices=(spare,))
    assert [text for text, _ in spare.spoken] == ["Hello everybody,", "it is good."]


def test_voice_for_which_nothing_may_be_asked_in_vain_is_asked_when_it_is_sure(play: Play) -> None:
    """`unheard_percent: 0`, for one that is paid by the letter."""

    async def scene(rig: Rig) -> None:
        rig.chat("John?")
        await asyncio.sleep(0.2 + 3 * TOKEN_S - 0.1)
        assert asked(rig) == []
        await rig.outcome()
        assert rig.state("latency/state").tts_first_byte > 100

    voice = ScriptedVoice(unheard_percent=0.0)
    play(scene, model=model("Hello everybody", ",", " it", " is good."), voice=voice)


def test_clause_is_not_asked_for_early_where_nobody_would_hear_it(play: Play) -> None:
    """With a second of sound in hand there is time to be sure."""
    first = "This is a sentence of some length that takes a while to say to all of my friends,"
    pieces = (first, " and then", " it goes on for a while here", "?", "!", " Yes.")

    async def scene(rig: Rig) -> None:
        await answered(rig)

    rig = play(scene, model=model(*pieces, token_s=0.01))
    assert asked(rig) == [first, "and then it goes on for a while here?!", "Yes."]
    assert unheard(rig) == 0


def test_thrift_keeps_to_its_share() -> None:
    """One may be dropped at first; then each clause that is heard earns its part of another."""
    thrift = Thrift()
    assert thrift.allows(5.0)
    assert not thrift.allows(0.0)
    thrift.missed()
    for _ in range(20):
        assert not thrift.allows(5.0)
        thrift.heard(5.0001)
    assert thrift.allows(5.0)
    for _ in range(1_000):
        thrift.heard(5.0)
    for _ in range(int(MOST_SPARE)):
        assert thrift.allows(5.0)
        thrift.missed()
    assert not thrift.allows(5.0)
    assert thrift.dropped == int(MOST_SPARE) + 1
