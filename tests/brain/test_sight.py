"""When what is seen is a reason to speak up: seldom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pickled.brain.sight import REMARK_AGAIN_S, SETTLE_S, Lookout, is_new, worth_a_remark

STREET = "A person walks along a street with parked cars and trees."
SAW = "On a stone bridge an old man plays a musical saw."
CALM = Lookout(first_at=0.0, remarked_at=float("-inf"), free=True, watched=True)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (SAW, True),
        ("A person is walking on a street; parked cars, some trees.", False),
        ("Cars are parked along the street.", False),
        ("A street with cars; a person holds a phone.", False),
        ("", False),
        ("!", False),
    ],
)
def test_new_is_what_was_not_in_the_picture(text: str, new: bool) -> None:
    """The same things in other words are not."""
    assert is_new(text, [STREET]) is new


def test_what_was_seen_before_is_no_news_when_it_comes_back() -> None:
    """The street, the bridge, and the street again."""
    assert not is_new(STREET, [STREET, SAW])
    assert not is_new(SAW, [SAW, STREET])


def test_remark_needs_the_right_moment() -> None:
    """Not at the beginning, not twice in five minutes, not into others' talk, not to nobody."""
    late = SETTLE_S + 1
    assert worth_a_remark(SAW, [STREET], CALM, now=late)
    assert not worth_a_remark(SAW, [STREET], CALM, now=SETTLE_S - 1)
    assert not worth_a_remark(SAW, [STREET], replace(CALM, free=False), now=late)
    assert not worth_a_remark(SAW, [STREET], replace(CALM, watched=False), now=late)
    again = replace(CALM, remarked_at=late)
    assert not worth_a_remark(SAW, [STREET], again, now=late + REMARK_AGAIN_S - 1)
    assert worth_a_remark(SAW, [STREET], again, now=late + REMARK_AGAIN_S)
