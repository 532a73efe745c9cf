"""What was recognized: what is worth nothing is told from short words that mean something."""

from __future__ import annotations

import pytest

from pickled.brain.heard_text import joined, worth_hearing

NAMES = ("John", "pickled")


@pytest.mark.parametrize("text", ["", " ", "mhm", "Hm.", "uh", "ah eh", "Mm-hm", "tsk", "eh?", "…"])
def test_sound_that_means_nothing_is_dropped(text: str) -> None:
    """Less than five letters, and none of the words that count."""
    assert not worth_hearing(text, NAMES)


@pytest.mark.parametrize(
    "text",
    ["Stop!", "yes", "No.", "Ja", "sí", "JOHN?", "John", "quiet", "hello", "we are", "why?",
     "好的", "はい", "para", "OK"],
)  # fmt: skip
def test_short_word_that_means_something_is_kept(text: str) -> None:
    """A stop word, an answer, its name, five letters, and what has no alphabet."""
    assert worth_hearing(text, NAMES)


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("", "", ""),
        ("what is", "", "what is"),
        ("", "what is", "what is"),
        ("what is the", "weather like", "what is the weather like"),
        ("What is the weather", "the weather like?", "What is the weather like?"),
        ("what is the weather", "The weather, like", "what is the weather like"),
        ("what is the wea", "is the weather like", "what is the weather like"),
        ("what is the weather", "hat is the weather like", "what is the weather like"),
        ("no no", "no", "no no"),
        ("so we go", "we go", "so we go"),
    ],
)
def test_halves_of_a_turn_join(before: str, after: str, whole: str) -> None:
    """Words that were heard twice are there once, also where one is torn."""
    assert joined(before, after) == whole
