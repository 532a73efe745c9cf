"""What the streamer tells aloud answers a question only where there is little doubt."""

from __future__ import annotations

import pytest

from pickled.brain.choice.told import is_answered


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("what is that tower over there?", "this tower by the way is a lighthouse"),
        ("how old is the bridge?", "the bridge is from 1870"),
        ("where is the market?", "the market is over there by the river"),
        ("what song is this?", "this song is called Bluebird"),
        ("how far is it to the market?", "it's two kilometers to the market"),
        ("what camera do you use?", "the camera I use is a Sony"),
    ],
)
def test_question_is_answered_by_what_was_told(asked: str, said: str) -> None:
    """It names what was asked about, and says something of the kind that was asked for."""
    assert is_answered(asked, said)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("what is that tower?", "that tower is so tall"),
        ("what is that tower?", "look at the tower"),
        ("what is that tower over there?", "do you see the tower over there?"),
        ("how old is the bridge?", "the bridge is beautiful"),
        ("where is the market?", "the market was great"),
        ("do you like dogs?", "dogs are great animals"),
        ("what are the red ones?", "if I'm brave, the red ones"),
        ("hello everybody", "hello is a word"),
        ("what are you eating?", "this tower is a lighthouse"),
        ("what is that?", "that is a lighthouse"),
    ],
)
def test_question_is_not_answered_by_a_word_in_common(asked: str, said: str) -> None:
    """Better answered twice than never."""
    assert not is_answered(asked, said)


def test_who_called_the_co_host_needs_more_evidence() -> None:
    """They asked it and nobody else."""
    said = "the colour of the tower is a deep red"
    assert is_answered("what is that tower?", said)
    assert not is_answered("John, what is that tower?", said, called=True)
    assert is_answered("John, what is the colour of that tower?", said, called=True)
