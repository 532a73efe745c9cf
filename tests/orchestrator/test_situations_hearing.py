"""The situations in which the streamer is heard: who is spoken to, what stops it, what is early."""

from __future__ import annotations

import pytest

from tests.orchestrator.situations import Find, Played


def _origins(show: Played) -> list[str]:
    return [each.request.origin for each in show.rig.model.prompts]


def test_addressed_streamer_is_answered_also_with_a_pause_behind_the_name(played: Find) -> None:
    """`John`, a breath, and the question are one."""
    show = played("hearing_addressed")
    assert [each.to[0].text for each in show.said] == [
        "so John, what is that tower over there?", "John where are we?",
    ]  # fmt: skip
    assert show.caption("By the river")[0] - 16.0 <= 1.0


def test_streamer_who_talks_to_chat_is_not_answered_nor_broken_into(played: Find) -> None:
    """A pause in mid-sentence is no end, and an early end of a sentence to chat begins nothing."""
    show = played("hearing_not_addressed")
    assert _origins(show) == ["chat"]
    assert min(show.at("speaking/state", lambda value: value == "ON")) > 4.4 + 0.7


def test_follow_up_is_answered_without_a_name_for_some_seconds(played: Find) -> None:
    """Not a sign of listening, not after its time, and not when chat was answered in between."""
    show = played("hearing_follow_up")
    asked = [each.to[0].text for each in show.said]
    assert asked == [
        "John, what is that tower over there?", "and where are we?", "John, hello?",
        "John, what colour is the door?",
    ]  # fmt: skip


def test_resumed_turn_is_answered_once_and_as_a_whole(played: Find) -> None:
    """What was begun for the first half is never seen."""
    show = played("hearing_resumed_turn")
    assert [each.to[0].text for each in show.said] == [
        "John, what do we eat? No, wait, I mean, where are we?",
        "John, tell me about the colour of the door.",
    ]
    assert "ooodles" not in show.after(-2)
    assert len(show.events("event/response", "started")) == 2


def test_false_interruption_lets_it_go_on(played: Find) -> None:
    """Noise, laughter, signs of listening, and somebody far off."""
    (said,) = played("hearing_false_interruption").said
    assert said.outcome == "finished"
    assert said.heard == said.text


def test_question_that_the_streamer_answers_is_left(played: Find) -> None:
    """Of both who asked, while the one who called it is answered, and who asked something else."""
    show = played("hearing_streamer_answers")
    (told,) = show.events("event/decision", "skip")
    assert (told.reason, told.messages) == ("answered", ("m1", "m2"))
    assert [each.to[0].user for each in show.said] == ["Cleo", "Dan"]


def test_somebody_else_beside_the_streamer_asks_and_stops_nothing(played: Find) -> None:
    """Who is hardly understood is not the one with the microphone."""
    show = played("hearing_two_people")
    assert [each.to[0].text for each in show.said] == [
        "John, what is that tower over there?", "John, where are we?",
    ]  # fmt: skip
    assert {each.outcome for each in show.said} == {"finished"}


def test_words_that_come_late_stop_nothing_that_began_after_them(played: Find) -> None:
    """Five seconds late they are answered, after twenty they aren't."""
    show = played("hearing_5_s_late")
    where, story = show.said
    assert where.to[0].text == "John, where are we?"
    assert (story.outcome, show.silent_after(10)) == ("interrupted", pytest.approx(14.0, abs=0.2))


def test_early_answer_is_there_when_the_turn_is_over(played: Find) -> None:
    """With the same text, and with a word more; a model is asked once for each."""
    show = played("hearing_eager_same")
    assert len(show.rig.model.prompts) == 2
    assert show.caption("water tower")[0] - 1.9 <= 0.3
    assert [each.to[0].text for each in show.said] == [
        "John, what is that tower over there?", "John, what do we eat here today?",
    ]  # fmt: skip


def test_early_answer_to_something_else_is_gone(played: Find) -> None:
    """It is in no topic; and what turns out to be for somebody else gets no answer."""
    show = played("hearing_eager_other")
    assert [each.to[0].text for each in show.said] == ["John, what is that tower over there?"]
    assert len(show.rig.model.prompts) == 3
    assert "oodles" not in show.after(-2)
    assert len(show.events("event/response", "started")) == 1
