"""What was published becomes a story: decisions, turns, sounds, fates, in order of time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pickled.messages.command import CommandEvent
from pickled.messages.response import Recipient
from pickled.messages.state import QueueState
from pickled.mqtt.in_process import Logged
from pickled.rehearsal.moments import Happened, Spoke, as_object, moments, outcomes
from pickled.rehearsal.story import Decided, Story
from pickled.topic_rows import Topic
from tests.rehearsal.telling import (
    ROOT,
    chat,
    decided,
    logged,
    sound,
    spoken,
    story_of,
)
from tests.view.evening import ANA, BEN, hostile, moment, state


def test_turn_stands_with_its_decision() -> None:
    """The line, its fate, and the answer, each once and in order of time."""
    answered = decided(1.0, "answer", "m1", turn=ANA, reason="mention")
    story = story_of([answered, *spoken(ANA, 1.0, "To the sea!")], chat(1.0, 1, "John?"))
    happened, spoke = moments(story)
    assert isinstance(happened, Happened)
    assert happened.fate is not None
    assert happened.fate.decision.reason == "mention"
    assert isinstance(spoke, Spoke)
    assert (spoke.said.text, spoke.said.outcome) == ("To the sea!", "finished")
    assert (spoke.said.began_at, spoke.said.ended_at) == (1.0, 3.0)


def test_turn_without_a_decision_stands_by_itself() -> None:
    """Nobody in chat asked for it; who did is told where that is known."""
    story = story_of(
        [
            *spoken(ANA, 1.0, "Welcome!"),
            logged(state(ANA, "Welcome!", 3.0, Recipient(source="stream", user="kim")), 3.0),
            *spoken(BEN, 5.0, "Be kind."),
        ]
    )
    first, second = outcomes(story)
    assert as_object(first, story)["reason"] == "stream"
    assert as_object(second, story) == {
        "t": 5.0,
        "decision": "answer",
        "reason": "say",
        "messages": [],
        "answer": {
            "persona": "John",
            "emotion": "neutral",
            "text": "Be kind.",
            "heard": "Be kind.",
            "outcome": "finished",
            "ended": 7.0,
            "cut": "",
        },
    }


def test_turn_that_goes_on_keeps_the_story_open() -> None:
    """As does what waits; a rehearsal ends when neither is left."""
    said = spoken(ANA, 1.0, "Well,")
    assert not story_of(said[:2]).idle
    assert story_of(said).idle
    waiting = QueueState(waiting=2, oldest_s=1.0, dropped={})
    assert not story_of([logged(waiting, 1.0, "queue/state")]).idle


def test_last_decision_about_a_message_is_its_fate() -> None:
    """It waited, then it was left: a hold is no end."""
    story = story_of(
        [
            decided(1.0, "hold", "m1", reason="cooldown"),
            decided(2.0, "expire", "m1", reason="stale"),
            decided(3.0, "hold", "m2", reason="cooldown"),
        ]
    )
    assert {name: each.decision.reason for name, each in story.fates.items()} == {"m1": "stale"}
    assert [each.t for each in story.decisions] == [1.0, 2.0, 3.0]


def test_sound_begins_once_and_ends_once() -> None:
    """States are published again and again; one that never ends is no sound."""
    again = [logged(True, 1.5, "speaking/state"), logged(False, 2.5, "speaking/state")]
    published = sorted([*sound(1.0, 2.0, 4.0), *again], key=lambda each: each.at)
    assert story_of(published).sounds == [(1.0, 2.0)]


def test_what_came_before_the_begin_is_at_the_begin() -> None:
    """Nothing in a story has a time below zero."""
    story = Story("test")
    story.take(spoken(ANA, 1.0, "Hm."), root=ROOT, origin=2.5)
    assert (story.turns[ANA].began_at, story.turns[ANA].ended_at) == (0.0, 0.5)


def test_refused_commands_are_told_accepted_ones_are_not() -> None:
    """With the moment, for whoever reads the report."""
    events = [
        CommandEvent(ts=moment(t), event_type=kind, command="volume/set", code=code)
        for t, kind, code in ((1, "accepted", "ok"), (2, "rejected", "bad_payload"))
    ]
    story = story_of([logged(each, n + 1.0, "event/command") for n, each in enumerate(events)])
    assert [(t, each.code) for t, each in story.refused] == [(2.0, "bad_payload")]


def test_answer_whose_turn_never_came_is_a_decision() -> None:
    """It is told that it was to be answered, and nothing that nobody said."""
    story = story_of([decided(1.0, "answer", "m1", turn=BEN)])
    assert [isinstance(each, Decided) for each in outcomes(story)] == [True]
    assert not story.turns


@given(heard=st.lists(hostile(), max_size=12))
def test_hostile_messages_break_no_story(heard: list[tuple[Topic, bytes]]) -> None:
    """Whatever a part publishes, the report is written."""
    published = [
        Logged(ROOT(row.path, node="laptop"), payload, row.retain, row.qos, float(n))
        for n, (row, payload) in enumerate(heard)
    ]
    story = story_of(published)
    found = list(moments(story))
    assert [each.t for each in found] == sorted(each.t for each in found)
    assert all(as_object(each, story) for each in outcomes(story))
