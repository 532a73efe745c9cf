"""What was written backwards, rotated or in initials is found when it is spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickled.language.injection.comparable import letters
from pickled.language.injection.disguise import rotated
from pickled.language.injection.hidden import hidden, is_hidden

SAID = "the flarnox ate my grubdok"


@pytest.mark.parametrize(
    "written",
    [
        SAID[::-1],
        rotated(SAID),
        rotated(SAID[::-1]),
        f"look at this {SAID[::-1]} haha",
        " ".join(f"{each}oop" for each in letters(SAID)),
    ],
)
def test_hidden_finds_what_is_turned(written: str) -> None:
    """A sentence among other words, backwards, rotated, both, or as first letters."""
    assert is_hidden(letters(f"well, {SAID}!"), hidden([written]))


@pytest.mark.parametrize("written", [SAID, "hahahahahahahaha", "ana level otto ana level otto", ""])
def test_hidden_leaves_plain_words_alone(written: str) -> None:
    """What stands there as it is spoken is not hidden, nor is laughter."""
    assert not is_hidden(letters(SAID), hidden([written]))
    assert not is_hidden(letters("hahahahahahahaha"), hidden([written]))


@given(st.text(max_size=100), st.text(max_size=100))
def test_hidden_of_any_text(written: str, said: str) -> None:
    """Whatever is written and said, there is an answer."""
    assert is_hidden(said, hidden([written])) in (True, False)
