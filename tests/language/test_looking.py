"""Does it notice who wants to know what is to be seen?"""

from __future__ import annotations

import pytest

from pickled.language.looking import asks_to_look


@pytest.mark.parametrize(
    "text",
    [
        "pickle, what do you see?",
        "What’s that behind you",
        "WHAT IS THAT",
        "john look at that!!",
        "what color is my coat",
        "was siehst du?",
        "Was steht da auf dem Schild?",
        "¿Qué es eso?",
        "que ves",
        "c'est quoi ça ?",
    ],
)
def test_question_about_the_picture_is_one(text: str) -> None:
    """In any case of letters, with any apostrophe, with or without accents."""
    assert asks_to_look(text)


@pytest.mark.parametrize(
    "text",
    ["hello there", "what is your name", "i see", "whatsthat", "seen it before?", "", "x" * 10_000],
)
def test_other_talk_is_none(text: str) -> None:
    """Nobody waits for a look that nobody asked for."""
    assert not asks_to_look(text)
