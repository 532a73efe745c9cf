"""A story in figures, and two of them beside each other."""

from __future__ import annotations

import pytest

from pickled.mqtt.in_process import Logged
from pickled.rehearsal.compare import NOTHING, side_by_side
from pickled.rehearsal.counts import count
from pickled.rehearsal.story import Story
from tests.rehearsal.telling import chat, decided, logged, sound, spoken, story_of
from tests.view.evening import ANA, BEN

TRIGGERS = {"default": ("john",), "maple": ("maple",)}


def persona(t: float, name: str) -> Logged:
    """From then on it is that one."""
    return logged(name, t, "persona/state")


def test_every_message_counts_once() -> None:
    """By what became of it in the end; what only a summary counted comes by its reason."""
    story = story_of(
        [
            decided(1, "answer", "m1", turn=ANA, reason="mention"),
            *spoken(ANA, 1.0, "Hello."),
            decided(2, "hold", "m2", reason="cooldown"),
            decided(3, "skip", "m2", reason="chance"),
            decided(4, "summary", counts={"flood": 7}),
        ],
        *(chat(each, each, "hm") for each in (1, 2, 5)),
    )
    counts = count(story, TRIGGERS)
    assert (counts.messages, counts.answered, counts.turns) == (3, 1, 1)
    assert counts.by_fate == {"flood": 7, "skip: chance": 1}


def test_mention_is_of_who_it_was_just_then() -> None:
    """A name counts from the moment at which its persona took over."""
    published = [persona(0, "default"), persona(10, "maple")]
    lines = [chat(1, 1, "maple?"), chat(2, 2, "john?"), chat(11, 3, "maple?"), chat(12, 4, "john?")]
    answers = [decided(2, "answer", "m2"), decided(11, "expire", "m3", reason="stale")]
    counts = count(story_of([*published, *answers], *lines), TRIGGERS)
    assert (counts.mentions, counts.mentions_answered) == (2, 1)


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ({"message_id": "m1"}, 2),
        ({"user_id": "ana"}, 1),
        ({"all": True}, 0),
        ({"message_id": "m9"}, 3),
        ({"user_id": "nobody"}, 3),
    ],
)
def test_mention_that_was_taken_back_is_owed_no_answer(gone: dict[str, object], left: int) -> None:
    """One message, all of a viewer, or everything; only of what stood before."""
    lines = [chat(1, 1, "john?"), chat(2, 2, "john!"), chat(3, 3, "john", user="ben")]
    taken_back = {"t": 4, "type": "delete", **gone}
    story = story_of([persona(0, "default")], *lines, taken_back)
    assert count(story, TRIGGERS).mentions == left


def test_mention_that_was_answered_before_it_was_taken_back_counts() -> None:
    """The answer was given."""
    story = story_of(
        [persona(0, "default"), decided(1, "answer", "m1")],
        chat(1, 1, "john?"),
        {"t": 4, "type": "delete", "message_id": "m1"},
    )
    counts = count(story, TRIGGERS)
    assert (counts.mentions, counts.mentions_answered) == (1, 1)


@pytest.mark.parametrize(
    ("sounds", "length", "longest"),
    [
        ((), 10.0, (0.0, 10.0)),
        ((1, 3), 10.0, (3.0, 7.0)),
        ((6, 9), 10.0, (0.0, 6.0)),
        ((0, 10), 10.0, (0.0, 0.0)),
        ((1, 2, 8, 9), 10.0, (2.0, 6.0)),
    ],
)
def test_longest_silence(
    sounds: tuple[float, ...], length: float, longest: tuple[float, float]
) -> None:
    """Before, between and behind what was said; the first one of several that are as long."""
    story = story_of(sound(*sounds))
    story.length = length
    counts = count(story, TRIGGERS)
    assert counts.longest_silence == longest
    assert counts.spoken_share == (sum(sounds[1::2]) - sum(sounds[::2])) / length


def test_empty_story_has_figures() -> None:
    """A recording of nothing is no division by zero."""
    counts = count(Story("nothing"), {})
    assert (counts.messages, counts.spoken_share, counts.longest_silence) == (0, 0.0, (0.0, 0.0))


def test_both_answer_in_other_words() -> None:
    """That is one row: the same decision, not the same words."""
    answered = decided(1, "answer", "m1", turn=ANA, reason="mention", score=0.5)
    stories = [
        story_of([answered, *spoken(ANA, 1.0, words)], chat(1, 1, "john?"))
        for words in ("Yes.", "No.")
    ]
    (row,) = side_by_side(*stories)
    assert (row.t, row.user, row.what) == (1.0, "ana", "john?")
    assert row.same_decision
    assert not row.same_words
    assert (row.first.text, row.second.text, row.first.score) == ("Yes.", "No.", 0.5)


def test_what_both_leave_for_one_reason_is_no_row() -> None:
    """For two reasons it is; an answer on one side stands beside the other's skip."""
    lines = [chat(each, each, "hm") for each in (1, 2, 3)]
    first = story_of(
        [
            decided(1, "skip", "m1", reason="chance"),
            decided(2, "skip", "m2", reason="chance"),
            decided(3, "answer", "m3", turn=ANA),
            *spoken(ANA, 3.0, "Hm!", outcome="skipped"),
        ],
        *lines,
    )
    second = story_of(
        [
            decided(1, "skip", "m1", reason="chance"),
            decided(2, "skip", "m2", reason="cooldown"),
        ],
        *lines,
    )
    reasons, answer = side_by_side(first, second)
    assert (reasons.first.reason, reasons.second.reason) == ("chance", "cooldown")
    assert not reasons.same_decision
    assert (answer.first.kind, answer.first.outcome) == ("answer", "skipped")
    assert answer.second == NOTHING


def test_messages_that_went_along_are_told_as_that() -> None:
    """Of those that one answer is for, the last one asked."""
    answered = decided(2, "answer", "m1", "m2", turn=ANA, reason="question")
    story = story_of(
        [answered, *spoken(ANA, 2.0, "Yes.")], chat(1, 1, "where?"), chat(2, 2, "where?", "ben")
    )
    rows = side_by_side(story, story_of([], chat(1, 1, "where?"), chat(2, 2, "where?", "ben")))
    assert [(row.user, row.first.kind) for row in rows] == [("ana", "with"), ("ben", "answer")]


def test_the_same_said_twice_is_two_rows() -> None:
    """What no message asked for is matched by its words, in order."""
    twice = [*spoken(ANA, 1.0, "Be kind."), *spoken(BEN, 9.0, "Be kind.")]
    rows = side_by_side(story_of(twice), story_of(twice[:3]))
    assert [(row.t, row.what, row.second.kind) for row in rows] == [
        (1.0, "Be kind.", "answer"),
        (9.0, "Be kind.", "none"),
    ]
