"""A loop is noticed, and nothing else waits for it."""

from __future__ import annotations

import pytest

from pickled.brain.repeats import SAY_SOMETHING_ELSE, Repeats, loops, otherwise
from pickled.messages.prompt import PromptMessage
from tests.llm.asking import prompt

ONE = "What a lovely day at the old harbour. I could stay here for ever."
CLAUSES = ["What a lovely day at the old harbour.", "I could stay here for ever."]
OTHER = "That is a water tower. I like pigeons."


def heard(said: list[str], clauses: list[str]) -> tuple[list[int], bool]:
    """How many clauses were let go with each one, and whether it is a repetition."""
    repeats = Repeats(said)
    return [len(repeats.take(each)) for each in clauses], repeats.only


def test_answer_that_the_last_ones_gave_is_held_to_its_end() -> None:
    """The third time in a row, or the second after which others came."""
    assert heard([ONE, ONE], CLAUSES) == ([0, 0], True)
    assert heard([ONE, OTHER, ONE, OTHER], CLAUSES) == ([0, 0], True)


def test_answer_that_came_once_may_come_again() -> None:
    """Somebody else may have asked the same."""
    assert heard([ONE, OTHER], CLAUSES) == ([1, 1], False)


@pytest.mark.parametrize(
    "other", ["what a lovely day at the old harbour!", "What a lovely day at the *old* harbour…"]
)
def test_spelling_makes_no_other_answer(other: str) -> None:
    """Capitals and marks are not a new thought."""
    assert heard([ONE, ONE], [other, CLAUSES[1]])[1]


def test_answer_that_begins_like_the_last_ones_goes_on_at_its_first_new_clause() -> None:
    """Nothing of it is lost."""
    assert heard([ONE, ONE], [CLAUSES[0], "But now we walk."]) == ([0, 2], False)
    assert heard([ONE, ONE], [*CLAUSES, "But now we walk."]) == ([0, 0, 3], False)


def test_number_makes_another_answer() -> None:
    """How late it is changes."""
    said = ["It is 5 o'clock, my dear friends."] * 2
    assert heard(said, ["It is 6 o'clock, my dear friends."]) == ([1], False)


def test_short_answer_may_come_as_often_as_it_likes() -> None:
    """Yes is yes."""
    assert not heard(["Yes, sure."] * 3, ["Yes, sure."])[1]


def test_otherwise_asks_behind_all_that_stays() -> None:
    """The prompt's begin is the same, so that a server need not read it again."""
    asked, again = prompt(), otherwise(prompt())
    assert again.messages[0] == asked.messages[0]
    wanted = PromptMessage(role="user", content=asked.messages[1].content + SAY_SOMETHING_ELSE)
    assert again.messages[1] == wanted


def test_loop_is_seen_before_an_answer_begins() -> None:
    """The last two alike, or one too often; who goes round a few answers is in none yet."""
    one, two, three = "Nice to see you all.", "We are at the harbour.", "It is the fish market."
    assert loops([two, one, one])
    assert loops([one, two, one, two, one])
    assert not loops([one, two, three, one, two])
    assert not loops(["Yes!", "Yes!", one])
    assert not loops([])
