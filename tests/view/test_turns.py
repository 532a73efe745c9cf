"""A turn is the same however its events come, and nothing that comes breaks the view."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pickled.messages.response import StageTimes
from pickled.messages.state import LatencyState
from pickled.topic_rows import Topic
from pickled.topics import Root
from pickled.view.mirror import Mirror
from pickled.view.turns import MOST_CLAUSES, MOST_TURNS, FollowedTurn, FollowedTurns
from tests.view.evening import ANA, BEN, hostile, moment, played, response, state, told

Heard = list[tuple[object, float]]

BOTH = [*told(ANA, 0.0, "To the sea,", "my friend!"), *told(BEN, 2.0, "Hello", "there,", "Ben.")]


def turns_of(heard: Heard) -> FollowedTurns:
    """What the view makes of it."""
    turns = FollowedTurns()
    for value, at in heard:
        turns.take(value, at=at)
    return turns


def turn_of(heard: Heard, name: str = ANA) -> FollowedTurn:
    """One of them."""
    turn = turns_of(heard).get(name)
    assert turn is not None
    return turn


def test_turn_is_told_whole() -> None:
    """Who asked, why, what was said and heard, how long it took, when."""
    turn = turn_of(told(ANA, 1.0, "To the sea,", "my friend!"))
    assert (turn.persona, turn.emotion, turn.outcome) == ("John", "happy", "finished")
    assert turn.text == turn.heard == "To the sea, my friend!"
    assert (turn.messages, turn.reason) == ((f"m-{ANA}",), "mention")
    assert (turn.began_at, turn.ended_at) == (1.0, 5.0)
    assert turn.stages is not None
    assert turn.stages.total == 241.0
    assert turn.to is not None
    assert turn.to.user == "ana"
    assert (turn.played_ms, turn.heard_out, turn.swallowed) == (1800.0, True, False)


@given(heard=st.permutations(BOTH))
def test_turns_do_not_depend_on_the_order(heard: Heard) -> None:
    """Two turns whose messages come in any order at all are the same two turns."""
    turns, expected = turns_of(heard), turns_of(BOTH)
    for name in (ANA, BEN):
        assert turns.get(name) == expected.get(name)


@given(extra=st.lists(st.sampled_from(BOTH), max_size=30))
def test_what_is_repeated_changes_nothing(extra: Heard) -> None:
    """A broker may deliver a message twice; the second one is new to nobody."""
    turns = turns_of(BOTH)
    assert all(turns.take(value, at=99.0) is None for value, _ in extra)
    assert turns.get(ANA) == turn_of(BOTH, ANA)


@given(cut=st.integers(0, len(BOTH)))
def test_turn_whose_begin_was_missed_is_told_from_there(cut: int) -> None:
    """Who comes late knows of the end what it says itself: words, cause and times."""
    turn = turns_of(BOTH[cut:]).get(BEN)
    assert turn is None or turn.outcome == "finished"
    last = turn_of(told(BEN, 2.0, "Hello")[-1:], BEN)
    assert (last.outcome, last.reason, last.messages) == ("finished", "mention", (f"m-{BEN}",))
    assert (last.heard, last.text, last.started) == ("Hello", "", None)
    assert last.stages is not None


def test_older_daemons_latency_is_of_the_turn_that_is_about_to_end() -> None:
    """It names none; cause and messages are then those of the decision."""
    heard = [*told(BEN, 0.0, "Hello", old=True), *told(ANA, 9.0, "To the sea!", old=True)]
    turns = turns_of(heard)
    first, second = turns.get(BEN), turns.get(ANA)
    assert first is not None
    assert second is not None
    assert [each.stages and each.stages.total for each in (first, second)] == [240.0, 249.0]
    assert (second.reason, second.messages) == ("mention", (f"m-{ANA}",))


def test_latency_that_was_kept_from_an_older_turn_is_nobodys() -> None:
    """The broker gives the retained one at once, before any turn begins."""
    turns = FollowedTurns()
    assert turns.take(LatencyState(total=240.0)) is None
    assert len(turns) == 0


def test_clauses_without_a_number_stand_as_they_came() -> None:
    """An older daemon did not count them."""
    heard: Heard = [
        (response(ANA, "clause", at, text=text), at) for at, text in ((1, "a"), (2, "b"))
    ]
    assert turn_of(heard).text == "a b"


def test_outcome_that_is_missing_is_the_kind_of_the_end() -> None:
    """A turn that has ended is never shown as one that goes on."""
    assert turn_of([(response(ANA, "interrupted", 1), 1.0)]).outcome == "interrupted"
    assert turn_of([(response(ANA, "started", 1), 1.0)]).outcome == ""


def test_first_end_is_the_end() -> None:
    """A second one that says otherwise changes nothing."""
    ends = [response(ANA, kind, at) for at, kind in enumerate(("interrupted", "finished"))]
    assert turn_of([(each, 0.0) for each in ends]).outcome == "interrupted"


def test_what_was_taken_back_is_not_named_again() -> None:
    """`response/state` is published again without who asked; an older copy may come after it."""
    before = state(ANA, "Hello", 1.0)
    gone = before.model_copy(update={"to": (), "text": "", "heard": ""})
    for heard in ([before, gone], [gone, before], [before, gone, before]):
        assert turn_of([(each, 0.0) for each in heard]).to is None


def test_muted_node_and_progress_are_noted() -> None:
    """How far it is only grows; a frame that comes late takes nothing back."""
    reports = [played(ANA, 0, 500, "progress"), played(ANA, 0, 200, "progress")]
    turn = turn_of([(each, 0.0) for each in (*reports, played(ANA, 1, 0, "muted"))])
    assert (turn.played_ms, turn.heard_out, turn.swallowed) == (500, False, True)


def test_view_stays_bounded() -> None:
    """Of turns, and of the clauses of one, there are never more than so many."""
    turns = FollowedTurns()
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    for number in range(2 * MOST_TURNS):
        name = "a" * 10 + letters[number // 32] + letters[number % 32]
        turns.take(response(name, "started", 0.0))
    assert len(turns) == MOST_TURNS
    for number in range(2 * MOST_CLAUSES):
        turns.take(response(ANA, "clause", 0.0, index=number, text="x"))
    turn = turns.get(ANA)
    assert turn is not None
    assert len(turn.clauses) == MOST_CLAUSES


@given(heard=st.lists(hostile(), max_size=12))
def test_hostile_messages_break_nothing(heard: list[tuple[Topic, bytes]]) -> None:
    """Whatever comes, the view goes on, and every turn can be asked for everything."""
    root, turns = Root(), FollowedTurns()
    mirror = Mirror(root)
    for row, payload in heard:
        if said := mirror.take(root(row.path, node="laptop"), payload):
            turn = turns.take(said.value, at=1.0)
            if turn is not None:
                told_of = (turn.text, turn.persona, turn.emotion, turn.outcome, turn.heard)
                assert all(isinstance(each, str) for each in told_of)
                assert turn.stages is None or isinstance(turn.stages, StageTimes)
                assert (turn.to, turn.messages, turn.reason, turn.held_until) is not None
    assert len(turns) <= MOST_TURNS


def test_held_answer_keeps_its_first_moment() -> None:
    """`held/state` is published for each change of any answer; this one's does not move."""
    turn = turn_of(told(ANA, 0.0, "Hello"))
    assert turn.held_until == moment(30)
    assert not turn.hold(moment(60))
    assert turn.held_until == moment(30)
