"""An answer that was begun early is kept where it answers what was said after all."""

from __future__ import annotations

import pytest

from pickled.brain.foresight import still_fits


@pytest.mark.parametrize(
    ("foreseen", "said", "fits"),
    [
        ("john what is that tower", "John, what is that tower?", True),
        ("John, what is that tower over there", "John, what is that old tower over there?", True),
        ("John, what is that old tower there", "John, what is that tower there?", True),
        ("John, what do you think", "John, what do you think now?", True),
        ("John, how old is the bridge", "John, how old is that bridge?", True),
        ("John what colour is it", "John, what color is it?", True),
        ("what is that, John", "so what is that, John", True),
        ("John what is that", "John, what is that tower?", False),
        ("John, do you like cats", "John, do you not like cats?", False),
        ("John, can you see it", "John, can't you see it?", False),
        ("John, go left", "John, go right", False),
        ("John, is it 5 euros", "John, is it 6 euros?", False),
        ("John, where is it", "John, what is it?", False),
        ("what is that tower over there", "John, what is that tower over there?", False),
        ("John, it rains", "John, does it rain?", False),
        ("John, where is the station", "John, what is that tower over there?", False),
        ("", "John?", False),
    ],
)
def test_still_fits(foreseen: str, said: str, fits: bool) -> None:
    """A word that says little may differ; a negation, a number or the one addressed may not."""
    assert still_fits(foreseen, said, names=("john",)) is fits
