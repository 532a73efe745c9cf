"""Short-term memory."""

from __future__ import annotations

from datetime import UTC, datetime

from pickled.memory.short_term import KEPT, ShortTerm
from pickled.messages.chat import ChatMessage, Retraction
from pickled.messages.memory import Line


def line(place: int, *, user_id: str = "1") -> Line:
    """A viewer's line."""
    return Line(speaker="viewer", user_id=user_id, message_id=f"m{place}", text=f"line {place}")


def test_add_keeps_the_last_fifteen() -> None:
    """The oldest line goes when a sixteenth comes."""
    memory = ShortTerm()
    for place in range(20):
        memory.add(line(place))
    assert len(memory) == KEPT == 15
    assert [each.text for each in memory.recent(99)] == [f"line {place}" for place in range(5, 20)]
    assert [each.text for each in memory.recent(2)] == ["line 18", "line 19"]
    assert memory.recent(0) == ()


def test_retract_by_message_and_by_viewer() -> None:
    """What is taken back is gone; what has no id is never meant."""
    memory = ShortTerm()
    memory.add(Line(speaker="cohost", text="hi"))
    for place in range(4):
        memory.add(line(place, user_id=str(place % 2)))
    assert memory.retract(Retraction.of_message("m0")) == 1
    assert memory.retract(Retraction.of_message("m0")) == 0
    assert memory.retract(Retraction.of_viewer("1")) == 2
    assert memory.retract(Retraction.of_message("")) == 0
    assert memory.retract(Retraction.of_viewer("")) == 0
    assert [each.text for each in memory.recent(9)] == ["hi", "line 2"]


def test_retract_all_chat_leaves_room_as_before() -> None:
    """Nothing is left, and new lines are kept as before."""
    memory = ShortTerm(size=2)
    memory.add(line(1))
    assert memory.retract(Retraction.of_all_chat()) == 1
    for place in range(3):
        memory.add(line(place))
    assert [each.text for each in memory.recent(9)] == ["line 1", "line 2"]


def test_answer_goes_with_what_it_answers() -> None:
    """What the co-host said about somebody is forgotten with them: it may have quoted them."""
    begin = datetime(2026, 6, 1, tzinfo=UTC)
    asked = [
        ChatMessage(ts=begin, id=f"m{place}", user="ana", user_id=f"u{place}", text="hello")
        for place in range(2)
    ]
    for forgotten in (Retraction.of_message("m0"), Retraction.of_viewer("u1")):
        memory = ShortTerm()
        memory.add(Line(speaker="cohost", text="hi"))
        memory.add(Line(speaker="cohost", text="hello to your cat"), answers=asked)
        assert memory.retract(Retraction.of_viewer("other")) == 0
        assert memory.retract(forgotten) == 1
        assert [each.text for each in memory.recent(9)] == ["hi"]


def test_own_answers_outlast_the_lines_of_chat_and_go_with_what_they_answer() -> None:
    """A busy chat does not make it forget what it said; a deleted question does."""
    memory = ShortTerm()
    asked = ChatMessage(ts=datetime.now(UTC), id="q", user="ana", user_id="7", text="where?")
    for number in range(8):
        memory.add(Line(speaker="cohost", text=f"answer {number}"), answers=[asked][: number % 2])
    for place in range(KEPT):
        memory.add(line(place))
    assert memory.own() == tuple(f"answer {number}" for number in range(2, 8))
    memory.retract(Retraction.of_viewer("7"))
    assert memory.own() == ("answer 2", "answer 4", "answer 6")
