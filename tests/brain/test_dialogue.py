"""Whose words belong together, and who is spoken to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pickled.brain.dialogue import JOIN_S, FollowUp, StreamersTurn, age_of, is_sure
from pickled.messages.speech import Speech
from tests.brain.stage import START


def spoken(kind: str, text: str = "", **more: object) -> Speech:
    return Speech.model_validate({"ts": START, "event_type": kind, "text": text, **more})


def test_turn_goes_on_over_a_short_pause() -> None:
    """What was ended at a pause is one text; after a long one another turn begins."""
    turn = StreamersTurn()
    turn.take(spoken("started"), said=10.0)
    assert turn.take(spoken("final", "John, what do"), said=11.0) == "John, what do"
    turn.take(spoken("started"), said=11.0 + JOIN_S - 0.1)
    assert turn.take(spoken("final", "you think?"), said=13.0) == "John, what do you think?"
    assert turn.goes_on
    turn.take(spoken("started"), said=13.0 + JOIN_S + 0.1)
    assert turn.take(spoken("final", "hello"), said=16.0) == "hello"
    assert not turn.goes_on


def test_turn_of_which_only_the_end_is_known_began_its_words_before() -> None:
    """Recognizers without interim texts tell only what was said."""
    turn = StreamersTurn()
    turn.take(spoken("final", "one two three four five"), said=10.0)
    assert turn.began == pytest.approx(8.0)


def test_noise_that_was_never_ended_begins_no_later_turn() -> None:
    """It was nobody: what is said ten seconds later began then."""
    turn = StreamersTurn()
    turn.take(spoken("started"), said=10.0)
    turn.take(spoken("interim", "well"), said=30.0)
    assert turn.began == pytest.approx(29.6)


def answered(*, asked: bool = True) -> FollowUp:
    window = FollowUp()
    window.begin(asked=asked, now=10.0)
    window.ended(6.0, now=14.0)
    return window


@pytest.mark.parametrize(
    ("text", "began", "for_us"),
    [
        ("and how old is it?", 15.0, True),
        ("I think it is a lighthouse", 15.0, True),
        ("and how old is it?", 20.1, False),
        ("so chat, how old is it?", 15.0, False),
        ("yeah, right", 15.0, False),
        ("how old is it?", 9.0, False),
    ],
)
def test_follow_up_needs_no_name(text: str, began: float, for_us: bool) -> None:
    """Within its time, and unless somebody else is called or nothing is said."""
    assert answered().is_for_us(text, began=began, language="en") is for_us


def test_follow_up_without_a_question_is_answered_once() -> None:
    """The conversation does not go on for ever by itself."""
    window = answered(asked=False)
    assert not window.is_for_us("I think it is a lighthouse", began=15.0, language="en")
    assert window.is_for_us("is it a lighthouse?", began=15.0, language="en")


def test_follow_up_over_its_voice_has_to_ask() -> None:
    """Who talks over it may be talking to anybody."""
    window = FollowUp()
    window.begin(asked=True, now=10.0)
    assert window.is_for_us("no, which one?", began=12.0, language="en")
    assert not window.is_for_us("look at that dog", began=12.0, language="en")


def test_follow_up_closes_when_somebody_else_is_answered() -> None:
    """It isn't clear any more who is spoken to."""
    window = answered()
    window.close()
    assert not window.is_for_us("and how old is it?", began=15.0, language="en")


def test_age_by_the_moment_of_the_event_or_of_its_begin() -> None:
    """A number that is no Unix time tells nothing."""
    wall = START.timestamp()
    late = spoken("final", "hello there", ts=START - timedelta(seconds=5))
    assert age_of(late, wall=wall) == pytest.approx(5.0)
    assert age_of(spoken("final", "hello", start_ms=1234), wall=wall) == 0.0
    began = spoken("final", "hello", start_ms=int((wall - 30) * 1000))
    assert age_of(began, wall=wall) > 20


def test_speech_that_the_recognizer_is_not_sure_of_counts_for_nobody() -> None:
    """Without a figure it is sure."""
    assert is_sure(spoken("final", "hello"))
    assert is_sure(spoken("final", "hello", confidence=0.9))
    assert not is_sure(spoken("final", "hello", confidence=0.2))
