"""Signs of listening, calls, and sentences that are not over."""

from __future__ import annotations

import pytest

from pickled.language.talk import (
    calls_others,
    is_asking,
    is_back_channel,
    is_unfinished,
    said_beside,
)


@pytest.mark.parametrize(
    ("text", "language", "listens"),
    [
        ("mhm", "en", True),
        ("Mhm, yeah!", "en", True),
        ("hahaha oh my god", "en", True),
        ("bwahaha", "en", True),
        ("right, exactly", "en", True),
        ("ja genau", "de", True),
        ("ja genau", "en", False),
        ("d'accord, oui", "fr", True),
        ("claro que sí", "es-MX", True),
        ("yeah but wait", "en", False),
        ("he says", "en", False),
        ("", "en", False),
    ],
)
def test_back_channel_is_told_in_the_personas_language(
    text: str, language: str, listens: bool
) -> None:
    """All of it has to be such a sign; English counts everywhere."""
    assert is_back_channel(text, language) is listens


def test_said_beside_leaves_what_is_meant() -> None:
    """What stands beside a sign of listening is what is said."""
    assert said_beside("yeah okay, hold the line haha") == ["hold", "the", "line"]


@pytest.mark.parametrize(
    ("text", "unfinished"),
    [
        ("I went to the", True),
        ("and then he said", True),
        ("it was so windy that", True),
        ("look at that", False),
        ("on Thursdays,", True),
        ("by the river", True),
        ("we are by the river", False),
        ("because it was raining", True),
        ("what is it for", False),
        ("where are we", False),
        ("did you know they", True),
        ("hey John", True),
        ("thank you for the raid", False),
        ("what is it for?", False),
    ],
)
def test_unfinished_by_its_shape(text: str, unfinished: bool) -> None:
    """Nobody ends with an article; a question may end with its preposition."""
    assert is_unfinished(text, names=("john",)) is unfinished


def test_calls_others_only_at_its_begin() -> None:
    """Who is called first is spoken to."""
    assert calls_others("so chat, what do we eat?")
    assert not calls_others("what does the whole chat think?")


def test_asking_by_mark_or_by_words() -> None:
    """Recognizers leave marks out."""
    assert is_asking("where are we")
    assert is_asking("Really?")
    assert not is_asking("we are there")
