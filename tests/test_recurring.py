"""What recurs: said at once, then seldom, with how often it was."""

from __future__ import annotations

from pickled.recurring import FIRST_S, LONGEST_S, Recurring, times


def test_recurring_says_the_first_and_counts_the_rest() -> None:
    """Once at once; then, when some time has passed, how often it was since."""
    recurring = Recurring()
    said = [recurring.due("gone", now) for now in range(int(FIRST_S) + 1)]
    assert said == [1, *[None] * (int(FIRST_S) - 1), int(FIRST_S)]
    assert recurring.due("gone", FIRST_S * 2) is None


def test_recurring_knows_one_thing_from_another() -> None:
    """A new cause is said whatever was said before."""
    recurring = Recurring()
    assert [recurring.due(each, 0.0) for each in ("gone", "refused", "gone")] == [1, 1, None]


def test_recurring_says_less_and_less_of_what_goes_on_for_a_day() -> None:
    """A line a minute at first, one an hour in the end."""
    recurring = Recurring()
    day = range(0, 86_400, 3)
    said = [now for now in day if recurring.due("gone", float(now)) is not None]
    assert len(said) < 35


def test_recurring_begins_anew_after_a_long_calm() -> None:
    """What was last seen long ago is news."""
    recurring = Recurring()
    recurring.due("gone", 0.0)
    recurring.due("gone", 1.0)
    assert recurring.due("gone", 2.0 + LONGEST_S) == 1


def test_recurring_is_bounded() -> None:
    """Whoever has a new text each time fills the log, never the memory."""
    recurring = Recurring()
    for number in range(5_000):
        recurring.due(f"{number}", 0.0)
    assert len(recurring._known) <= 500


def test_times_is_silent_for_one() -> None:
    """Only what stands for several says so."""
    assert (times(1), times(3)) == ("", " (3 times)")
