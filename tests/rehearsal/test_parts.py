"""The parts of a rehearsal do what was recorded, at its moment, and the usual where nothing was."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.audio import SAMPLE_BYTES, SPEECH_RATE
from pickled.errors import ModelError
from pickled.messages.chat import ChatMessage
from pickled.messages.decision import Origin, Request
from pickled.messages.prompt import Prompt, PromptMessage
from pickled.rehearsal.pace import CHARS_PER_S, FIRST_BYTE_MS, answer_pieces
from pickled.rehearsal.parts import (
    LONGER_S,
    NEAR_DICE_S,
    NEAR_S,
    NOTHING_CAME_OF_IT,
    Dice,
    RecordedEmbedder,
    RecordedModel,
    RecordedVoice,
)
from pickled.rehearsal.recorded import ClauseTiming, Recorded, RecordedAnswer
from tests.stand_ins.virtual_time import in_virtual_time
from tests.view.evening import ANA, BEN, NOW

WORDS = st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=4)


def prompt(origin: Origin, *asked: str, turn: str = BEN) -> Prompt:
    """What the daemon asks the model; `asked` are ids, each of a line of its own words."""
    messages = tuple(
        ChatMessage(ts=NOW, id=each, user="ana", user_id="7", text=f"about {each}")
        for each in asked
    )
    request = Request(
        turn=turn, origin=origin, reason="ask", messages=messages, arrived=0.0, decided=0.0
    )
    words = (PromptMessage(role="user", content="?"),)
    return Prompt(messages=words, request=request, persona="John")


def answer(turn: str, text: str, **fields: Any) -> RecordedAnswer:
    """One that was whole after half a second."""
    deltas = tuple(answer_pieces([(500.0, text)], "happy", closed=fields.get("closed", True)))
    return RecordedAnswer(turn, deltas=deltas, **{"closed": True, **fields})


def said(model: RecordedModel, to: Prompt) -> tuple[str, float, bool]:
    """The words, how long they took, and whether it broke."""

    async def work() -> tuple[str, float, bool]:
        began, found, broke = asyncio.get_running_loop().time(), "", False
        try:
            async with aclosing(model.stream(to)) as pieces:
                async for piece in pieces:
                    found += piece
        except ModelError:
            broke = True
        return found, asyncio.get_running_loop().time() - began, broke

    return in_virtual_time(work)


def model(*answers: RecordedAnswer, now: float = 0.0) -> RecordedModel:
    """A recording's answers, at that second of it."""
    return RecordedModel(Recorded(Path("x"), answers=list(answers)), lambda: now)


def test_answer_is_found_by_the_message_that_asked() -> None:
    """The last one; it is given once, and known by its new name from then on."""
    recorded = model(answer(ANA, "Yes.", asked="m2"), answer("c", "No.", asked="m1"))
    text, took, broke = said(recorded, prompt("chat", "m1", "m2"))
    assert json.loads(text) == {"emotion": "happy", "text": "Yes."}
    assert (took, broke, recorded.turns) == (pytest.approx(0.5), False, {ANA: BEN})
    said(recorded, prompt("chat", "m2"))
    assert recorded.unknown == 1


def test_answer_to_nobody_in_chat_is_found_by_who_asked_or_when() -> None:
    """By the words first; where those are not known, by the moment, if it is near."""
    known = answer("a", "One.", to=("ana", "about m1"), ended=900.0)
    near = answer("b", "Two.", ended=100.0 + NEAR_S)
    far = answer("c", "Three.", ended=101.0 + NEAR_S)
    recorded = model(far, near, known, now=100.0)
    assert "One." in said(recorded, prompt("ask", "m1"))[0]
    assert "Two." in said(recorded, prompt("ask", "m1"))[0]
    said(recorded, prompt("ask", "m1"))
    assert recorded.unknown == 1


def test_moment_without_a_message_has_no_recorded_answer() -> None:
    """There is nothing that it could be found by."""
    recorded = model(answer("a", "One.", ended=0.0))
    said(recorded, prompt("moment"))
    assert recorded.unknown == 1


@pytest.mark.parametrize(("outcome", "longer"), [("failed", 0.0), ("interrupted", LONGER_S)])
def test_answer_that_broke_breaks_again(outcome: str, longer: float) -> None:
    """At the moment at which it did; one that was cut off waits for what cuts it."""
    cut = answer("a", "Well", asked="m1", closed=False, outcome=outcome, took_ms=3000.0)
    text, took, broke = said(model(cut), prompt("chat", "m1"))
    assert text.endswith("Well ")
    assert (took, broke) == (pytest.approx(3.0 + longer), True)


@given(words=WORDS, emotion=st.sampled_from(["happy", "sad", '"']))
def test_pieces_are_the_answer(words: list[str], emotion: str) -> None:
    """Whatever was said, quotes and brackets too, is read again; one left open is no answer."""
    clauses = [(100.0 * number, text) for number, text in enumerate(words)]
    whole = answer_pieces(clauses, emotion, closed=True)
    found = json.loads("".join(text for _, text in whole))
    assert found == {"emotion": emotion, "text": " ".join(words)}
    assert [ms for ms, _ in whole] == [ms for ms, _ in clauses]
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads("".join(text for _, text in answer_pieces(clauses, emotion, closed=False)))


def test_no_clauses_are_no_pieces() -> None:
    """What never came is not begun."""
    assert answer_pieces([], "happy", closed=True) == []


def test_dice_falls_at_its_moment() -> None:
    """What is too old is passed over, what lies ahead waits; between them nothing came of it."""
    moments = iter((1.0 + NEAR_DICE_S + 0.1, 10.0 - NEAR_DICE_S, 10.0, 20.0))
    fallen = deque([(1.0, 0.1), (10.0, 0.2), (10.5, 0.3)])
    dice = Dice(Recorded(Path("x"), dice=fallen), seed=1, now=lambda: next(moments))
    found = [dice.random() for _ in range(4)]
    assert found == [NOTHING_CAME_OF_IT, 0.2, 0.3, NOTHING_CAME_OF_IT]


@pytest.mark.parametrize("recorded", [None, Recorded(Path("x"))])
def test_dice_without_a_record_is_a_seeded_chance(recorded: Recorded | None) -> None:
    """Always the same, and never the one value that stands for nothing."""
    first, second = (Dice(recorded, seed=1, now=lambda: 0.0) for _ in range(2))
    values = [first.random() for _ in range(50)]
    assert values == [second.random() for _ in range(50)]
    assert len(set(values)) == 50


def test_voice_takes_as_long_as_it_took() -> None:
    """Each time that it said so; the last length stays. An unknown clause has the usual pace."""
    timings = {"Yes.": deque([ClauseTiming(50, 1000, 7.0), ClauseTiming(80, 2000)])}
    told: list[float | None] = []
    voice = RecordedVoice(Recorded(Path("x"), timings=timings), told.append)

    async def length(text: str, speed: float = 1.0) -> tuple[float, float]:
        began = asyncio.get_running_loop().time()
        sound = b"".join([each async for each in voice.synthesize(text, speed=speed)])
        waited = round((asyncio.get_running_loop().time() - began) * 1000)
        return waited, len(sound) / SAMPLE_BYTES / SPEECH_RATE

    async def work() -> list[tuple[float, float]]:
        return [await length(each) for each in ("Yes.", "Yes.", "Yes.", "No, not that.", "")]

    *known, usual, nothing = in_virtual_time(work)
    assert known == [(50, 1.0), (80, 2.0), (80, 2.0)]
    assert usual == (FIRST_BYTE_MS, pytest.approx(13 / CHARS_PER_S, abs=1e-3))
    assert nothing[1] > 0
    assert told == [7.0, None, None, None, None]
    assert in_virtual_time(lambda: length("No, not that.", 2.0))[1] == pytest.approx(
        13 / CHARS_PER_S / 2, abs=1e-3
    )


def test_embedder_knows_what_was_known() -> None:
    """By its words; of none there are no dimensions."""

    async def work() -> list[bytes | None]:
        return await RecordedEmbedder({"hi": bytes(12)}).embed(["hi", "what?"])

    assert in_virtual_time(work) == [bytes(12), None]
    assert (RecordedEmbedder({"hi": bytes(12)}).dimensions, RecordedEmbedder({}).dimensions) == (
        3,
        0,
    )
