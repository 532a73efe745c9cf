"""What a prompt shows to a server that reads slowly: what is new fits, what was read stays."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pickled.brain.prompt import beginning, build
from pickled.brain.remembered import Remembered
from pickled.brain.shown import Haste
from pickled.brain.tempo import Mark, common, marks, new_tokens
from pickled.language.tokens import tokens
from pickled.messages.memory import Line
from pickled.messages.prompt import Prompt
from tests.brain.stage import chat
from tests.brain.test_prompt import PERSONA, request

ROOM = 200
PREFIX = marks(beginning(PERSONA))


def line(number: int, text: str = "the sea is calm here") -> Line:
    """One of a viewer."""
    said = f"{number} {text}"
    return Line(speaker="viewer", user="ana", user_id="1", message_id=f"line {number}", text=said)


def asked(
    lines: list[Line], *, held: tuple[Mark, ...] = PREFIX, room: int = ROOM, **more: Any
) -> Prompt:
    """The prompt for a question behind them."""
    question = chat(f"John, what of {len(lines)}?", user="ben")
    haste = Haste(room, held)
    return build(request(question), persona=PERSONA, recent=lines[-10:], haste=haste, **more)


def shown(prompt: Prompt) -> list[str]:
    """The lines of data."""
    return [each for each in prompt.messages[-1].content.splitlines() if each.startswith("{")]


def test_beginning_begins_every_prompt() -> None:
    """Byte for byte, hurried or not: that is what a server reads before it is asked."""
    system, user = beginning(PERSONA).messages
    for prompt in (asked([line(1)]), build(request(chat("John?")), persona=PERSONA, recent=())):
        assert prompt.messages[0] == system
        assert prompt.messages[1].content.startswith(user.content)
        assert common(PREFIX, marks(prompt)) == len(PREFIX)


def test_what_was_said_goes_on_where_the_last_prompt_ended() -> None:
    """Older lines stay in front, the new ones follow, memories come behind them."""
    lines = [line(number) for number in range(3)]
    first = asked(lines, room=400, remembered=[Remembered("Ana has a dog.")])
    lines += [line(number) for number in (3, 4)]
    cat = [Remembered("Ana has a cat.")]
    second = asked(lines, held=marks(first), room=400, remembered=cat)
    assert shown(second)[:3] == shown(first)[:3]
    assert [each.split('"text": "')[1][0] for each in shown(second)[:5]] == list("01234")
    assert "cat" in shown(second)[5]
    assert '"answer": true' in shown(second)[-1]


def test_history_is_dropped_in_batches() -> None:
    """Of forty turns few begin anew, each with half as many lines as there may be at most."""
    held, anew, sizes = PREFIX, 0, []
    for turn in range(40):
        prompt = asked([line(number) for number in range(turn * 2)], held=held)
        kept = common(marks(prompt), held) - len(PREFIX)
        anew += turn > 1 and kept < 1
        sizes.append(len(shown(prompt)) - 1)
        assert new_tokens(marks(prompt), held) <= ROOM
        held = marks(prompt)
    assert anew <= 11
    assert max(sizes) <= 10


def test_who_asks_is_heard_even_where_there_is_no_time_at_all() -> None:
    """The shortest prompt: rules, a question of any length, the task."""
    prompt = asked([line(1)], room=0, remembered=[Remembered("Ana has a dog.")])
    assert len(shown(prompt)) == 1
    question = chat("John, " + "why " * 500, user="ben")
    prompt = build(request(question), persona=PERSONA, recent=(), haste=Haste(50, PREFIX))
    assert tokens(shown(prompt)[0]) < 70
    assert '"answer": true' in shown(prompt)[0]


def test_server_that_holds_nothing_has_to_read_the_rules_too() -> None:
    """Then less of the rest fits."""
    lines = [line(number) for number in range(10)]
    warm, cold = asked(lines), asked(lines, held=())
    assert len(shown(cold)) < len(shown(warm))


@given(
    st.lists(st.lists(st.text(min_size=1, max_size=120), max_size=4), max_size=12),
    st.integers(120, 600),
)
@settings(max_examples=40, deadline=None)
def test_what_is_new_fits_whatever_is_said(rounds: list[list[str]], room: int) -> None:
    """Also with lines of any script, and after lines were taken back."""
    lines: list[Line] = []
    held = PREFIX
    for turn, texts in enumerate(rounds):
        lines += [line(turn * 10 + place, text) for place, text in enumerate(texts)]
        if turn % 3 == 2:
            del lines[: len(lines) // 2]
        prompt = asked(lines, held=held, room=room)
        assert new_tokens(marks(prompt), held) <= room
        assert '"answer": true' in shown(prompt)[-1]
        held = marks(prompt)
