"""It begins soon after the streamer's end, and hardly ever in a pause."""

from __future__ import annotations

import pytest

from pickled.brain.floor import BREATH_S, PAUSE_S, UNFINISHED_S, pause_after
from tests.brain.talking import NAMES, evening


@pytest.mark.parametrize("corpus", ["talk_dev.txt", "talk_seen.txt", "talk_heldout.txt"])
def test_talk_with_pauses_is_hardly_ever_broken_into(corpus: str) -> None:
    """At most 5 % of pauses of 0.2 to 1.5 s are taken for the end, which is found within 1.3 s."""
    begun = [each for seed in (1, 2, 3) for each in evening(corpus, seed=seed, times=8)]
    pauses, false = sum(each.pauses for each in begun), sum(each.false for each in begun)
    assert pauses > 600
    assert false <= 0.05 * pauses
    after = sorted(each.after_s for each in begun)
    assert after[int(0.9 * len(after))] <= 1.3 + 1e-6
    assert after[-1] <= 0.6 + UNFINISHED_S + 1e-6


@pytest.mark.parametrize(
    ("text", "to_us", "wait"),
    [
        ("John, what do you think?", True, 0.0),
        ("John, what do you think about", True, UNFINISHED_S),
        ("John", True, UNFINISHED_S),
        ("John, that is a fine hat", True, BREATH_S),
        ("we are nearly there", False, PAUSE_S),
        ("we are nearly", False, PAUSE_S),
        ("we went to the", False, UNFINISHED_S),
        ("so, um", False, UNFINISHED_S),
        ("if we are lucky", False, UNFINISHED_S),
        ("when do we eat?", False, PAUSE_S),
        ("mhm", False, PAUSE_S),
    ],
)
def test_pause_after_follows_the_shape_of_the_text(text: str, to_us: bool, wait: float) -> None:
    """A question is answered at once; what can't end there is waited for."""
    assert pause_after(text, to_us=to_us, names=NAMES) == wait
