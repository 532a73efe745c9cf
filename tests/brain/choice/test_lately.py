"""What was said and answered in the last minutes."""

from __future__ import annotations

from pickled.brain.choice.lately import (
    MOST_ANSWERED,
    MOST_VIEWERS,
    MOST_WORDINGS,
    NOVEL_AGAIN_S,
    WINDOW_S,
    Answered,
    Wordings,
    wording_of,
)
from pickled.brain.crowd import Support


def test_wordings_count_lines_and_viewers() -> None:
    """One viewer who says it ten times is one viewer."""
    wordings = Wordings()
    assert [wordings.add("hi", "ana", now=0.0) for _ in range(3)] == [0, 1, 2]
    wordings.add("hi", "ben", now=1.0)
    assert wordings.counted("hi") == (4, 2)
    assert wordings.counted("unheard") == (1, 1)


def test_wordings_are_counted_anew_after_a_window_or_an_answer() -> None:
    """Old counts don't add up for ever, and an answered wording starts again."""
    wordings = Wordings()
    wordings.add("hi", "ana", now=0.0)
    assert wordings.add("hi", "ana", now=WINDOW_S + 1) == 0
    wordings.add("hi", "ben", now=WINDOW_S + 2)
    assert wordings.counted("hi") == (2, 2)
    wordings.restart("hi")
    assert wordings.counted("hi") == (1, 1)


def test_wordings_are_bounded() -> None:
    """The wordings, and the viewers of each, are limited; the last ones are kept."""
    wordings = Wordings()
    for place in range(2 * MOST_WORDINGS):
        wordings.add(f"line {place}", "ana", now=0.0)
    for place in range(2 * MOST_VIEWERS):
        wordings.add("same", f"user{place}", now=0.0)
    assert len(wordings._known) == MOST_WORDINGS
    assert wordings.counted("same") == (2 * MOST_VIEWERS, MOST_VIEWERS)


def test_wordings_forget_a_viewer() -> None:
    """Who is forgotten leaves no name and no count."""
    wordings = Wordings()
    wordings.add("hi", "ana", now=0.0)
    wordings.add("hi", "ben", now=0.0)
    wordings.forget("ana")
    assert wordings.counted("hi") == (1, 1)
    assert "ana" not in wordings._known["hi"].viewers


def test_fairness_fades() -> None:
    """Just answered counts most, twice counts more, and minutes later hardly anything is left."""
    answered = Answered()
    assert answered.fairness("ana", now=0.0) == 0
    answered.viewer("ana", now=0.0)
    once = answered.fairness("ana", now=0.0)
    answered.viewer("ana", now=0.0)
    assert answered.fairness("ana", now=0.0) < once == -0.5
    assert answered.fairness("ana", now=60.0) == once
    assert -0.01 < answered.fairness("ana", now=600.0) <= 0
    assert answered.fairness("ben", now=0.0) == 0


def test_novelty_comes_back() -> None:
    """Just answered is -1, and after two minutes it is as good as new."""
    answered = Answered()
    answered.topic("t", now=0.0)
    moments = (0.0, NOVEL_AGAIN_S / 2, NOVEL_AGAIN_S, 10 * NOVEL_AGAIN_S)
    assert [answered.novelty(("t", "u"), now=now) for now in moments] == [-1, 0, 1, 1]
    assert answered.novelty(("u",), now=0.0) == 1


def test_since_counts_who_came_after_the_answer() -> None:
    """Who asked before the answer is not counted again while the crowd still knows of them."""
    answered = Answered()
    answered.topic("t", count=300, viewers=200, now=0.0)

    def support(count: int, viewers: int) -> Support:
        return Support("t", count, viewers, question=True, first=False)

    assert answered.since(support(300, 200), now=0.0) == (1, 1)
    assert answered.since(support(330, 220), now=0.0) == (30, 20)
    assert answered.since(support(330, 220), now=WINDOW_S) == (330, 220)
    assert answered.since(Support("u", 3, 2, question=False, first=True), now=0.0) == (3, 2)


def test_answered_is_bounded() -> None:
    """Viewers and topics are limited, the last ones are kept; a forgotten viewer is gone."""
    answered = Answered()
    for place in range(2 * MOST_ANSWERED):
        answered.viewer(f"user{place}", now=0.0)
        answered.topic(f"topic{place}", now=0.0)
    assert len(answered._viewers) == len(answered._topics) == MOST_ANSWERED
    last = f"user{2 * MOST_ANSWERED - 1}"
    assert answered.fairness(last, now=0.0) < 0
    answered.forget(last)
    assert answered.fairness(last, now=0.0) == 0


def test_wording_has_a_short_name() -> None:
    """Also one of half a character; the same words have the same name."""
    assert wording_of("where are we") == wording_of("where are we") != wording_of("where")
    assert wording_of("\ud800").startswith("w")
