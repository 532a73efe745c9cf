"""How fast a model is, from measurements that may lie, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.brain.tempo import (
    GOAL_S,
    KEPT,
    Mark,
    Measured,
    Tempo,
    Waited,
    common,
    compressing_costs_s,
    fits,
    marked,
    marks,
    new_tokens,
    rate,
    settled,
    surely_fits,
    verdict,
    with_rate,
    writing,
)
from tests.llm.asking import prompt

SLOW = Waited(new=100, whole=800, waited_s=2.0)


def test_rate_is_of_what_was_new() -> None:
    """What the server had read before took no time."""
    assert rate(SLOW, None) == Measured(50.0)
    assert rate(replace(SLOW, told_s=1.6), None) == Measured(62.5)


def test_rate_of_a_few_tokens_says_nothing() -> None:
    """The way there takes longer than their reading."""
    assert rate(replace(SLOW, new=10), None) is None
    assert rate(replace(SLOW, waited_s=0.0), None) is None


@pytest.mark.parametrize("told", [0.0, -1.0, nan, inf, 1e9, 1e-9, 60.0])
def test_rate_does_not_believe_what_can_not_be(told: float) -> None:
    """Then it goes by how long we waited ourselves."""
    assert rate(replace(SLOW, told_s=told), None) == Measured(50.0)


def test_rate_of_a_long_wait_is_not_what_the_server_says() -> None:
    """It says that it read for a moment: then it did something else, and is as late again."""
    assert rate(replace(SLOW, waited_s=10.0, told_s=0.1), None) == Measured(10.0, late=True)


def test_rate_of_who_begins_at_once_is_at_least_so_much() -> None:
    """Half a second may all have been the way there: what is known better stays."""
    quick = replace(SLOW, waited_s=0.5)
    assert rate(quick, None) == Measured(200.0)
    assert rate(quick, 3000.0) == Measured(3000.0)


def test_rate_sees_once_that_all_was_read_anew() -> None:
    """Another program used the server; the second time it is taken for what it is."""
    lost = Waited(new=100, whole=800, waited_s=8.0)
    assert rate(lost, 100.0) == Measured(100.0, late=True, missed=True)
    assert rate(lost, 100.0, missed=True) == Measured(12.5, late=True)


def test_rate_of_who_was_not_waited_for_is_at_most_so_much() -> None:
    """A prompt that was given up shows that it is slow, never that it is fast."""
    given_up = replace(SLOW, waited_s=10.0, unfinished=True)
    assert rate(given_up, 200.0) == Measured(10.0, late=True)
    assert rate(given_up, 5.0) is None
    assert rate(replace(given_up, waited_s=0.5), 2000.0) is None


@given(
    st.integers(-5, 10**6),
    st.floats(allow_nan=True),
    st.one_of(st.none(), st.floats(allow_nan=True)),
    st.one_of(st.none(), st.floats(0.01, 1e6)),
    st.booleans(),
)
def test_rate_is_a_figure_that_can_be(
    new: int, waited: float, told: float | None, before: float | None, unfinished: bool
) -> None:
    """Whatever is measured and told."""
    reading = Waited(new, max(new, 0) + 500, waited, told, unfinished)
    found = rate(reading, before)
    assert found is None or 0 <= found.value <= 200_000


def test_settled_is_the_middle_of_the_last() -> None:
    """One absurd measurement changes nothing."""
    kept: tuple[Measured, ...] = ()
    for value in (90.0, 100.0, 110.0, 9000.0, 105.0, 95.0):
        kept = with_rate(kept, Measured(value))
    assert settled(kept) == 105.0
    assert len(kept) == KEPT
    assert settled(()) is None


def test_settled_is_slow_at_once_and_fast_again_by_and_by() -> None:
    """An answer that came too late says more than those before it."""
    kept = tuple(map(Measured, (2000.0,) * 5))
    kept = with_rate(kept, Measured(40.0, late=True))
    assert settled(kept) == 40.0
    assert (
        settled(with_rate(tuple(map(Measured, (2000.0,) * 5)), Measured(1500.0, late=True)))
        == 2000.0
    )
    for _ in range(3):
        kept = with_rate(kept, Measured(2000.0))
    assert settled(kept) == 2000.0


@pytest.mark.parametrize(
    ("count", "seconds"), [(10, 0.0), (10, -1.0), (10, nan), (10, None), (2, 1.0), (1e9, 1e-9)]
)
def test_writing_says_nothing_of_what_can_not_be(count: float, seconds: float | None) -> None:
    """Missing, absurd, or too little."""
    assert writing(count, seconds) is None
    assert writing(20, 2.0) == 10.0


def test_marks_hold_no_word() -> None:
    """Only whether a line is the same, and how long it is; a comma at its end is none of it."""
    first, second, third = marked(["where are we?", "where are we?,", "here"])
    assert first.line == second.line != third.line
    assert common([first, third], [second, second]) == 1
    assert new_tokens([first, third], [second]) == third.tokens > 0
    assert "where" not in repr(first)


def test_prompt_fits_what_is_read_in_time() -> None:
    """Of what is new; and always where nothing was measured."""
    lines = [Mark(number, 100) for number in range(5)]
    assert fits(lines, Tempo())
    assert not fits(lines, Tempo(reads=100.0))
    assert fits(lines, Tempo(reads=100.0, held=tuple(lines[:3])))


@given(st.text(max_size=300), st.floats(1, 500))
def test_prompt_that_surely_fits_does(text: str, reads: float) -> None:
    """The quick look never lets one through that takes too long."""
    given_prompt = prompt(text)
    if surely_fits(given_prompt, Tempo(reads=reads)):
        lines = sum(len(each.content.splitlines()) for each in given_prompt.messages)
        room = Tempo(reads=reads).room or 0
        assert new_tokens(marks(given_prompt), ()) <= room + lines


def test_verdict_tells_when_the_first_word_comes() -> None:
    """With the figures, and what to do if that is too late; nothing before it was measured."""
    assert verdict(Tempo()) == ""
    told = verdict(Tempo(reads=100.0, writes=10.6, real=0.5))
    assert told == "reads 50 tokens/s, writes 10.6: first word after about 1.8 s; fits"
    slow = Tempo(reads=10.0)
    assert slow.too_slow_by * GOAL_S == pytest.approx(8.0)
    assert verdict(slow, smaller="small:1b").endswith("about 8.0 s; too slow: try small:1b")
    assert verdict(slow).endswith("too slow: try a smaller model")


def test_compressing_costs_what_the_server_held() -> None:
    """Fewer tokens, but all of them new: that is later, by the time of the compressor, too."""
    plain = [Mark(number, 100) for number in range(5)]
    shorter = [plain[0], *(Mark(-number, 60) for number in range(1, 5))]
    tempo = Tempo(reads=100.0, held=tuple(plain[:4]))
    assert compressing_costs_s(tempo, plain, shorter, took_s=0.5) == pytest.approx(0.5 + 1.4)
    cold = Tempo(reads=100.0)
    assert compressing_costs_s(cold, plain, shorter, took_s=0.5) == pytest.approx(0.5 - 1.6)
